/**
 * `@consent-ledger/client/async-storage`: an app's storage for the client, over React Native's AsyncStorage or what works like it.
 *
 *     const consent = openConsent({ url, key, channel: 'app', storage: await loadAsyncStorage(AsyncStorage), randomBytes })
 *
 * The client reads and writes at once, so all of its items are read before it opens; what it writes is there at once, and on the device
 * a moment later. Writes land in the order in which they were made.
 */
import type { ClientStorage } from '../storage.ts'

export interface AsyncStorage {
  getAllKeys(): Promise<readonly string[]>
  getItem(key: string): Promise<string | null>
  setItem(key: string, value: string): Promise<unknown>
  removeItem(key: string): Promise<unknown>
}

const prefix = 'consent-ledger:'

/** Rejects when the storage cannot be read: a client that starts without its device secret would speak for another person. */
export async function loadAsyncStorage(storage: AsyncStorage): Promise<ClientStorage> {
  const keys = (await storage.getAllKeys()).filter((key) => key.startsWith(prefix))
  const items = new Map<string, string>()
  for (const [key, value] of await Promise.all(keys.map(async (key) => [key, await storage.getItem(key)] as const)))
    if (value !== null) items.set(key, value)

  let last: Promise<unknown> = Promise.resolve()
  /** One that fails is not tried again; the item lives as long as the app does. */
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
