/** The secrets of a controller, as the item of its creation and the changes of its keys since (`change-keys.ts`) have them, wrapped by the keyring. */
import { type ControllerSecrets, readControllerSecrets } from '../derived-keys.ts'
import type { Clock, Item } from '../store.ts'

/** Sort keys of changes of keys begin with this; the number of the change follows. */
export const keysPrefix = 'keys#'

/**
 * @param created the item of the controller
 * @param changes items of its changes of keys, in any order
 * @param unwrap returns what the keyring wrapped in attribute `secrets` of an item
 * @throws `keys-unreadable` when a change is missing or cannot be read; what `unwrap` throws
 */
export async function controllerSecrets(
  created: Item,
  changes: readonly Item[],
  unwrap: (item: Item) => Promise<Uint8Array>,
  clock: Clock,
): Promise<ControllerSecrets> {
  const secrets = readControllerSecrets(await unwrap(created))
  if (changes.length === 0) return secrets
  const unwrapped = await Promise.all(
    changes.map(async (item) => ({
      number: Number(item.sk.slice(keysPrefix.length)),
      record: String(item.values.record),
      keys: item.values.secrets === undefined ? new Uint8Array() : await unwrap(item),
    })),
  )
  // Loaded only here, because what a function loads at its start has a budget, and most controllers have no change.
  return (await import('./replaced-keys.ts')).withChanges(secrets, unwrapped, clock)
}
