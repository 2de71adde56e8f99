/**
 * `@consent-ledger/client/async-storage`: the client's storage in an app, over React Native's AsyncStorage or one with the same methods.
 *
 * The client reads and writes synchronously, so all of its items are read before it opens. What it writes can be read at once, and reaches
 * the device a moment later, in the order of the writes.
 */
import type { ClientStorage } from '../storage.ts'

/** The methods of AsyncStorage that are used here. */
export interface AsyncStorage {
  /** Returns all keys. */
  getAllKeys(): Promise<readonly string[]>
  /** Returns the value of an item, or `null`. */
  getItem(key: string): Promise<string | null>
  /** Stores an item. */
  setItem(key: string, value: string): Promise<unknown>
  /** Deletes an item. */
  removeItem(key: string): Promise<unknown>
}

const prefix = 'consent-ledger:'

/**
 * Reads the client's items from the device. Rejects if that fails, because a client that started without its device secret would speak for
 * another person.
 *
 * @returns the option `storage` of `openConsent`
 * @example
 * const consent = openConsent({ url, key, channel: 'app', storage: await loadAsyncStorage(AsyncStorage), randomBytes })
 */
export async function loadAsyncStorage(storage: AsyncStorage): Promise<ClientStorage> {
  const keys = (await storage.getAllKeys()).filter((key) => key.startsWith(prefix))
  const items = new Map<string, string>()
  for (const [key, value] of await Promise.all(keys.map(async (key) => [key, await storage.getItem(key)] as const)))
    if (value !== null) items.set(key, value)

  let last: Promise<unknown> = Promise.resolve()
  /** A failed write is not tried again: the item then lives as long as the app. */
  const write = (change: () => Promise<unknown>) => {
    last = last.then(change).catch(() => {})
  }
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, value)
      write(() => storage.setItem(key, value))
    },
    removeItem(key) {
      items.delete(key)
      write(() => storage.removeItem(key))
    },
    keys: () => [...items.keys()],
  }
}
