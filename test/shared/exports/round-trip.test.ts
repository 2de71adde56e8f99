/** What one ledger exports another imports: at every instant tried its subjects stand as they did, with the grade of what is imported. */
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ImportDraft } from '../../../shared/api/schemas/imports.ts'
import type { Verb } from '../../../shared/consent/event.ts'
import {
  addImportState,
  askImport,
  filesOf,
  latestImportState,
  makeDue,
  queuedState,
} from '../../../shared/imports/import-state.ts'
import { runImport } from '../../../shared/imports/run-import.ts'
import { askStatuses } from '../../../shared/ledger/answers/statuses-for-subject.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { memoryFiles } from '../../support/memory-files.ts'
import { submission } from '../../support/memory-ledger.ts'
import { ask, bytesOf, carryOut, draftOf, folderOf, manifestOf, rowsOf, workerOn } from './exported.ts'
import { emptyWorld, type World } from './world.ts'

const people = 25
const personOf = (n: number) => ({ type: 'account', id: `account-${n}` })
const topic = { purposeId: 'newsletter' }
const now = '2026-11-30T12:00:00.000Z'
type Said = readonly [at: string, verb: Verb, who: (n: number) => boolean, isShown?: boolean]
const said: readonly Said[] = [
  ['2026-11-23T10:00:00.000Z', 'given', (n) => n % 2 === 0],
  ['2026-11-24T10:00:00.000Z', 'refused', (n) => n % 3 === 0],
  ['2026-11-25T10:00:00.000Z', 'given', (n) => n % 5 === 0],
  ['2026-11-26T10:00:00.000Z', 'withdrawn', (n) => n % 4 === 0],
]

async function recorded(history: readonly Said[] = said): Promise<World> {
  const world = await emptyWorld('2026-11-22T10:00:00.000Z')
  for (const [at, verb, who, isShown = true] of history) {
    world.ledger.setNow(at)
    const events = Array.from({ length: people }, (_, n) => n).filter(who)
    await recordEvents(
      world.ledger,
      world.snapshot,
      events.map((n) => {
        const event = { eventId: `${at}-${n}`, occurredAt: at, decisions: [{ ...topic, verb }], act: 'button' as const }
        const shown = isShown && { shown: [{ policyId: 'privacy', version: '1', locale: 'en' }] }
        return submission({ ...event, ...shown }, { identity: personOf(n), assurance: 'operator' })
      }),
    )
    await world.settle()
  }
  world.ledger.setNow(now)
  return world
}

async function exportedText(world: World): Promise<Buffer> {
  const worker = workerOn(world, { maxLeaves: 20 })
  const name = await ask(world, draftOf())
  expect(await carryOut(worker, name)).toBe('done')
  const parts = (await manifestOf(worker, name)).pieces.flatMap(({ part }) => (part ? [part.name] : []))
  const texts = await Promise.all(parts.map(async (part) => gunzipSync(await bytesOf(worker, folderOf(name) + part))))
  return Buffer.concat(texts)
}

async function imported(text: Buffer): Promise<World> {
  const world = await emptyWorld('2026-11-22T10:00:00.000Z')
  const { ledger, snapshot } = world
  ledger.setNow(now)
  const importId = '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a77'
  const files = [{ name: 'events.ndjson', bytes: text.length }]
  const draft: ImportDraft = { importId, system: 'ledger', site: 'web', format: 'ledger', files }
  await askImport(ledger, snapshot, draft, { issuer: 'urn:test', subject: 'anna' })
  const stored = memoryFiles()
  stored.stored.set(filesOf('acme', importId).upload(0), text)
  await makeDue(ledger, { controller: 'acme', importId })
  const latest = await latestImportState(ledger.entries, 'acme', importId)
  if (latest === undefined) throw new Error('it was asked for')
  const queued = { number: latest.number + 1, state: queuedState(latest.state, false, now) }
  await addImportState(ledger.entries, 'acme', importId, queued)
  await runImport({ ledger, files: stored, goesOn: () => true, silentMs: 0 }, { controller: 'acme', importId })
  const state = (await latestImportState(ledger.entries, 'acme', importId))?.state
  expect(state).toMatchObject({ state: 'done', counters: { rejected: 0, skipped: 0 } })
  return world
}

async function statusesAt({ ledger, snapshot }: World, at: string, count: number) {
  const found: unknown[] = []
  for (let n = 0; n < count; n++) {
    const instants = { at, knownAt: now, askedAt: now }
    const { consents } = await askStatuses(ledger, snapshot, personOf(n), [topic], instants)
    found.push([n, consents[0]?.status])
  }
  return found
}

/** At each instant of the history, a millisecond before it, and now. */
async function expectSame(first: World, second: World, history: readonly Said[], count: number): Promise<void> {
  const instants = history.flatMap(([at]) => [new Date(Date.parse(at) - 1).toISOString(), at])
  for (const at of [...instants, now])
    expect([at, await statusesAt(second, at, count)]).toEqual([at, await statusesAt(first, at, count)])
}

it('comes out as it went in', async () => {
  const first = await recorded()
  await expectSame(first, await imported(await exportedText(first)), said, people)
})

it('comes out as it went in, whatever the history', async () => {
  const one = fc.tuple(
    fc.integer({ min: 0, max: 7 * 24 * 60 }),
    fc.constantFrom<Verb>('given', 'refused', 'withdrawn', 'deferred', 'objected'),
    fc.nat(2),
    fc.boolean(),
  )
  const begin = Date.parse('2026-11-22T12:00:00.000Z')
  const histories = fc.uniqueArray(one, { selector: ([minute]) => minute, minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(histories, async (events) => {
      const history = events
        .toSorted(([a], [b]) => a - b)
        .map(([minute, verb, person, isShown]): Said => {
          return [new Date(begin + minute * 60_000).toISOString(), verb, (n) => n === person, isShown]
        })
      const first = await recorded(history)
      await expectSame(first, await imported(await exportedText(first)), history, 3)
    }),
    { numRuns: 15 },
  )
})

it('names the origin of an imported event, and the id made of it, only where identifiers are in clear', async () => {
  const world = await imported(await exportedText(await recorded()))
  await world.settle()
  const rowsWith = async (n: number, identifiers: 'clear' | 'hashed' | 'none', format: 'ndjson' | 'csv' = 'ndjson') => {
    const exportId = `00000000-0000-4000-8000-00000000000${n}`
    const [worker, name] = [workerOn(world), await ask(world, draftOf({ exportId, identifiers, format }))]
    await carryOut(worker, name)
    return rowsOf(worker, name)
  }
  const clear = await rowsWith(1, 'clear')
  const originIds = clear.map(({ how }) => (how as { origin: { eventId: string } }).origin.eventId)
  expect(originIds).toContain('2026-11-23T10:00:00.000Z-0')
  expect(clear.every(({ eventId }) => typeof eventId === 'string')).toBe(true)
  for (const rows of [await rowsWith(2, 'hashed'), await rowsWith(3, 'none'), await rowsWith(4, 'hashed', 'csv')]) {
    expect(rows.length).toBe(clear.length)
    const text = JSON.stringify(rows)
    for (const hidden of [...originIds, ...clear.map(({ eventId }) => String(eventId))])
      expect(text).not.toContain(hidden)
  }
})
