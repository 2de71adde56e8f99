/** Receipts asked for again, beside a log that is run by hand: before and after the log has the leaf. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../../shared/consent/event.ts'
import { ownReceipt, ownReceipts } from '../../../../shared/ledger/answers/own-receipts.ts'
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { openLog } from '../../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { issueReceipt } from '../../../../shared/ledger/recording/issue-receipts.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { OpenedEvent } from '../../../../shared/ledger/recording/sealed-event.ts'
import { parseTlogProof } from '../../../../shared/tlog/tlog-proof.ts'
import { type MemoryLedger, memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'

const now = '2026-11-22T12:00:00.000Z'
const me: Identity = { type: 'device', id: 'a-device' }

async function stage(events: number) {
  const ledger = memoryLedger(now)
  const snapshot = await seeded(ledger)
  await openLog(memoryLogWriter(ledger), 'acme')
  const recorded: OpenedEvent[] = []
  for (let i = 0; i < events; i++) {
    ledger.setNow(new Date(Date.parse(now) + i).toISOString())
    recorded.push(await recordOne(ledger, snapshot))
  }
  return { ledger, snapshot, recorded }
}

async function recordOne(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<OpenedEvent> {
  const [outcome] = (await recordEvents(ledger, snapshot, [submission({ eventId: randomUUID() })])).outcomes
  if (outcome?.outcome !== 'recorded') throw new Error('not recorded')
  return outcome.opened
}

async function integrate(ledger: MemoryLedger, events: readonly OpenedEvent[]): Promise<void> {
  const logWriter = memoryLogWriter(ledger)
  const announced = events.map(({ key }) => ({ key, sure: true }))
  await sequenceEntries(logWriter, 'acme', announced, newSequencerMemory())
  await publishCheckpoint(logWriter, 'acme')
}

describe('a receipt', () => {
  it('has its promise alone while the controller has no log yet', async () => {
    const ledger = memoryLedger(now)
    const snapshot = await seeded(ledger)
    const { event } = await recordOne(ledger, snapshot)
    const { receipts } = await ownReceipts(ledger, snapshot, me, { limit: 2 })
    expect(receipts.map(({ eventId, tlogProof }) => [eventId, tlogProof])).toEqual([[event.eventId, undefined]])
  })

  it('has a promise at once, and a proof as soon as a checkpoint has the leaf', async () => {
    const { ledger, snapshot, recorded } = await stage(2)
    const [logged, pending] = recorded
    if (logged === undefined || pending === undefined) throw new Error('not staged')
    const answered = await Promise.all(recorded.map((opened) => issueReceipt(ledger, snapshot, opened)))
    await integrate(ledger, [logged])

    const { receipts } = await ownReceipts(ledger, snapshot, me, { limit: 10 })
    const [second, first] = receipts
    expect(receipts.map((r) => r.receiptId)).toEqual([answered[1]?.receiptId, answered[0]?.receiptId])
    expect(second).toEqual({ ...answered[1], inclusionPromise: expect.anything() })
    expect(first).toEqual({ ...answered[0], inclusionPromise: expect.anything(), tlogProof: expect.any(String) })
    const { extra = new Uint8Array() } = parseTlogProof(first?.tlogProof ?? '')
    const { leaf, disclosures } = logged
    expect(JSON.parse(Buffer.from(extra).toString())).toEqual({ leaf, disclosures: [...disclosures.values()] })

    await integrate(ledger, [pending])
    expect((await ownReceipt(ledger, snapshot, me, second?.receiptId ?? '')).tlogProof).toBeDefined()
  })

  it('is the same bytes each time within a second and a checkpoint', async () => {
    const { ledger, snapshot, recorded } = await stage(1)
    await integrate(ledger, recorded)
    const ask = async () => JSON.stringify(await ownReceipts(ledger, snapshot, me, { limit: 1 }))
    expect(await ask()).toBe(await ask())
  })

  it('is for its subject only, and unknown to one who never wrote', async () => {
    const { ledger, snapshot, recorded } = await stage(1)
    const receiptId = recorded[0]?.key.sk.slice('event#'.length) ?? ''
    const stranger = { type: 'device', id: 'another' }
    await expect(ownReceipt(ledger, snapshot, stranger, receiptId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await ownReceipts(ledger, snapshot, stranger, { limit: 10 })).toEqual({ receipts: [] })
    await expect(ownReceipts(ledger, snapshot, me, { limit: 10, after: 'x' })).rejects.toMatchObject({
      code: 'invalid-request',
      facts: { field: '/after' },
    })
  })
})
