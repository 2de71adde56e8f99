/** Ways in which whoever holds a valid receipt can change it. */
import type { Receipt } from '../../../shared/consent/receipt-file.ts'
import type { StepId } from '../../../shared/verify/verify.ts'
import type { Loose } from './tampered-proofs.ts'

type Tamper = (receipt: Loose<Receipt>, another: Receipt) => void

/** Changes with the step that must notice. `another` is a receipt of another event. */
export const tamperedReceipts: readonly (readonly [name: string, tamper: Tamper, step: StepId])[] = [
  ['another schema', (r) => Object.assign(r, { schemaVersion: 'x' }), 'form'],
  ['another event', (r) => Object.assign(r, { eventId: 'other' }), 'record'],
  ['another time', (r) => Object.assign(r.times, { recordedAt: '2026-11-22T12:00:00.001Z' }), 'record'],
  ['another verb', (r) => Object.assign(r.decisions[0] ?? {}, { verb: 'refused' }), 'record'],
  ['a decision more', (r) => r.decisions.push({ purposeId: 'x', verb: 'given', effect: 'yes' }), 'record'],
  ['a decision less', (r) => r.decisions.pop(), 'record'],
  ['another site', (r) => Object.assign(r, { site: 'app' }), 'record'],
  ['another link', (r) => Object.assign(r.link[0] ?? {}, { grade: 'served' }), 'record'],
  ['another assurance', (r) => Object.assign(r, { assurance: 'imported' }), 'record'],
  ['another pseudonym', (r) => Object.assign(r.record, { piiPrincipalId: 'x' }), 'record'],
  ['a disclosure less', (r) => r.disclosures.shift(), 'disclosures'],
  ['a disclosure altered', (r) => r.disclosures.splice(0, 1, `${r.disclosures[0]?.slice(0, -2)}AA`), 'disclosures'],
  ['another leaf', (r) => Object.assign(r, { leaf: r.leaf.replace('"v":1', '"v":2') }), 'leaves'],
  ['another controller', (r) => Object.assign(r, { controller: 'other' }), 'checkpoint'],
  [
    'a proof of another leaf',
    (r) => Object.assign(r, { tlogProof: r.tlogProof?.replace(/index \d+/, 'index 0') }),
    'inclusion',
  ],
  [
    'a promise of another leaf',
    (r, another) => Object.assign(r.inclusionPromise, { jws: another.inclusionPromise.jws }),
    'promise',
  ],
  [
    'a promise altered',
    (r) =>
      Object.assign(r.inclusionPromise, {
        jws: r.inclusionPromise.jws.replace(/.(?=.{20}$)/, (c: string) => (c === 'A' ? 'B' : 'A')),
      }),
    'promise',
  ],
  ['certificates swapped', (r) => r.inclusionPromise.certificates.reverse(), 'promise'],
]
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Every member of a JSON value, at any depth, as a path; and the value with that member changed, or taken away. */
export function* membersOf(value: Json, path: string[] = []): Generator<string[]> {
  if (value === null || typeof value !== 'object') return
  for (const [name, member] of Object.entries(value)) {
    yield [...path, name]
    yield* membersOf(member, [...path, name])
  }
}

export function altered(receipt: Receipt, path: readonly string[], how: 'changed' | 'gone'): Json {
  const copy = JSON.parse(JSON.stringify(receipt))
  const last = path.at(-1) ?? ''
  const parent = path.slice(0, -1).reduce((at, name) => at[name], copy)
  const old = parent[last]
  if (how === 'gone') Array.isArray(parent) ? parent.splice(Number(last), 1) : delete parent[last]
  else if (typeof old === 'string') parent[last] = `${old}x`
  else if (typeof old === 'boolean') parent[last] = !old
  else if (typeof old === 'number') parent[last] = old + 1
  else if (Array.isArray(old)) parent[last] = [...old, 'more']
  else parent[last] = { ...old, more: 'more' }
  return copy
}
