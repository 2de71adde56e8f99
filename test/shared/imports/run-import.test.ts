/** An import that ends at any of its writes and is taken up again: nothing twice, nothing lost, and the counters add up. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import { isAnnounced } from '../../../shared/consent/event.ts'
import {
  addImportState,
  askImport,
  defaultSilentMs,
  dueImports,
  filesOf,
  latestImportState,
  makeDue,
  queuedState,
} from '../../../shared/imports/import-state.ts'
import { type ImportWorker, runImport } from '../../../shared/imports/run-import.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { openEvent } from '../../../shared/ledger/recording/sealed-event.ts'
import { isFree } from '../../../shared/ledger/transfers/sealed-requests.ts'
import { vaultScope } from '../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading } from '../../../shared/ledger/vault/vault.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { type MemoryLedger, memoryLedger, seeded } from '../../support/memory-ledger.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import { scanPages } from '../../support/scanned-items.ts'

const importId = '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11'
const event = (n: number) => ({
  ...{ id: `e${n}`, created_at: '2025-03-04T12:30:00Z', user: { organization_user_id: `u${n % 7}` } },
  consents: { purposes: [{ id: 'newsletter', enabled: n % 2 === 0 }] },
})
/** Twice the same record, one that names an unknown purpose, and one that is none. */
const first = [
  ...Array.from({ length: 11 }, (_, n) => event(n)),
  event(3),
  { ...event(90), consents: { purposes: [{ id: 'nothing', enabled: true }] } },
]
const files: Readonly<Record<string, string>> = {
  'a.ndjson': `${first.map((each) => JSON.stringify(each)).join('\n')}\nnone\n`,
  'b.ndjson': `${[20, 21, 22].map((n) => JSON.stringify(event(n))).join('\n')}\n`,
}
const total = { records: 17, accepted: 14, skipped: 1, rejected: 2 }

interface World {
  readonly ledger: MemoryLedger
  readonly snapshot: ControllerSnapshot
  readonly worker: ImportWorker
  readonly stored: ReturnType<typeof memoryFiles>
}

/** @param strikes asked at each insert of the import */
async function start(
  strikes: () => 'before' | 'after' | undefined = () => undefined,
  more: Partial<ImportDraft> = {},
): Promise<World> {
  let isRunning = false
  const fault = (operation: string) => (operation === 'insert' && isRunning ? strikes() : undefined)
  const ledger = memoryLedger('2026-11-22T10:00:00.000Z', { entries: { fault }, vault: { fault } })
  const snapshot = await seeded(ledger)
  const stored = memoryFiles()
  const named = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }))
  const draft: ImportDraft = { importId, system: 'didomi', site: 'web', format: 'didomi', files: named, ...more }
  await askImport(ledger, snapshot, draft, { issuer: 'urn:test', subject: 'anna' })
  for (const [i, text] of Object.values(files).entries())
    stored.stored.set(filesOf('acme', importId).upload(i), Buffer.from(text))
  await queue(ledger, false)
  isRunning = true
  const worker = { ledger, files: stored, goesOn: () => true, silentMs: 0, chunkLength: 4 }
  return { ledger, snapshot, worker, stored }
}

async function queue(ledger: MemoryLedger, isDry: boolean): Promise<void> {
  const latest = await latestImportState(ledger.entries, 'acme', importId)
  if (latest === undefined) throw new Error('it was asked for')
  await makeDue(ledger, { controller: 'acme', importId })
  const state = queuedState(latest.state, isDry, '2026-11-22T10:00:00.000Z')
  await addImportState(ledger.entries, 'acme', importId, { number: latest.number + 1, state })
}

async function eventsOf({ ledger, snapshot }: World) {
  const found = []
  for (let user = 0; user < 7; user++) {
    const keys = await subjectKeysForReading(ledger, vaultScope(snapshot), { type: 'visitor', id: `u${user}` })
    if (keys === undefined) continue
    const { items } = await ledger.entries.query(keys.pk, { prefix: 'event#' })
    for (const item of items) found.push(openEvent(item, keys).opened?.event)
  }
  return found
}

const stateOf = async ({ ledger }: World) => (await latestImportState(ledger.entries, 'acme', importId))?.state

async function takenUpUntilDone(world: World): Promise<number> {
  for (let runs = 1; runs < 200; runs++) {
    for await (const due of dueImports(world.ledger, 0)) await runImport(world.worker, due).catch(() => undefined)
    if ((await stateOf(world))?.state === 'done') return runs
  }
  throw new Error('it does not end')
}

