/** The id that a tool gave a record counts within a person: the ledger has no list of ids over all of them. */
import { expect, it } from 'vitest'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import { didomiRecord } from '../../../shared/imports/didomi.ts'
import { recordChunk } from '../../../shared/imports/record-chunk.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'

const row = (id: string, person: string, enabled: boolean) => ({
  line: 1,
  fields: {
    ...{ id, created_at: '2025-03-04T12:30:00Z', user: { organization_user_id: person } },
    consents: { purposes: [{ id: 'newsletter', enabled }] },
  },
})

it('one id under two people is an event of each, in one import or two; other content for one of them is a conflict', async () => {
  const ledger = memoryLedger('2026-11-22T10:00:00.000Z')
  const snapshot = await seeded(ledger)
  const imported = async (importId: string, ...rows: ReturnType<typeof row>[]) => {
    const draft: ImportDraft = { importId, system: 'didomi', site: 'web', format: 'didomi', files: [] }
    const context = { draft, snapshot, now: ledger.clock() }
    const chunk = await recordChunk(ledger, context, rows, { first: 0, read: didomiRecord, isDry: false })
    return [chunk.accepted, chunk.skipped, chunk.rejected.map(({ reason }) => reason)]
  }
  const [first, second] = ['2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11', '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a12']
  expect(await imported(first, row('a', 'ada', true), row('a', 'bo', true))).toEqual([2, 0, []])
  expect(await imported(second, row('a', 'cy', true))).toEqual([1, 0, []])
  expect(await imported(second, row('a', 'bo', true), row('a', 'ada', false))).toEqual([0, 1, ['conflict']])
})
