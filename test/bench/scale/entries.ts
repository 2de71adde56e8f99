/** Entries as long as those of a visit, made of nothing but their number, so that none need be stored. */
import { hash } from 'node:crypto'
import type { Key } from '../../../shared/ledger/store.ts'

export interface ModelEntry {
  readonly key: Key
  readonly leaf: string
  /** When it is inserted, in simulated milliseconds. */
  readonly at: number
}

/** A leaf of an event with three decisions: ten digests. */
const digests = Array.from({ length: 10 }, (_, i) => hash('sha256', `disclosure ${i}`, 'base64url'))

export function modelEntry(controller: string, n: number, at = 0): ModelEntry {
  const subject = hash('sha256', `subject ${n}`, 'base64url')
  return {
    at,
    key: { pk: `${controller}#${subject}`, sk: `event#${subject.slice(-22)}` },
    leaf: JSON.stringify({ _sd: digests, _sd_alg: 'sha-256', kind: 'event', sub: subject, v: 1 }),
  }
}