async function expectWhole(world: World): Promise<void> {
  expect(await stateOf(world)).toMatchObject({
    state: 'done',
    counters: total,
    errors: { 'not-json': 1, 'unknown-purpose': 1 },
  })
  const events = await eventsOf(world)
  expect(events).toHaveLength(14)
  expect(new Set(events.map((each) => each?.how.origin?.eventId))).toHaveLength(14)
  const report = String(Buffer.from(world.stored.stored.get(filesOf('acme', importId).report) ?? [])).split('\r\n')
  expect(report).toHaveLength(4)
  expect([...world.stored.stored.keys()].filter((name) => name.includes('/uploads/'))).toEqual([])
}

describe('an import', () => {
  it('records each record once', async () => {
    const world = await start()
    expect(await takenUpUntilDone(world)).toBe(1)
    await expectWhole(world)
    expect((await eventsOf(world)).every((each) => each !== undefined && !isAnnounced(each))).toBe(true)
  })

  it('says of its events that they are announced when that was asked for', async () => {
    const world = await start(undefined, { notify: true })
    await takenUpUntilDone(world)
    expect((await eventsOf(world)).every((each) => each !== undefined && isAnnounced(each))).toBe(true)
  })

  describe.each(['before', 'after'] as const)('that ends %s a write', (when) => {
    let inserts = 0
    beforeEach(async () => {
      inserts = 0
      await takenUpUntilDone(await start(() => void inserts++))
    })

    it('goes on, whichever write it was', async () => {
      for (let at = 0; at < inserts; at++) {
        let left = at
        const world = await start(() => (left-- === 0 ? when : undefined))
        await takenUpUntilDone(world)
        await expectWhole(world)
      }
    })

    it('goes on, however often it ends', async () => {
      let count = 0
      const world = await start(() => (++count % 14 === 0 ? when : undefined))
      expect(await takenUpUntilDone(world)).toBeGreaterThan(2)
      await expectWhole(world)
    })
  })

  it('is put down when its time is up, and goes on', async () => {
    const world = await start()
    let chunks = 0
    const worker = { ...world.worker, goesOn: () => ++chunks % 2 === 0 }
    const due = { controller: 'acme', importId }
    const ends = []
    for (let i = 0; i < 10; i++) ends.push((await runImport(worker, due)).ended)
    expect(ends.filter((end) => end === 'paused').length).toBeGreaterThan(1)
    await expectWhole(world)
  })

  it('is carried on by one of two workers', async () => {
    const world = await start()
    const due = { controller: 'acme', importId }
    const ends = await Promise.all([runImport(world.worker, due), runImport(world.worker, due)])
    expect(ends.map(({ ended }) => ended).sort()).toEqual(['finished', 'overtaken'])
    await expectWhole(world)
  })

  it('is not taken from a worker that is at it', async () => {
    const world = await start()
    const latest = await latestImportState(world.ledger.entries, 'acme', importId)
    if (latest === undefined) throw new Error('it was asked for')
    const state = { ...latest.state, state: 'running', worker: 'another', at: '2026-11-22T10:00:00.000Z' } as const
    await addImportState(world.ledger.entries, 'acme', importId, { number: latest.number + 1, state })
    const due = async () => {
      let found = 0
      for await (const _ of dueImports(world.ledger)) found++
      return found
    }
    expect(await due()).toBe(0)
    world.ledger.setNow('2026-11-22T10:01:00.000Z')
    expect(await due()).toBe(1)
  })

  it('ends where it is cancelled', async () => {
    let count = 0
    let world: World | undefined
    world = await start(() => void count++)
    const cancel = async () => {
      const latest = world && (await latestImportState(world.ledger.entries, 'acme', importId))
      if (world === undefined || latest === undefined) return
      const state = { ...latest.state, state: 'cancelled' as const }
      await addImportState(world.ledger.entries, 'acme', importId, { number: latest.number + 1, state })
    }
    let asked = 0
    const goesOn = () => {
      if (++asked === 3) void cancel()
      return true
    }
    const run = await runImport({ ...world.worker, goesOn }, { controller: 'acme', importId })
    expect(run.ended).toBe('overtaken')
    expect(await stateOf(world)).toMatchObject({ state: 'cancelled' })
    expect([...world.stored.stored.keys()].filter((name) => !name.includes('/uploads/'))).toEqual([])
  })

  it('records nothing in a dry run, whose preview and counters are those of the run', async () => {
    const world = await start()
    await queue(world.ledger, true)
    const before = (await itemsOf(world.ledger.vault)).length
    await runImport(world.worker, { controller: 'acme', importId })
    expect(await stateOf(world)).toMatchObject({
      state: 'checked',
      counters: { records: 17, accepted: 15, rejected: 2 },
    })
    expect((await itemsOf(world.ledger.vault)).length).toBe(before)
    const preview = JSON.parse(Buffer.from(world.stored.stored.get(filesOf('acme', importId).preview) ?? []).toString())
    expect(preview.records).toHaveLength(10)
  })

  it('refuses the rest of a file that has gone, and reads the others', async () => {
    const world = await start()
    world.stored.stored.delete(filesOf('acme', importId).upload(0))
    await takenUpUntilDone(world)
    expect(await stateOf(world)).toMatchObject({
      counters: { records: 4, accepted: 3, rejected: 1 },
      errors: { 'file-missing': 1 },
    })
  })
})

