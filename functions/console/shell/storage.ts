/**
 * The browser's storages (https://html.spec.whatwg.org/multipage/webstorage.html). A browser in which the reader forbids them throws at their
 * mention, and a full one when something is written; pages that need none have to work all the same.
 */
type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Takes the place of a storage that is forbidden: it is empty and stays so. */
const noStorage: TextStorage = {
  getItem: () => null,
  setItem: () => {
    throw new Error('this browser does not let the page keep anything')
  },
  removeItem: () => {},
}

/** Ends with the tab. Its `setItem` throws when nothing can be kept. */
export const tabStorage = (): TextStorage => storageOf(() => sessionStorage)

/** Stays until the reader clears it. Its `setItem` throws when nothing can be kept. */
export const browserStorage = (): TextStorage => storageOf(() => localStorage)

function storageOf(open: () => Storage): TextStorage {
  try {
    return open()
  } catch {
    return noStorage
  }
}

/** @returns whether it was stored: the storage may be forbidden or full */
export function storeIn(storage: TextStorage, name: string, text: string): boolean {
  try {
    storage.setItem(name, text)
    return true
  } catch {
    return false
  }
}
