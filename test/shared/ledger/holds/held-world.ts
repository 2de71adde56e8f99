/** A ledger with people of whom one is held, ways to damage an item of it, and what must then still be kept. */
import { expect } from 'vitest'
import type { Attribute, Item } from '../../../../shared/ledger/store.ts'
import { holdsKeyIn } from '../../../../shared/ledger/vault/vault-rows.ts'
import {
  type Bench,
  bench,
  checks,
  entriesIn,
  erase,
  kim,
  lo,
  retain,
  rowsOf,
  said,
} from '../../../support/lapsing-ledger.ts'

export const farFuture = '2040-01-01T00:00:00.000Z'
export const onStatistics = { kind: 'purpose', purposeId: 'statistics' } as const

/** Kim has two years, the first of which is that of a statistics decision. Lo has one, and nothing protects it. */
export async function world(): Promise<Bench> {
  const b = await bench()
  await said(b, kim, '2024-06-15T10:20:00.000Z', 'statistics')
  await said(b, kim, '2025-06-15T10:20:00.000Z')
  await said(b, lo, '2024-06-15T10:20:00.000Z')
  return b
}

export type Damage = (item: Item, b: Bench) => Item | Promise<Item>
export const withValue = (item: Item, name: string, value: Attribute | undefined): Item => {
  const { [name]: _, ...others } = item.values
  return { ...item, values: value === undefined ? others : { ...others, [name]: value } }
}
export const bytesOf = (item: Item, name: string) => {
  const bytes = item.values[name]
  if (!(bytes instanceof Uint8Array)) throw new Error(`no bytes ${name}`)
  return bytes
}
export const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** Ways in which a sealed or wrapped value can be damaged. */
export const damages = (name: string): [string, Damage][] => [
  ['is missing', (item) => withValue(item, name, undefined)],
  ['is a text', (item) => withValue(item, name, 'text')],
  ['is a number', (item) => withValue(item, name, 7)],
  ['is empty', (item) => withValue(item, name, new Uint8Array())],
  ['has a flipped bit', (item) => withValue(item, name, flipped(bytesOf(item, name), 30))],
  ['has another first byte', (item) => withValue(item, name, flipped(bytesOf(item, name), 0))],
  ['is cut', (item) => withValue(item, name, bytesOf(item, name).subarray(0, 20))],
]

export async function only(b: Bench, pk: string, prefix = ''): Promise<Item> {
  const found = (await entriesIn(b, pk)).filter(({ sk }) => sk.startsWith(prefix))
  expect(found).toHaveLength(1)
  return found[0] as Item
}

export async function subjectOf(b: Bench, identity = kim) {
  const row = (await rowsOf(b, identity)).find(({ sk }) => sk === 'subject')
  const subject = row && holdsKeyIn(b.scope, row)
  if (subject === undefined) throw new Error('nobody')
  return subject
}

export const keysOf = async (b: Bench, names: readonly string[]) =>
  (await rowsOf(b)).flatMap(({ sk, values }) =>
    names.filter((name) => values[name] !== undefined).map((n) => `${sk} ${n}`),
  )

/** Neither an erasure nor retention takes one of these keys; retention takes all of Lo's, and the self-audit says that something is wrong. */
export async function expectKept(b: Bench, kept: readonly string[], reported = true): Promise<void> {
  const refused = await erase(b).then(
    ({ held }) => (held.length > 0 ? 'held' : 'erased'),
    (error: { code?: string }) => error.code,
  )
  expect(['held', 'keys-unreadable']).toContain(refused)
  await retain(b, farFuture)
  expect(await keysOf(b, ['proof', 'sub'])).toEqual(expect.arrayContaining([...kept]))
  expect(await rowsOf(b, lo)).toEqual([])
  if (reported) expect((await checks(b)).some((check) => check.endsWith('error'))).toBe(true)
}

export const all = ['subject proof', 'subject sub', 'year#2025 proof']
