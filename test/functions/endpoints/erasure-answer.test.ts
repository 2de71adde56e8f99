/** The answer to an erasure, wherever the vault is: held against its schema, and naming nobody. */
import { expect, it } from 'vitest'
import { erasureAnswer } from '../../../functions/endpoints/erasures.ts'
import { erasure } from '../../../shared/api/schemas/erasures.ts'
import { type DeletedRowCopies, vaultRecoveryDays } from '../../../shared/ledger/ledger.ts'

const erasedAt = '2026-11-28T12:00:00.000Z'
const reason = { ground: 'order', scope: 'subject' } as const

it.each<[DeletedRowCopies, string | undefined]>([
  [{ in: 'recovery', days: vaultRecoveryDays }, '2026-11-29T12:00:00.000Z'],
  [{ in: 'file' }, undefined],
  [{ in: 'unknown' }, undefined],
])('is pending in %j until %s', (residue, until) => {
  for (const subjects of [0, 1, 2]) {
    const answer = erasureAnswer(
      'acme',
      reason,
      { erasedAt, subjects, events: 3 * subjects, held: [] },
      residue,
      false,
      true,
    )
    expect(erasure.parse(answer)).toEqual(answer)
    expect(answer.outcome).toBe(subjects === 0 ? 'nothing-found' : 'erased')
    expect([answer.pending.in, answer.pending.until]).toEqual([residue.in, until])
    expect(answer.copies.map(({ holders }) => holders)).toEqual(['known', 'unknown', 'harmless'])
    const older = erasureAnswer(
      'acme',
      reason,
      { erasedAt, subjects, events: 3 * subjects, held: [] },
      residue,
      true,
      true,
    )
    expect(erasure.parse(older)).toEqual(older)
    expect(older.copies.map(({ copy }) => copy)).toEqual(['receipts', 'audit-reads', 'earlier-reads', 'log-mirrors'])
  }
})
