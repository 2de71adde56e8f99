/** A line that does not end holds no import up: a run that is to end, and a person who cancels, need not wait for it. */
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
const piece = Buffer.alloc(64 * 1024, 'x')

/** An import of one line that never ends; each of its pieces takes a tenth of a second. */
async function endless(more: { readonly onPiece?: (piece: number) => unknown; readonly goesOn?: () => boolean }) {
  let now = Date.parse('2026-11-22T10:00:00.000Z')
  const ledger = memoryLedger(new Date(now).toISOString())
  const snapshot = await seeded(ledger)
  const files = [{ name: 'a.ndjson', bytes: 1 }]
  const draft: ImportDraft = { importId, system: 'didomi', site: 'web', format: 'didomi', files }
  await askImport(ledger, snapshot, draft, { issuer: 'urn:test', subject: 'anna' })
  const add = async (state: 'queued' | 'cancelled') => {
    const latest = await latestImportState(ledger.entries, 'acme', importId)
    if (latest === undefined) throw new Error('it was asked for')
    const next = { ...queuedState(latest.state, false, new Date(now).toISOString()), state }
    await addImportState(ledger.entries, 'acme', importId, { number: latest.number + 1, state: next })
  }
  await add('queued')
  let pieces = 0
  async function* read(name: string) {
    expect(name).toBe(filesOf('acme', importId).upload(0))
    for (; pieces < 1_000; pieces++) {
      now += 100
      ledger.setNow(new Date(now).toISOString())
      if (more.onPiece?.(pieces) === 'cancel') await add('cancelled')
      yield piece
    }
  }
  const { goesOn = () => true } = more
  const { ended } = await runImport({ ledger, files: { ...memoryFiles(), read }, goesOn, silentMs: 0 }, due)
  return { ended, pieces }
}

it('a run that is to end puts it down within a second', async () => {
  let isOver = false
  const { ended, pieces } = await endless({
    onPiece: (number) => {
      isOver = number >= 25
    },
    goesOn: () => !isOver,
  })
  expect(ended).toBe('paused')
  expect(pieces).toBeLessThan(40)
})

it('a person who cancels ends it within a second', async () => {
  const { ended, pieces } = await endless({ onPiece: (number) => (number === 25 ? 'cancel' : undefined) })
  expect(ended).toBe('overtaken')
  expect(pieces).toBeLessThan(40)
})
