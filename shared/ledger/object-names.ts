/**
 * Names of objects, for every implementation of the `Objects` port.
 *
 *   name      segments of `[A-Za-z0-9._-]` between slashes, at least two; no segment begins with a dot
 *   served/   copies for static serving
 *   audit/    the position of the self-audit. Names below these two are the only ones that may be replaced, and are never written once
 *
 * Names are made by the ledger, never taken from a request, so a malformed name is a bug (`internal`).
 */
import { LedgerError } from '../errors.ts'

const wellFormed = /^[a-z0-9-]+(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/
const wellFormedFolder = /^[a-z0-9-]+\/([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/
const replaced = ['served/', 'audit/']

export function checkObjectName(name: string): void {
  if (!wellFormed.test(name)) throw mistake('not the name of an object', name)
}

export function checkObjectFolder(prefix: string): void {
  if (!wellFormedFolder.test(prefix)) throw mistake('not the name of a folder of objects', prefix)
}

export function checkWriteOnceName(name: string): void {
  checkObjectName(name)
  if (isReplacedObject(name))
    throw mistake('what is served is replaced, and not the name of an object to write once', name)
}

export function checkServedName(name: string): void {
  checkObjectName(name)
  if (!isReplacedObject(name)) throw mistake(`not the name of an object that may be replaced`, name)
}

/** Whether an object of this name may be replaced, or a folder holds such objects. */
export function isReplacedObject(name: string): boolean {
  return replaced.some((folder) => name.startsWith(folder))
}

function mistake(message: string, given: string): LedgerError {
  return new LedgerError('internal', message, { given, allowed: wellFormed.source })
}
