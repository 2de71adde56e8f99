/** What a tool's record says, in our purposes: a yes is never made stronger, and a no never weaker. */
import { expect, it } from 'vitest'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import type { SourceRecord } from '../../../shared/imports/source-record.ts'
import { eventOf } from '../../../shared/imports/to-event.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'

const source: SourceRecord = {
  ...{ originId: '1', identifier: { type: 'visitor', id: 'u1' }, occurredAt: '2025-03-04T12:30:00.000Z' },
  decisions: [{ purpose: 'analytics', verb: 'given' }],
  refusesOthers: true,
}

async function decisionsOf(purposes: ImportDraft['purposes']) {
  const draft: ImportDraft = {
    ...{ importId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11', system: 'c15t', site: 'web', format: 'c15t', files: [] },
    purposes,
  }
  const snapshot = await seeded(memoryLedger('2026-11-22T10:00:00.000Z'))
  const { event } = await eventOf(source, { draft, snapshot, now: Date.parse('2026-11-22T10:00:00.000Z') }, 1)
  return event.decisions.map(({ purposeId, verb }) => [purposeId, verb])
}

it.each<[string, ImportDraft['purposes'], [string, string][]]>([
  ['one name to one purpose', { analytics: 'newsletter' }, [['newsletter', 'given']]],
  [
    'another name',
    { analytics: 'newsletter', ads: 'offers' },
    [
      ['newsletter', 'given'],
      ['offers', 'refused'],
    ],
  ],
  ['two names to one purpose', { analytics: 'newsletter', performance: 'newsletter' }, [['newsletter', 'refused']]],
  ['a name that is left out', { analytics: 'newsletter', performance: null }, [['newsletter', 'given']]],
])('%s', async (_, purposes, expected) => {
  expect(await decisionsOf(purposes)).toEqual(expected)
})
