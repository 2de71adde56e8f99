/**
 * What the client keeps on the device: one item for each thing, under the site's own prefix, so that tabs never overwrite what
 * another wrote. What a storage refuses (it is full, or blocked) is kept in memory instead and lives as long as the page.
 */

/** What `localStorage` is, and what an app passes in. Synchronous, so that a click is kept before anything else can happen. */
export interface ClientStorage {
  getItem(key: string): string | null
  /** May throw. */
  setItem(key: string, value: string): void
  removeItem(key: string): void
  /** Every key there is; others' too. @default the own enumerable properties, as localStorage has them */
  keys?(): readonly string[]
}

/** The items under one prefix, each a JSON value. Never throws; what cannot be read is not there. */
export interface PrefixedStorage {
  read<T>(name: string): T | undefined
  write(name: string, value: unknown): void
  delete(name: string): void
  /** What follows `start` in the names that begin with it. */
  names(start: string): readonly string[]
}

/** The browser's own; `undefined` where there is none or the page may not use it. */
export function browserStorage(): ClientStorage | undefined {
  return attempt(() => localStorage)
}

export function openPrefixedStorage(storage: ClientStorage | undefined, prefix: string): PrefixedStorage {
  // All clients of a page share it, also those of two bundles, so that a withdrawal in one holds in the others. It is a property of the
  // document, which a server does not have: there each client is another person's.
  const page = attempt(() => document as object as Record<string, Map<string, string>>) ?? {}
  page[prefix] ??= new Map()
  const memory = page[prefix]
  return {
    read: (name) => attempt(() => JSON.parse(memory.get(prefix + name) ?? storage?.getItem(prefix + name) ?? '')),
    write(name, value) {
      const json = JSON.stringify(value)
      memory.set(prefix + name, json)
      // This also throws where there is no storage. The item then stays in memory.
      attempt(() => {
        ;(storage as ClientStorage).setItem(prefix + name, json)
        memory.delete(prefix + name)
      })
    },
    delete(name) {
      memory.delete(prefix + name)
      attempt(() => storage?.removeItem(prefix + name))
    },
    names: (start) => {
      const stored = attempt(() => storage?.keys?.() ?? Object.keys(storage as ClientStorage)) ?? []
      return [...new Set([...memory.keys(), ...stored])]
        .filter((key) => key.startsWith(prefix + start))
        .map((key) => key.slice((prefix + start).length))
    },
  }
}

/** The value, or `undefined` after an error, which is passed to `onError`. */
export function attempt<T>(make: () => T, onError?: (error: unknown) => void): T | undefined {
  try {
    return make()
  } catch (error) {
    onError?.(error)
    return undefined
  }
}
