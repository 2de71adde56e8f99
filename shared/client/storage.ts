/**
 * The client's storage on the device: one item for each thing, under the site's own prefix, so that two tabs do not overwrite each
 * other's items. An item that the storage refuses (it is full, or blocked) is kept in memory and lives as long as the page.
 */

/** The part of `localStorage` that the client uses; apps pass in their own. Synchronous, so that a decision is stored at once. */
export interface ClientStorage {
  /** Returns the value of an item, or `null`. */
  getItem(key: string): string | null
  /** Stores an item. May throw: the client then keeps the item in memory. */
  setItem(key: string, value: string): void
  /** Deletes an item. */
  removeItem(key: string): void
  /** Returns all keys, including those of other programs. @default the own enumerable properties, as localStorage has them */
  keys?(): readonly string[]
}

/** The items under one prefix, each a JSON value. Never throws. An item that cannot be read counts as absent. */
export interface PrefixedStorage {
  read<T>(name: string): T | undefined
  write(name: string, value: unknown): void
  delete(name: string): void
  /** The names that begin with `start`, without it. */
  names(start: string): readonly string[]
}

/** The browser's localStorage; `undefined` where there is none or the page may not use it. */
export function browserStorage(): ClientStorage | undefined {
  return attempt(() => localStorage)
}

export function openPrefixedStorage(storage: ClientStorage | undefined, prefix: string): PrefixedStorage {
  // All clients of a page share this memory, also those of two bundles, so that a withdrawal in one holds in the others. It is a property
  // of the document. A server has no document, and its clients are of different persons.
  const page = attempt(() => document as object as Record<string, Map<string, string>>) ?? {}
  page[prefix] ??= new Map()
  const memory = page[prefix]
  return {
    read: (name) => attempt(() => JSON.parse(memory.get(prefix + name) ?? storage?.getItem(prefix + name) ?? '')),
    write(name, value) {
      const json = JSON.stringify(value)
      memory.set(prefix + name, json)
      // Also throws where there is no storage. The item then stays in memory.
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

/** Returns the value, or `undefined` after an error, which is passed to `onError`. */
export function attempt<T>(make: () => T, onError?: (error: unknown) => void): T | undefined {
  try {
    return make()
  } catch (error) {
    onError?.(error)
    return undefined
  }
}
