/** Object storage that cannot be reached under some names. */
import { LedgerError } from '../../shared/errors.ts'
import type { Objects } from '../../shared/ledger/store.ts'

/** @param isUnreachable asked at each call, so that a test can change its mind */
export function failingObjects(objects: Objects, isUnreachable: (name: string) => boolean): Objects {
  const check = async (name: string) => {
    if (isUnreachable(name)) throw new LedgerError('unavailable', 'as scripted')
  }
  return {
    put: async (name, bytes) => check(name).then(() => objects.put(name, bytes)),
    get: async (name) => check(name).then(() => objects.get(name)),
    first: async (name) => check(name).then(() => objects.first(name)),
    readServed: async (name) => check(name).then(() => objects.readServed(name)),
    replaceServed: async (name, bytes, tag) => check(name).then(() => objects.replaceServed(name, bytes, tag)),
  }
}
