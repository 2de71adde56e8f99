/** What an export gives: each row once, in the order of the log, whatever crashes; the same in every format; and a manifest that adds up. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ExportDraft } from '../../../shared/api/schemas/exports.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { cancelExport, dueExports, latestExportState } from '../../../shared/exports/export-state.ts'
import { runExport } from '../../../shared/exports/run-export.ts'
import { eraseSubject } from '../../../shared/ledger/erasure/erase-subject.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { memoryEraser } from '../../support/memory-vault.ts'
import { eventsEach, openDrill, openSmallDrill, subjectCount } from '../ledger/audit/drill.ts'
import { identityOf, newestSize } from '../ledger/audit/drill-items.ts'
import { ask, bytesOf, carryOut, draftOf, folderOf, manifestOf, rowsOf, workerOn } from './exported.ts'

const all = subjectCount * eventsEach

describe('an export of events', () => {
  it('has each event once, with its leaf, and a manifest that accounts for each leaf', async () => {
    const drill = await openDrill()
    const worker = workerOn(drill, { maxLeaves: 70 })
    const name = await ask(drill, draftOf())
    expect(await carryOut(worker, name)).toBe('done')
    const rows = await rowsOf(worker, name)
    const indexes = rows.map(({ leafIndex }) => Number(leafIndex))
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
    expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(all)
    expect(rows[0]).toMatchObject({ identity: { type: 'device' }, decisions: [{ verb: 'given' }], site: 'web' })
    const manifest = await manifestOf(worker, name)
    const size = await newestSize(drill)
    expect(manifest).toMatchObject({ rows: all, log: { from: 0, to: size }, leaves: { exported: all, erased: 0 } })
    expect(manifest.pieces.length).toBeGreaterThan(4)
    let position = 0
    for (const { from, to, leaves, part } of manifest.pieces) {
      expect([from, Object.values(leaves).reduce((sum, n) => sum + n, 0)]).toEqual([position, to - from])
      position = to
      if (part === undefined) continue
      const bytes = await bytesOf(worker, folderOf(name) + part.name)
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([part.bytes, part.sha256])
    }
    expect(position).toBe(size)
  })

  it.each<[string, Partial<ExportDraft>]>([
    ['ndjson, zstd', { compression: 'zstd' }],
    ['ndjson, as it is', { compression: 'none' }],
    ['csv', { format: 'csv' }],
    ['parquet', { format: 'parquet' }],
  ])('is the same in %s', async (_, more) => {
    const drill = await openDrill()
    const worker = workerOn(drill, { maxLeaves: 150 })
    const name = await ask(drill, draftOf(more))
    expect(await carryOut(worker, name)).toBe('done')
    const rows = await rowsOf(worker, name)
    const plain = workerOn(drill)
    const other = await ask(drill, draftOf({ exportId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a13' }))
    await carryOut(plain, other)
    const expected = await rowsOf(plain, other)
    const essence = (each: (typeof rows)[number]) => {
      const decisions = each.decisions as { purposeId: string; verb: string }[] | undefined
      const times = each.times as { recordedAt: string } | undefined
      const { identity = { id: each.identifier } } = each as { identity?: { id: unknown } }
      const recordedAt = times?.recordedAt ?? new Date(String(each.recordedAt)).toISOString()
      const purpose = decisions?.[0]?.purposeId ?? each.purposeId
      return [
        String(each.leafIndex),
        each.leafHash,
        each.eventId,
        purpose,
        decisions?.[0]?.verb ?? each.verb,
        recordedAt,
        identity.id,
      ]
    }
    expect(rows.map(essence)).toEqual(expected.map(essence))
  })

  it('names nobody where it may not: pseudonyms are the same within one export, and others in another', async () => {
    const drill = await openDrill()
    const of = async (exportId: string, identifiers: ExportDraft['identifiers']) => {
      const worker = workerOn(drill)
      const name = await ask(drill, draftOf({ exportId, identifiers }))
      await carryOut(worker, name)
      return rowsOf(worker, name)
    }
    const first = await of('00000000-0000-4000-8000-000000000001', 'hashed')
    const second = await of('00000000-0000-4000-8000-000000000002', 'hashed')
    const none = await of('00000000-0000-4000-8000-000000000003', 'none')
    const people = (rows: typeof first) => new Set(rows.map(({ person }) => person))
    expect([people(first).size, people(second).size]).toEqual([subjectCount, subjectCount])
    expect([...people(first)].filter((person) => people(second).has(person))).toEqual([])
    expect(people(none)).toEqual(new Set([undefined]))
    expect(JSON.stringify([first, second, none])).not.toMatch(/device-\d|"identity"/)
  })

  it('gives each event once after a failure of any file and any state', async () => {
    const expected = Array.from({ length: all }, () => 1)
    for (const when of ['before', 'after'] as const) {
      const drill = await openDrill()
      let writes = 0
      const worker = workerOn(drill, {
        maxLeaves: 70,
        files: memoryFiles(() => (writes++ % 3 === 1 ? when : undefined)),
      })
      const { entries } = drill.ledger
      let states = 0
      const failing: typeof entries = {
        ...entries,
        async insert(items) {
          const fails = items.some(({ pk }) => pk.includes('#export#')) && states++ % 3 === 1
          const error = new LedgerError('unavailable', 'as scripted')
          if (fails && when === 'before') return items.map(() => ({ outcome: 'error', error }) as const)
          const outcomes = await entries.insert(items)
          return fails ? items.map(() => ({ outcome: 'error', error }) as const) : outcomes
        },
      }
      const name = await ask(drill, draftOf())
      expect(await carryOut({ ...worker, ledger: { ...drill.ledger, entries: failing } }, name)).toBe('done')
      const rows = await rowsOf(worker, name)
      const times = Map.groupBy(rows, ({ eventId }) => eventId)
      expect([...times.values()].map(({ length }) => length)).toEqual(expected)
      expect((await manifestOf(worker, name)).leaves.exported).toBe(all)
    }
  })

  it('is written by one of two workers, and the other leaves nothing', async () => {
    const drill = await openDrill()
    const files = memoryFiles()
    const worker = workerOn(drill, { maxLeaves: 70, files })
    const name = await ask(drill, draftOf())
    for (let round = 0; round < 20; round++) await Promise.all([runExport(worker, name), runExport(worker, name)])
    expect((await rowsOf(worker, name)).length).toBe(all)
    const named = (await manifestOf(worker, name)).pieces.flatMap(({ part }) => part?.name ?? [])
    const kept = [...files.stored.keys()].filter((file) => file.includes('/part-'))
    expect(kept.map((file) => file.slice(folderOf(name).length)).sort()).toEqual(named.sort())
  })

  it('leaves out what the request does, and counts it', async () => {
    const drill = await openSmallDrill()
    const worker = workerOn(drill)
    const of = async (n: number, more: Partial<ExportDraft>) => {
      const name = await ask(drill, draftOf({ ...more, exportId: `00000000-0000-4000-8000-00000000000${n}` }))
      await carryOut(worker, name)
      return (await manifestOf(worker, name)).leaves
    }
    const here = '2026-11-22T10:00:00.000Z'
    expect(await of(1, {})).toMatchObject({ exported: 2, filtered: 0, erased: 1 })
    expect(await of(2, { purposeId: 'newsletter' })).toMatchObject({ exported: 2, filtered: 0 })
    expect(await of(3, { purposeId: 'another' })).toMatchObject({ exported: 0, filtered: 2 })
    expect(await of(4, { from: here, until: '2026-11-22T10:00:00.001Z' })).toMatchObject({ exported: 2 })
    expect(await of(5, { until: here })).toMatchObject({ exported: 0, filtered: 2 })
    expect(await of(6, { purposeId: 'newsletter', version: '7' })).toMatchObject({ exported: 0, filtered: 2 })
  })

  it('closes what was erased before it was reached', async () => {
    const drill = await openDrill()
    const worker = workerOn(drill)
    const name = await ask(drill, draftOf())
    const reason = { ground: 'data-subject-request', scope: 'subject' } as const
    await eraseSubject(memoryEraser(drill.ledger), vaultScope(drill.snapshot), identityOf(4), reason)
    await carryOut(worker, name)
    expect((await manifestOf(worker, name)).leaves).toMatchObject({ exported: all - eventsEach, erased: eventsEach })
    expect((await rowsOf(worker, name)).some(({ identity }) => JSON.stringify(identity).includes('device-4"'))).toBe(
      false,
    )
  })

  it('leaves no file when it is cancelled while its manifest is written', async () => {
    const drill = await openSmallDrill()
    const files = memoryFiles()
    const name = await ask(drill, draftOf())
    const write: typeof files.write = async (file, chunks) => {
      if (file.endsWith('manifest.json')) {
        await cancelExport(drill.ledger, name)
        await runExport(workerOn(drill, { files }), name)
        expect(files.stored.size).toBe(0)
      }
      return files.write(file, chunks)
    }
    expect(await runExport(workerOn(drill, { files: { ...files, write } }), name)).toBe(false)
    expect([...files.stored.keys()]).toEqual([])
  })

  it('is due until it ended; a cancelled one loses its files', async () => {
    const drill = await openDrill()
    const due = async (silentMs = 0) => {
      let found = 0
      for await (const _ of dueExports(drill.ledger, silentMs)) found++
      return found
    }
    const files = memoryFiles()
    let left = 90
    const worker = workerOn(drill, { maxLeaves: 70, files, goesOn: () => left-- > 0 })
    const name = await ask(drill, draftOf())
    expect(await due()).toBe(1)
    expect(await runExport(worker, name)).toBe(false)
    expect([files.stored.size > 0, await due()]).toEqual([true, 1])
    // A run whose time is up lets go, so the next one need not wait until it counts as dead.
    expect(await due(3_600_000)).toBe(1)
    expect((await latestExportState(drill.ledger.entries, name))?.state.worker).toBeUndefined()
    // Also days after it was asked for.
    drill.ledger.setNow(new Date(drill.ledger.clock() + 9 * 86_400_000).toISOString())
    expect(await due()).toBe(0)
    await cancelExport(drill.ledger, name)
    expect(await due()).toBe(1)
    await runExport(worker, name)
    expect([files.stored.size, await due()]).toEqual([0, 0])
  })
})
