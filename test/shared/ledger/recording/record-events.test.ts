import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { eventsOf } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import type { Ledger } from '../../../../shared/ledger/ledger.ts'
import { isDigestIntact } from '../../../../shared/ledger/recording/content-digest.ts'
import { type RecordingOutcome, recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { ReceivedEvent } from '../../../../shared/ledger/recording/recorded-event.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForReading } from '../../../../shared/ledger/vault/vault.ts'
import { memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import type { MemoryTableOptions, ScriptedFault } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'

const now = '2026-11-22T12:00:00.500Z'
const device = { type: 'device', id: 'a-device' }

async function record(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  submissions: readonly ReceivedEvent[],
): Promise<readonly RecordingOutcome[]> {
  return (await recordEvents(ledger, snapshot, submissions)).outcomes
}

function openedBy(outcome: RecordingOutcome | undefined) {
  if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error ?? new Error('no outcome')
  return outcome.opened
}

describe('recording', () => {
  it('gives the first answer again, to the byte', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const one = submission(
      { eventId: randomUUID(), page: '/a', signals: { gpc: true } },
      { userAgent: 'UA', ipAddress: '203.0.113.9' },
    )
    const [first] = await record(ledger, snapshot, [one])
    ledger.setNow('2026-11-22T12:03:00.000Z')
    const [again] = await record(ledger, snapshot, [{ ...one, event: { ...one.event, sentAt: now } }])
    expect([first?.outcome, again?.outcome]).toEqual(['recorded', 'replayed'])
    expect(openedBy(again)).toEqual(openedBy(first))
    expect(openedBy(first).event.context.ipAddress).toBe('203.0.113.0')
  })

  it('replays an event whatever is found in its signals by then, and answers what was found first', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const one = submission({ eventId: randomUUID(), signals: { tcString: 'C' } })
    const [first] = await record(ledger, snapshot, [{ ...one, findings: { tcf: { verdict: 'malformed' } } }])
    const [again] = await record(ledger, snapshot, [{ ...one, findings: { tcf: { verdict: 'valid' } } }])
    expect(again?.outcome).toBe('replayed')
    expect(openedBy(again)).toEqual(openedBy(first))
    expect(openedBy(again).event.how.tcf).toEqual({ verdict: 'malformed' })
  })

  it('replays an event of last year, whose keys are another row', async () => {
    const ledger = memoryLedger('2026-12-31T23:59:59.000Z')
    const snapshot = await seeded(ledger)
    const one = submission({ eventId: randomUUID(), occurredAt: '2026-12-31T23:59:58.000Z' })
    const [first] = await record(ledger, snapshot, [one])
    ledger.setNow('2027-01-01T00:00:01.000Z')
    const [again, next] = await record(ledger, snapshot, [one, submission({ eventId: randomUUID() })])
    expect(openedBy(again)).toEqual(openedBy(first))
    expect(next?.outcome).toBe('recorded')
    expect(await eventsOf(ledger, snapshot, device)).toHaveLength(2)
  })

  it('opens the events of every year in which the subject acted', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    for (const year of [2026, 2027, 2029, 2032]) {
      ledger.setNow(`${year}-12-01T00:00:00.000Z`)
      await record(ledger, snapshot, [submission({ eventId: randomUUID(), occurredAt: `${year}-12-01T00:00:00.000Z` })])
    }
    const events = await eventsOf(ledger, snapshot, device)
    expect(events.map((e) => e.event.times.recordedAt.slice(0, 4)).sort()).toEqual(['2026', '2027', '2029', '2032'])
  })

  it('digests with the keys that seal, when the subject is erased and recorded anew between two calls for its keys', async () => {
    const ledger = memoryLedger('2026-12-31T23:59:59.000Z')
    const snapshot = await seeded(ledger)
    const scope = vaultScope(snapshot)
    const [first] = await record(ledger, snapshot, [submission({ eventId: randomUUID() })])
    let isReplaced = false
    const get: Ledger['vault']['get'] = async (keys) => {
      const rows = await ledger.vault.get(keys)
      if (!isReplaced) {
        isReplaced = true
        // The year ends as well, so that the recording asks for keys a second time.
        ledger.setNow('2027-01-01T00:00:01.000Z')
        await eraseSubject(memoryEraser(ledger), scope, device, { ground: 'data-subject-request', scope: 'subject' })
        await record(ledger, snapshot, [submission({ eventId: randomUUID() })])
      }
      return rows
    }
    const one = submission({ eventId: randomUUID() })
    const [recorded] = await record({ ...ledger, vault: { ...ledger.vault, get } }, snapshot, [one])
    expect(openedBy(recorded).key.pk).not.toBe(openedBy(first).key.pk)
    const [stored] = await ledger.entries.get([openedBy(recorded).key])
    const keys = await subjectKeysForReading(ledger, scope, device)
    expect(stored && keys && isDigestIntact(stored, keys)).toBe(true)
    const [again] = await record(ledger, snapshot, [one])
    expect([recorded?.outcome, again?.outcome]).toEqual(['recorded', 'replayed'])
  })

  it('refuses other content under the same id, and returns both digests', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const eventId = randomUUID()
    await record(ledger, snapshot, [submission({ eventId })])
    const [other] = await record(ledger, snapshot, [
      submission({ eventId, decisions: [{ purposeId: 'newsletter', verb: 'refused' }] }),
    ])
    if (other?.outcome !== 'refused') throw new Error('it was not refused')
    expect(other.error.code).toBe('event-conflict')
    const { recordedDigest, givenDigest } = other.error.facts.members ?? {}
    expect(recordedDigest).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(givenDigest).not.toBe(recordedDigest)
  })

  it('keeps the same identifier at two controllers apart, and finds it however it was typed', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const [one] = await record(ledger, snapshot, [submission({ eventId: randomUUID() })])
    const other = { ...snapshot, controller: { ...snapshot.controller, controller: 'other' } }
    const [two] = await record(ledger, other, [submission({ eventId: openedBy(one).event.eventId })])
    expect(openedBy(two).key.pk.startsWith('other#')).toBe(true)
    expect(openedBy(two).key.pk.split('#')[1]).not.toBe(openedBy(one).key.pk.split('#')[1])
  })

  it('refuses a leaf that is too large, and stores nothing of it', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const purposes = new Map(
      Array.from({ length: 400 }, (_, i) => [
        `p${i}`,
        { policyId: 'privacy', purpose: [...snapshot.purposes.values()][0]?.purpose },
      ]),
    )
    const wide = { ...snapshot, purposes } as typeof snapshot
    const decisions = [...purposes.keys()].map((purposeId) => ({ purposeId, verb: 'given' as const }))
    const [outcome] = await record(ledger, wide, [submission({ eventId: randomUUID(), decisions })])
    expect(outcome?.outcome === 'refused' && outcome.error.code).toBe('leaf-too-large')
    expect(await eventsOf(ledger, snapshot, device)).toEqual([])
  })
})

