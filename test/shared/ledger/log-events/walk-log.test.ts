/** A walk yields each leaf of the log once, in order, whatever fails and whatever was done to the rows; and what is erased closes. */
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { rowPlaces } from '../../../../shared/ledger/log-events/row-places.ts'
import { type WalkRange, walkLog } from '../../../../shared/ledger/log-events/walk-log.ts'
import type { LogWalker, WalkedLeaf } from '../../../../shared/ledger/log-events/walked-leaf.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { memorySubjectFinder } from '../../../support/memory-finder.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { eventsEach, openDrill, openSmallDrill, subjectCount } from '../audit/drill.ts'
import {
  change,
  type Drill,
  eventsIn,
  flipped,
  found,
  identityOf,
  keysOf,
  newestSize,
  vaultRow,
} from '../audit/drill-items.ts'

const walkerOn = ({ entries, log, vault }: Drill): LogWalker => ({
  entries,
  log,
  vault,
  finder: memorySubjectFinder(vault),
})

async function walked(drill: Drill, range: WalkRange, walker = walkerOn(drill)): Promise<WalkedLeaf[]> {
  const leaves: WalkedLeaf[] = []
  for await (const leaf of walkLog(walker, vaultScope(drill.snapshot), range)) leaves.push(leaf)
  return leaves
}

const eventIdOf = ({ event }: WalkedLeaf) => (event?.state === 'opened' ? event.opened.event.eventId : event?.state)
const statesOf = (leaves: readonly WalkedLeaf[], pk: string) =>
  leaves.filter(({ key }) => key.pk === pk).map((leaf) => leaf.event?.state)