const good = (n: number) => JSON.stringify(event(n))

it.each([
  ['half a surrogate pair', good(1).replace('e1', '\\ud800'), 'encoding'],
  ['half of one in a name', good(1).replace('"user"', '"\\udfff":1,"user"'), 'encoding'],
  ['a NUL', good(1).replace('u1', 'u\\u0000'), 'encoding'],
  ['30,000 lists in each other', `{"id":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'too-deep'],
  ['65 lists in each other', good(1).replace('{', `{"more":${'['.repeat(64)}${']'.repeat(64)},`), 'too-deep'],
])('an import refuses a record with %s, and records those around it', async (_, bad, reason) => {
  const world = await start()
  const upload = filesOf('acme', importId).upload(0)
  world.stored.stored.set(upload, Buffer.from(`${good(0)}\n${bad}\n${good(2)}\n`))
  await takenUpUntilDone(world)
  const counters = { records: 6, accepted: 5, skipped: 0, rejected: 1 }
  expect(await stateOf(world)).toMatchObject({ counters, errors: { [reason]: 1 } })
  const report = world.stored.stored.get(filesOf('acme', importId).report)
  expect(String(report)).toContain(`a.ndjson,2,${reason}`)
})

it.each(['write', 'read'] as const)('an import ends its run at a fault that is not the file’s (%s)', async (method) => {
  const world = await start()
  const failing = () => {
    throw new TypeError('fetch failed')
  }
  const worker = { ...world.worker, files: { ...world.stored, [method]: failing } }
  await expect(runImport(worker, { controller: 'acme', importId })).rejects.toThrow('fetch failed')
  expect(await stateOf(world)).toMatchObject({ state: 'running', errors: {} })
  await takenUpUntilDone(world)
  await expectWhole(world)
})

it('an import whose site has gone fails, and keeps no uploads', async () => {
  const world = await start(undefined, { site: 'gone' })
  await runImport(world.worker, { controller: 'acme', importId })
  expect(await stateOf(world)).toMatchObject({ state: 'failed', failure: 'unknown-site' })
  expect([...world.stored.stored.keys()]).toEqual([])
})

it('an import that passes over what was recorded shows that it is at work', async () => {
  const world = await start()
  const goesOn = [true, true]
  const due = { controller: 'acme', importId }
  await runImport({ ...world.worker, goesOn: () => goesOn.shift() ?? false }, due)
  let now = Date.parse('2026-11-22T11:00:00.000Z')
  world.ledger.setNow(new Date(now).toISOString())
  const free: boolean[] = []
  async function* slowly(name: string) {
    for await (const chunk of world.stored.read(name))
      for (const byte of chunk) {
        now += 200
        world.ledger.setNow(new Date(now).toISOString())
        const state = await stateOf(world)
        free.push(state === undefined || isFree(state, now, defaultSilentMs))
        yield Uint8Array.of(byte)
      }
  }
  const worker = { ...world.worker, silentMs: 60_000, files: { ...world.stored, read: slowly } }
  expect((await runImport(worker, due)).ended).toBe('finished')
  expect([free.length > 1_000, free.includes(true)]).toEqual([true, false])
  await expectWhole(world)
})

async function itemsOf(table: MemoryTable) {
  const items = []
  for await (const page of scanPages(table)) items.push(...page)
  return items
}