/** Each await of a write, failing before or after it took effect; then the client tries again, as it must. */
describe('a storage operation that fails', () => {
  const operations = ['vault get', 'vault insert', 'entries insert', 'entries get'] as const
  const faults: readonly ScriptedFault[] = ['before', 'after']
  const announcements = [true, false]
  const cases = operations.flatMap((operation) =>
    faults.flatMap((fault) => announcements.map((announcedNew) => ({ operation, fault, announcedNew }))),
  )

  it.each(cases)(
    '$operation $fault (announced new: $announcedNew): once and whole after a retry',
    async ({ operation, fault, announcedNew }) => {
      const [table, kind] = operation.split(' ')
      let armed = false
      const strike: MemoryTableOptions['fault'] = (op, key) => {
        if (!armed || op !== kind || key.pk.startsWith('acme#controller')) return undefined
        armed = false
        return fault
      }
      const ledger = memoryLedger(
        now,
        table === 'vault' ? { vault: { fault: strike } } : { entries: { fault: strike } },
      )
      const snapshot = await seeded(ledger)
      const one = submission({ eventId: randomUUID() }, { announcedNew })
      if (operation === 'entries get') await record(ledger, snapshot, [one])
      armed = true
      const [first] = await record(ledger, snapshot, [one]).catch((error: unknown) => {
        if (!(error instanceof LedgerError)) throw error
        return [{ outcome: 'refused', error } as const]
      })
      if (first?.outcome === 'refused') expect(first.error.code).toBe('unavailable')
      armed = false
      const [retried] = await record(ledger, snapshot, [one])
      expect(openedBy(retried).event.eventId).toBe(one.event.eventId)
      const stored = await eventsOf(ledger, snapshot, device)
      expect(stored.map((e) => e.event.eventId)).toEqual([one.event.eventId])
    },
  )
})

describe('recordedAt', () => {
  it.each([
    ['the clock’s', 'nothing is logged', undefined, now],
    ['the clock’s', 'the log is behind', '2026-11-22T11:59:59.000Z', now],
    ['the log’s', 'the clock is 4 minutes behind it', '2026-11-22T12:04:00.000Z', '2026-11-22T12:04:00.000Z'],
    ['the log’s', 'the clock is 5 minutes behind it', '2026-11-22T12:05:00.500Z', '2026-11-22T12:05:00.500Z'],
    ['the log’s', 'that is another year', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('is %s when %s', async (_whose, _when, loggedUntil, expected) => {
    const ledger = memoryLedger(expected.startsWith('2027') ? '2026-12-31T23:59:59.999Z' : now)
    const snapshot = { ...(await seeded(ledger)), ...(loggedUntil && { loggedUntil }) }
    const [outcome] = await record(ledger, snapshot, [submission({ eventId: randomUUID() })])
    const { times } = openedBy(outcome).event
    expect(times.recordedAt).toBe(expected)
    expect(times.effectiveAt <= times.recordedAt).toBe(true)
    expect(await eventsOf(ledger, snapshot, device)).toHaveLength(1)
  })

  it('is nobody’s when the clock is further behind, and the client’s is not: nothing is stored, and the event may come again', async () => {
    const ledger = memoryLedger(now)
    const snapshot = { ...(await seeded(ledger)), loggedUntil: '2026-11-22T12:05:00.501Z' }
    const sentAt = '2026-11-22T12:05:01.000Z'
    const one = submission({ eventId: randomUUID(), sentAt }, { announcedNew: true })
    const [outcome] = await record(ledger, snapshot, [one])
    expect(outcome).toMatchObject({ outcome: 'refused', error: { code: 'unavailable' } })
    expect(await eventsOf(ledger, snapshot, device)).toEqual([])
    ledger.setNow('2026-11-22T12:05:02.000Z')
    expect((await record(ledger, snapshot, [one]))[0]?.outcome).toBe('recorded')
  })
})

describe('races', () => {
  it('gives fifty writers who all announce a new subject one subject', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const ids = Array.from({ length: 50 }, (_, i) =>
      i % 10 === 0 ? 'f0000000-0000-4000-8000-000000000000' : randomUUID(),
    )
    const outcomes = await Promise.all(
      ids.map((eventId) => record(ledger, snapshot, [submission({ eventId }, { announcedNew: true })])),
    )
    const kinds = outcomes.flat().map((o) => o.outcome)
    expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(46)
    expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(4)
    expect(await eventsOf(ledger, snapshot, device)).toHaveLength(46)
  })
})
