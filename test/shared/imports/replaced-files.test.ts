/** A file that is replaced while an import reads it: what is there then is not the rest of what was read, so its rest is refused by name. */
import { expect, it } from 'vitest'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import {
  addImportState,
  askImport,
  filesOf,
  latestImportState,
  queuedState,
} from '../../../shared/imports/import-state.ts'
import { runImport } from '../../../shared/imports/run-import.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { memoryLedger, seeded } from '../../support/memory-ledger.ts'

const importId = '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11'
const due = { controller: 'acme', importId }
const lines = (first: number) =>
  Array.from({ length: 6 }, (_, n) => {
    const consents = { purposes: [{ id: 'newsletter', enabled: true }] }
    const user = { organization_user_id: `u${first + n}` }
    return JSON.stringify({ id: `e${first + n}`, created_at: '2025-03-04T12:30:00Z', user, consents })
  })
const text = (first: number) => Buffer.from(`${lines(first).join('\n')}\n`)

it('the rest of a file that was replaced between two runs is refused, and the next file is read', async () => {
  const ledger = memoryLedger('2026-11-22T10:00:00.000Z')
  const files = memoryFiles()
  const named = ['a.ndjson', 'b.ndjson'].map((name) => ({ name, bytes: text(0).length }))
  const draft: ImportDraft = { importId, system: 'didomi', site: 'web', format: 'didomi', files: named }
  await askImport(ledger, await seeded(ledger), draft, { issuer: 'urn:test', subject: 'anna' })
  const { upload, report } = filesOf('acme', importId)
  files.stored.set(upload(0), text(0)).set(upload(1), text(10))
  const latest = await latestImportState(ledger.entries, 'acme', importId)
  if (latest === undefined) throw new Error('it was asked for')
  const state = queuedState(latest.state, false, '2026-11-22T10:00:00.000Z')
  await addImportState(ledger.entries, 'acme', importId, { number: latest.number + 1, state })
  const worker = { ledger, files, silentMs: 0, chunkLength: 4 }
  expect((await runImport({ ...worker, goesOn: () => false }, due)).ended).toBe('paused')
  files.stored.set(upload(0), text(20))
  expect((await runImport({ ...worker, goesOn: () => true }, due)).ended).toBe('finished')
  const ended = (await latestImportState(ledger.entries, 'acme', importId))?.state
  const counters = { records: 11, accepted: 10, skipped: 0, rejected: 1 }
  expect(ended).toMatchObject({ state: 'done', counters, errors: { 'file-replaced': 1 } })
  expect(String(files.stored.get(report))).toMatch(/\r\na\.ndjson,\d+,file-replaced,/)
})
