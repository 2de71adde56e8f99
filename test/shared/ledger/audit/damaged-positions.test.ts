/** A position that was changed anywhere or cut off is refused, so the audit begins anew instead of going on from a wrong state. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { decodePosition, encodePosition } from '../../../../shared/ledger/audit/audit-position.ts'
import { newPass } from '../../../../shared/ledger/audit/pass-state.ts'

const random = (count: number) =>
  new Uint8Array(createHash('shake256', { outputLength: count }).update('seed').digest())

function position() {
  const pass = newPass(Date.parse('2026-11-22T10:00:00.000Z'), random, 3)
  pass.slices = 50
  pass.walk = { slice: 12, after: { pk: 'acme#somebody', sk: 'event#1' } }
  for (let n = 0; n < 40; n++) pass.subjects.add(`acme#${n}`)
  pass.holders.set('acme#reader', 4)
  return { share: pass, isWalked: false, findings: { 'acme index-missing': 2 } }
}

it('a position is read as it was stored, and refused once a bit of it is another', () => {
  const bytes = encodePosition(position())
  expect(encodePosition(decodePosition<object>(bytes))).toEqual(bytes)
  const taken: number[] = []
  for (let at = 0; at < bytes.length; at += 1 + Math.floor(bytes.length / 400)) {
    const damaged = Uint8Array.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
    try {
      decodePosition(damaged)
      taken.push(at)
    } catch {}
  }
  expect(taken).toEqual([])
  for (const end of [0, 1, 31, 32, 33, bytes.length - 1]) expect(() => decodePosition(bytes.slice(0, end))).toThrow()
})
