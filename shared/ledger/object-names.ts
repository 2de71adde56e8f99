/**
 * Names of objects, for every implementation of the `Objects` port.
 *
 *   name      segments of `[A-Za-z0-9._-]` between slashes, at least two; no segment begins with a dot
 *   served/   copies for static serving: the only names that may be replaced, and never written once
 *
 * Names are made by the ledger, never taken from a request, so a malformed name is a bug (`internal`).
 */
import { LedgerError } from '../errors.ts'

const wellFormed = /^[a-z0-9-]+(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/
const wellFormedFolder = /^[a-z0-9-]+\/([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/
const served = 'served/'

export function checkObjectName(name: string): void {
  if (!wellFormed.test(name)) throw mistake('not the name of an object', name)
}

export function checkObjectFolder(prefix: string): void {
  if (!wellFormedFolder.test(prefix)) throw mistake('not the name of a folder of objects', prefix)
}

export function checkWriteOnceName(name: string): void {
  checkObjectName(name)
  if (isServedObject(name))
    throw mistake('what is served is replaced, and not the name of an object to write once', name)
}

export function checkServedName(name: string): void {
  checkObjectName(name)
  if (!isServedObject(name)) throw mistake(`not the name of an object that may be replaced`, name)
}

/** Whether an object or folder of this name holds copies that may be replaced. */
export function isServedObject(name: string): boolean {
  return name.startsWith(served)
}

function mistake(message: string, given: string): LedgerError {
  return new LedgerError('internal', message, { given, allowed: wellFormed.source })
}
