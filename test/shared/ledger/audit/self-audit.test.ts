/** The self-audit of a sound ledger, in use and beside erasures and retention: it has no findings, and what waits for its leaf is pending. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../../../shared/ledger/audit/self-audit.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { type AskWitness, askWitnesses } from '../../../../shared/ledger/log/ask-witnesses.ts'
import { checkpointPk, numberSk, servedCheckpoint } from '../../../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { redriveEntries } from '../../../../shared/ledger/log/redrive-entries.ts'
import { releaseErasures, withoutLeaf } from '../../../../shared/ledger/log/release-erasures.ts'
import { sequenceKeys } from '../../../../shared/ledger/log/sequence-keys.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { formatSignatureLine } from '../../../../shared/tlog/add-checkpoint.ts'
import { parseNote } from '../../../../shared/tlog/note.ts'
import { seeded, submission } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'
import type { MemoryTable } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { signatureOf, witness } from '../../tlog/signing.ts'
import { emptyDrill, eventsEach, findingsOf, openDrill, subjectCount } from './drill.ts'
import { change, type Drill, flipped, found, identityOf, keysOf, newestSize, rowOf, vaultRow } from './drill-items.ts'

describe('a sound ledger', () => {
  it('has no findings where an outside witness cosigned its newest checkpoint', async () => {
    const d = await openDrill()
    const north = witness('witness.example/north')
    const ask: AskWitness = async (_url, { checkpoint }) => {
      const signature = signatureOf(north, parseNote(checkpoint).text, d.ledger.clock() / 1000)
      return { says: 'cosigned', body: formatSignatureLine(signature) }
    }
    const witnesses = [{ key: north.key, url: 'https://witness.example' }]
    const round = { ...d.ledger, witnesses, ask, deadlineMs: 1_000 }
    expect(await askWitnesses(round, 'acme')).toEqual([{ witness: north.key.name }])
    expect(String((await d.ledger.objects.readServed(servedCheckpoint('acme')))?.bytes)).toContain(north.key.name)
    expect(await d.checks()).toEqual([])
  })

  it('has no findings, and everything was compared', async () => {
    const { audited } = await openDrill()
    const findings: Finding[] = []
    const compared = await selfAudit(audited, { report: (finding) => findings.push(finding) })
    const entries = 5 + subjectCount * eventsEach + 2
    const timeLeaves = 3
    expect(findings).toEqual([])
    expect(compared).toEqual({
      controllers: 1,
      subjects: subjectCount + 1,
      entries,
      events: subjectCount * eventsEach,
      reads: 2,
      readsOfSubjects: 2,
      acts: 0,
      records: 5,
      erasures: 0,
      holds: 0,
      grants: 0,
      dispositions: 0,
      endpoints: 0,
      turns: 0,
      links: 0,
      mandates: 0,
      erased: 0,
      lapsed: 0,
      withoutContext: 0,
      withoutDigestCheck: 0,
      texts: 2,
      batches: eventsEach + 2,
      leaves: entries + timeLeaves,
      indexRows: entries + timeLeaves,
      checkpoints: eventsEach + 3,
      tiles: 2,
      bundles: 1,
      certificates: 1,
    })
  })

  it('has none before it was ever used; while its first entries wait, they are pending', async () => {
    const d = await emptyDrill()
    expect(await d.checks()).toEqual([])
    await seeded(d.ledger)
    expect(await d.checks()).toEqual(['checkpoint-none pending', 'entry-unsequenced pending'])
  })

  it('has none while it is written to: what comes during the audit is not taken for lost', async () => {
    const d = await openDrill()
    let round = 0
    const write = async () => {
      const late = [1, 2, 3].map((n) => `late-${round}-${n}`)
      await recordEvents(
        d.ledger,
        d.snapshot,
        late.map((id) => submission({ eventId: id }, { identity: { type: 'device', id } })),
      )
      if (round++ % 2 === 0) await d.settle()
    }
    const busy = (table: MemoryTable): MemoryTable => ({
      ...table,
      scan: async (after) => {
        await write()
        return table.scan(after)
      },
      query: async (pk, options) => {
        await write()
        return table.query(pk, options)
      },
    })
    const findings = await findingsOf({
      ...d.audited,
      entries: busy(d.entries),
      log: busy(d.log),
      vault: busy(d.vault),
    })
    expect(round).toBeGreaterThan(5)
    expect(findings.filter(({ severity }) => severity !== 'pending')).toEqual([])
  })

  it('stays one when a subject was erased, or its keys went with a retention', async () => {
    const d = await openDrill()
    const { sub } = await keysOf(d, 3)
    const leaf = JSON.stringify({ kind: 'erased', sub, v: 1 })
    await d.entries.insert([{ pk: 'acme#erased', sk: sub, values: { leaf } }])
    await d.settle()
    expect(await d.checks()).toEqual(['erasure-unfinished error'])
    d.vault.remove(vaultRow(d, 3))
    expect(await d.checks()).toEqual([])
    await change(d.vault, vaultRow(d, 4), () => ({ context: undefined }))
    expect(await d.checks()).toEqual(['unexplained-loss error'])
    d.ledger.setNow('2031-11-22T11:30:00.000Z')
    expect(await d.checks()).toEqual([])
    await change(d.vault, vaultRow(d, 5), () => ({ proof: undefined, context: undefined }))
    d.vault.remove(vaultRow(d, 6))
    expect(await d.checks()).toEqual(['unexplained-loss error'])
    d.ledger.setNow('2031-11-22T12:30:00.000Z')
    expect(await d.checks()).toEqual([])
    const compared = await selfAudit(d.audited, { report: () => {} })
    expect(compared).toMatchObject({ erasures: 1, erased: 10, lapsed: 20, withoutContext: 10 })
  })

  it('stays one behind an erasure as the ledger does it; its leaf may wait for the release of its day, and no longer', async () => {
    const d = await openDrill()
    const scope = vaultScope(d.snapshot)
    const reason = { ground: 'order', scope: 'subject' } as const
    const erased = await eraseSubject(memoryEraser({ ...d.ledger, vault: d.vault }), scope, identityOf(3), reason)
    expect(erased).toMatchObject({ subjects: 1, events: eventsEach })
    expect(await d.checks()).toEqual(['entry-unsequenced pending'])
    d.ledger.setNow('2026-11-24T00:01:00.000Z')
    expect(await d.checks()).toEqual(['entry-unsequenced pending'])
    d.ledger.setNow('2026-11-24T00:03:00.000Z')
    expect(await d.checks()).toEqual(['entry-unsequenced error'])
    const logWriter = memoryLogWriter(d.ledger)
    await releaseErasures(
      logWriter,
      async () => ['acme'],
      async (controller, erasures) => {
        const released = await sequenceKeys(logWriter, controller, await withoutLeaf(logWriter, await erasures()))
        expect(released).toMatchObject({ indexed: 1, skipped: [] })
        return true
      },
    )
    await publishCheckpoint(memoryLogWriter(d.ledger), 'acme')
    expect(await d.checks()).toEqual([])
    const compared = await selfAudit(d.audited, { report: () => {} })
    expect(compared).toMatchObject({ erasures: 1, erased: eventsEach, lapsed: 0, subjects: subjectCount })
  })

  it.each<[string, (item: Item) => Record<string, Item['values'][string] | undefined>, string[]]>([
    ['is another', ({ values }) => ({ payload: flipped(values.payload, 20) }), ['event-differs error']],
    ['is gone', () => ({ payload: undefined }), ['event-differs error']],
    [
      'is not what its leaf commits to',
      ({ sk }) => ({ leaf: JSON.stringify({ _sd: [], _sd_alg: 'sha-256', kind: 'erased', sub: sk, v: 1 }) }),
      ['event-differs error', 'leaf-differs error'],
    ],
  ])('reports an erasure whose ground %s', async (_, damage, expected) => {
    const d = await openDrill()
    const scope = vaultScope(d.snapshot)
    const reason = { ground: 'order', scope: 'subject' } as const
    await eraseSubject(memoryEraser({ ...d.ledger, vault: d.vault }), scope, identityOf(3), reason)
    await d.settle()
    expect(await d.checks()).toEqual([])
    const [entry] = (await d.entries.query('acme#erased')).items
    await change(d.entries, found(entry), () => damage(found(entry)))
    expect(await d.checks()).toEqual(expected)
  })

  it('says where', async () => {
    const d = await openDrill()
    const row = await rowOf(d, 40)
    d.entries.remove(row)
    expect(await findingsOf(d.audited)).toEqual([
      {
        check: 'entry-missing',
        severity: 'error',
        controller: 'acme',
        where: { leafIndex: 40, key: { pk: row.pk, sk: row.sk } },
        says: 'the log has a leaf whose entry is gone',
      },
    ])
  })
})

describe('an entry that nobody announced', () => {
  const record = (d: Drill) => recordEvents(d.ledger, d.snapshot, [submission({ eventId: 'unannounced' })])

  it('is pending within the promised delay, then an error; the redrive gives it its leaf', async () => {
    const d = await openDrill()
    await record(d)
    expect(await d.checks()).toEqual(['entry-unsequenced pending'])
    d.ledger.setNow('2026-11-22T15:01:00.000Z')
    expect(await d.checks()).toEqual(['entry-unsequenced pending'])
    d.ledger.setNow('2026-11-22T15:03:00.000Z')
    const findings = await findingsOf(d.audited)
    expect(findings.map(({ check, severity }) => `${check} ${severity}`)).toEqual(['entry-unsequenced error'])
    const keys = findings.map(({ where }) => found(where.key))
    expect(await redriveEntries(memoryLogWriter(d.ledger), 'acme', keys)).toMatchObject({ indexed: 1, published: true })
    expect(await d.checks()).toEqual([])
    expect(await redriveEntries(memoryLogWriter(d.ledger), 'acme', keys)).toMatchObject({
      indexed: 0,
      published: false,
    })
  })

  it('is not what a crash left at the end of the log, which the redrive completes too', async () => {
    const d = await openDrill()
    d.log.remove(await rowOf(d, 308))
    d.log.remove({ pk: checkpointPk('acme'), sk: numberSk(await newestSize(d)) })
    expect(await d.checks()).toEqual(['checkpoint-row-missing warning', 'index-missing warning'])
    expect(await redriveEntries(memoryLogWriter(d.ledger), 'acme', [])).toMatchObject({ indexed: 0, batches: 0 })
    expect(await d.checks()).toEqual([])
  })
})
