/** An export of statuses has each subject once, with the status that a question about it gives. */
import { expect, it } from 'vitest'
import type { ExportDraft } from '../../../shared/api/schemas/exports.ts'
import type { Verb } from '../../../shared/consent/event.ts'
import { askStatuses } from '../../../shared/ledger/answers/statuses-for-subject.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { submission, versionDraft } from '../../support/memory-ledger.ts'
import { change, vaultRow } from '../ledger/audit/drill-items.ts'
import { ask, carryOut, draftOf, manifestOf, rowsOf, type Source, workerOn } from './exported.ts'
import { emptyWorld } from './world.ts'

const people = 40
const personOf = (n: number) => ({ type: 'device', id: `device-${n}` })
const topic = { purposeId: 'newsletter' }
const instants = ['2026-11-22T12:30:00.000Z', '2026-11-23T12:30:00.000Z', '2026-12-02T12:30:00.000Z']

/** Each person decides up to four times; version 2 comes in between, which some were shown. */
async function world(): Promise<Source> {
  const drill = await emptyWorld('2026-11-22T10:00:00.000Z')
  const { ledger } = drill
  const say = async (at: string, verb: Verb, version: string, who: (n: number) => boolean) => {
    ledger.setNow(at)
    const snapshot = (await ledger.controllers.current('acme')) ?? drill.snapshot
    const shown = [{ policyId: 'privacy', version, locale: 'en' }]
    const events = Array.from({ length: people }, (_, n) => n).filter(who)
    await recordEvents(
      ledger,
      snapshot,
      events.map((n) => {
        const event = { eventId: `${at}-${n}`, occurredAt: at, decisions: [{ ...topic, verb }], shown, act: 'button' }
        return submission(event as Parameters<typeof submission>[0], { identity: personOf(n) })
      }),
    )
    await drill.settle()
  }
  await say('2026-11-22T15:00:00.000Z', 'given', '1', (n) => n % 2 === 0)
  await say('2026-11-23T11:00:00.000Z', 'refused', '1', (n) => n % 3 === 0)
  await publishVersion(
    ledger,
    'acme',
    versionDraft({ version: '2', level: 'minor', effectiveFrom: '2026-11-24T00:00:00.000Z' }),
  )
  await say('2026-11-25T11:00:00.000Z', 'given', '2', (n) => n % 5 === 0)
  await say('2026-11-26T11:00:00.000Z', 'withdrawn', '2', (n) => n % 10 === 0)
  ledger.setNow('2026-12-02T13:00:00.000Z')
  return drill
}

async function exported(drill: Source, n: number, more: Partial<ExportDraft>) {
  const worker = workerOn(drill, { maxLeaves: 30 })
  const draft = draftOf({ what: 'statuses', ...topic, ...more, exportId: `00000000-0000-4000-8000-00000000000${n}` })
  const name = await ask(drill, draft)
  expect(await carryOut(worker, name)).toBe('done')
  return { rows: await rowsOf(worker, name), manifest: await manifestOf(worker, name) }
}

const idOf = (row: Record<string, unknown>) =>
  String((row.identity as { id: string } | undefined)?.id ?? row.identifier)

it('is what a question about each subject answers, at every instant', async () => {
  const drill = await world()
  const { ledger } = drill
  const askedAt = '2026-12-02T13:00:00.000Z'
  const snapshot = (await ledger.controllers.current('acme')) ?? drill.snapshot
  for (const [n, at] of instants.entries()) {
    const { rows, manifest } = await exported(drill, n, { at })
    const found = new Map(rows.map((row) => [idOf(row), (row.consents as { status: string; shown?: string }[])[0]]))
    expect(found.size).toBe(rows.length)
    const expected = new Map<string, unknown>()
    for (let person = 0; person < people; person++) {
      const knownAt = { at, knownAt: askedAt, askedAt }
      const { consents } = await askStatuses(ledger, snapshot, personOf(person), [topic], knownAt)
      const [{ status = '', reason = '', shown = undefined } = {}] = consents
      if (reason !== 'nothing-recorded') expected.set(personOf(person).id, { status, reason, shown })
    }
    const essence = [...found].map(([id, answer]) => [id, { ...answer }] as const)
    expect(new Map(essence)).toEqual(
      new Map([...expected].map(([id, answer]) => [id, expect.objectContaining(answer)])),
    )
    expect(manifest.leaves.unreadable).toBe(0)
  }
})

it('everyone whose consent to version 2 stands', async () => {
  const drill = await world()
  const standing = { version: '2', statuses: ['Given', 'RenewedGiven'] } as const
  const { rows } = await exported(drill, 1, { ...standing, statuses: [...standing.statuses], format: 'csv' })
  const expected = Array.from({ length: people }, (_, n) => n).filter((n) => n % 5 === 0 && n % 10 !== 0)
  expect(rows.map(idOf).sort()).toEqual(expected.map((n) => personOf(n).id).sort())
  expect(new Set(rows.map(({ shown }) => shown))).toEqual(new Set(['2']))
})

it('a subject whose first events lapsed is there, and one that cannot be read is counted', async () => {
  const drill = await world()
  const [lapsed, lost] = [vaultRow(drill, 0), vaultRow(drill, 2)]
  for (const [key, values] of [
    [lapsed, { proof: undefined }],
    [lost, { sub: new Uint8Array(60) }],
  ] as const) {
    const [row] = await drill.vault.get([key])
    if (row) await change(drill.vault, row, () => values)
  }
  const { rows, manifest } = await exported(drill, 1, {})
  expect(manifest.leaves.unreachable).toBe(1)
  expect(rows.filter(({ consents }) => JSON.stringify(consents).includes('evidence-expired'))).toHaveLength(1)
})
