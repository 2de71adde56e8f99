/**
 * The browser's storages (https://html.spec.whatwg.org/multipage/webstorage.html). A browser in which the reader forbids them throws at their
 * mention, and a full one when something is written; pages that need none have to work all the same.
 */
type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Forgets everything at once. */
const nothing: Kept = {
  getItem: () => null,
  setItem: () => {
    throw new Error('this browser does not let the page keep anything')
  },
  removeItem: () => {},
}

/** Ends with the tab. Its `setItem` throws when nothing can be kept. */
export const tabStorage = (): Kept => storageOf(() => sessionStorage)

/** Stays until the reader clears it. Its `setItem` throws when nothing can be kept. */
export const browserStorage = (): Kept => storageOf(() => localStorage)

function storageOf(open: () => Storage): Kept {
  try {
    return open()
  } catch {
    return nothing
  }
}

/** @returns whether there was room for it */
export function keptIn(storage: Kept, name: string, text: string): boolean {
  try {
    storage.setItem(name, text)
    return true
  } catch {
    return false
  }
}
