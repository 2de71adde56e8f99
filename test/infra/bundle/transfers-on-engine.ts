/** Steps of `on-engine.ts`: an import and an export, with their files at presigned URLs. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { BundledLedger } from '../../support/bundled-ledger.ts'
import { bySchedule } from '../../support/scheduled-run.ts'

const path = { controller: 'acme' }

/** @param opened the ledger, once it is open */
export function transfersOnEngine(
  opened: () => BundledLedger,
  bearer: (scope: string) => Promise<Record<string, string>>,
): void {
  it('an import is uploaded to its URL and carried out, and its events get their place', async () => {
    const ledger = opened()
    const headers = await bearer('consent.import')
    const importId = randomUUID()
    const consents = { purposes: [{ id: 'newsletter', enabled: false }] }
    const text = JSON.stringify({ id: 'e1', created_at: '2025-03-04T12:30:00Z', user: { id: 'u1' }, consents })
    const files = [{ name: 'a.ndjson', bytes: text.length }]
    const draft = { importId, system: 'didomi', site: 'web', format: 'didomi', files }
    const asked = await ledger.call('administer', 'makeImport', { path, headers, body: draft }, 202)
    expect((await fetch(asked.files[0].upload.url, { method: 'PUT', body: text })).status).toBe(200)
    const named = { ...path, importId }
    await ledger.call('administer', 'startImport', { path: named, headers, body: {} }, 202)
    const { result } = await ledger.invoke('import', bySchedule)
    const changes = [{ change: 'records-imported', count: 1, controller: 'acme' }]
    expect(result).toMatchObject({ outcome: 'done', changes })
    const done = await ledger.call('administer', 'getImport', { path: named, headers })
    expect(done).toMatchObject({ state: 'done', counters: { records: 1, accepted: 1, skipped: 0, rejected: 0 } })
    await ledger.invoke('sequence', await ledger.announced())
  })

  it('an export is asked for and carried out, and its file is at its URL', async () => {
    const ledger = opened()
    const headers = await bearer('consent.export')
    const draft = {
      exportId: randomUUID(),
      what: 'events',
      format: 'ndjson',
      compression: 'none',
      identifiers: 'none',
    }
    await ledger.call('audit', 'makeExport', { path, headers, body: draft }, 202)
    await ledger.invoke('sequence', await ledger.announced())
    const { result } = await ledger.invoke('export', bySchedule)
    expect(result).toMatchObject({ outcome: 'done' })
    const named = { ...path, exportId: draft.exportId }
    const { state, rows, parts } = await ledger.call('audit', 'getExport', { path: named, headers })
    expect(state).toBe('done')
    const written = await (await fetch(parts[0].download.url)).text()
    expect(written.trim().split('\n')).toHaveLength(rows)
  })
}