describe('a walk', () => {
  it('yields every leaf in order, with its events opened', async () => {
    const drill = await openDrill()
    const size = await newestSize(drill)
    const leaves = await walked(drill, { from: 0, to: size })
    expect(leaves.map(({ index }) => index)).toEqual(Array.from({ length: size }, (_, index) => index))
    const times = leaves.map(({ loggedAt }) => loggedAt)
    expect(times).toEqual(times.toSorted())
    const ids = leaves.filter(({ kind }) => kind === 'event').map(eventIdOf)
    expect(new Set(ids).size).toBe(subjectCount * eventsEach)
    expect(ids.every((id) => id?.startsWith('event-'))).toBe(true)
    for (const range of [
      { from: 7, to: 8 },
      { from: 100, to: 217 },
      { from: size - 1, to: size },
      { from: 3, to: 3 },
    ])
      expect((await walked(drill, range)).map(eventIdOf)).toEqual(leaves.slice(range.from, range.to).map(eventIdOf))
  })

  it('says of each kind of leaf what it is, and of a closed event why', async () => {
    const drill = await openSmallDrill()
    const leaves = await walked(drill, { from: 0, to: await newestSize(drill) })
    const kinds = [...new Set(leaves.map(({ kind }) => kind))].sort()
    const some = ['act', 'controller', 'erased', 'event', 'grant', 'hold', 'link', 'mandate', 'policy', 'read', 'time']
    expect(kinds.filter((kind) => some.includes(kind))).toEqual(some)
    expect(kinds).not.toContain('unreadable')
    expect(
      leaves
        .filter(({ kind }) => kind === 'event')
        .map(eventIdOf)
        .sort(),
    ).toEqual(['erased', 'event-0-0', 'event-1-0'])
    expect(leaves.every(({ kind, item }) => (item === undefined) === (kind === 'time'))).toBe(true)
  })

  it('closes what comes after an erasure, and not what came before', async () => {
    const drill = await openDrill()
    const { pk } = await keysOf(drill, 4)
    const leaves: WalkedLeaf[] = []
    const range = { from: 0, to: await newestSize(drill), chunk: 25 }
    for await (const leaf of walkLog(walkerOn(drill), vaultScope(drill.snapshot), range)) {
      leaves.push(leaf)
      if (leaf.index !== 150) continue
      const reason = { ground: 'data-subject-request', scope: 'subject' } as const
      await eraseSubject(memoryEraser(drill.ledger), vaultScope(drill.snapshot), identityOf(4), reason)
    }
    const before = statesOf(leaves.slice(0, 175), pk)
    const after = statesOf(leaves.slice(175), pk)
    expect([new Set(before), new Set(after)]).toEqual([new Set(['opened']), new Set(['erased'])])
    expect([before.length > 2, after.length > 2, before.length + after.length]).toEqual([true, true, eventsEach])
    expect(leaves.filter(({ event }) => event?.state === 'opened').length).toBe(
      subjectCount * eventsEach - after.length,
    )
  })

  it('goes on at its position after a failure of any call', async () => {
    const drill = await openDrill()
    const to = 130
    const expected = (await walked(drill, { from: 0, to })).map(eventIdOf)
    let calls = 0
    let failing = -1
    const counted = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => {
      return async (...given: A): Promise<R> => {
        if (calls++ === failing) throw new LedgerError('unavailable', 'as scripted')
        return call(...given)
      }
    }
    const { entries, log, vault, finder } = walkerOn(drill)
    const walker: LogWalker = {
      entries: { get: counted(entries.get) },
      log: { ...log, query: counted(log.query), get: counted(log.get) },
      vault: { get: counted(vault.get) },
      finder: { find: counted(finder.find) },
    }
    let failures = 0
    for (failing = 0; failures === failing; failing++) {
      calls = 0
      const seen: unknown[] = []
      for (let position = 0, tries = 0; position < to; tries++) {
        expect(tries).toBeLessThan(3)
        try {
          for await (const leaf of walkLog(walker, vaultScope(drill.snapshot), { from: position, to, chunk: 40 })) {
            expect(leaf.index).toBe(position)
            seen.push(eventIdOf(leaf))
            position = leaf.index + 1
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'unavailable' })
          failures++
        }
      }
      expect(seen).toEqual(expected)
    }
    // At least: one for the batches; for each of four chunks the entries and the rows; and a find for each person.
    expect(failures).toBeGreaterThan(4 * 2 + subjectCount)
  })

  it('names what does not open: no row leads to it, retention was there, its row or its leaf was changed', async () => {
    const drill = await openDrill()
    const pkOf = async (person: number) => (await keysOf(drill, person)).pk
    const rowOf = async (person: number) => found((await drill.vault.get([vaultRow(drill, person)]))[0])
    const pks = [await pkOf(0), await pkOf(1), await pkOf(2), await pkOf(3), await pkOf(5)] as const
    await change(drill.vault, await rowOf(0), () => ({ holder: undefined }))
    await change(drill.vault, await rowOf(1), () => ({ proof: undefined }))
    await change(drill.vault, await rowOf(5), () => ({ sub: new Uint8Array(60) }))
    for (const event of await eventsIn(drill)) {
      if (event.pk === pks[2]) await change(drill.entries, event, ({ payload }) => ({ payload: flipped(payload, 20) }))
      if (event.pk === pks[3]) await change(drill.entries, event, ({ leaf }) => ({ leaf: `${leaf} ` }))
    }
    const leaves = await walked(drill, { from: 0, to: await newestSize(drill) })
    expect(pks.map((pk) => [...new Set(statesOf(leaves, pk))])).toEqual([
      ['unreachable'],
      ['lapsed'],
      ['unreadable'],
      ['unreadable'],
      ['unreachable'],
    ])
    expect(leaves.filter(({ event }) => event?.state === 'opened')).toHaveLength((subjectCount - 5) * eventsEach)
  })

  it('takes an erasure only from the controller: a planted one leaves the event unreachable', async () => {
    const drill = await openDrill()
    const { pk, sub } = await keysOf(drill, 0)
    drill.vault.remove(vaultRow(drill, 0))
    await drill.entries.insert([{ pk: 'acme#erased', sk: sub, values: { leaf: '{}', payload: new Uint8Array(99) } }])
    const leaves = await walked(drill, { from: 0, to: await newestSize(drill) })
    expect(new Set(statesOf(leaves, pk))).toEqual(new Set(['unreachable']))
  })

  it('does not go past the end of the log', async () => {
    const drill = await openDrill()
    const size = await newestSize(drill)
    await expect(walked(drill, { from: 0, to: size + 1 })).rejects.toMatchObject({ code: 'log-forked' })
    await expect(walked(drill, { from: size + 5, to: size + 9 })).rejects.toMatchObject({ code: 'log-forked' })
  })
})

it('places of rows are bounded, and the least recently used goes', () => {
  const places = rowPlaces(2)
  places.put('a', '1')
  places.put('b', '2')
  places.get('a')
  places.put('c', '3')
  expect(['a', 'b', 'c'].map(places.get)).toEqual(['1', undefined, '3'])
})
