/** The arithmetic: examples by hand, and what must hold of any usage, price and traffic. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assumptions } from '../../../infra/cost/assumptions.ts'
import { billedUnits, dollars, dollarsByService, sum, times, unitPricesOf } from '../../../infra/cost/bill.ts'
import {
  batchOf,
  checkpointsPerBatch,
  controllerAtRest,
  defaultSetting,
  endpointAtRest,
  eventsPerBatch,
  idleMonth,
  millionEntriesAudited,
  millionEvents,
  millionEventsKept,
  millionNewAudited,
  millionProofs,
  millionProofsFromTiles,
  type Setting,
} from '../../../infra/cost/model.ts'
import { regions } from '../../../infra/cost/prices.ts'
import { itemsOf } from '../../../infra/cost/tables.ts'
import { type Counted, type Request, type Usage, usage } from '../../../infra/cost/usage.ts'
import { eventsPerSecondFor } from './events-per-batch-within.ts'

const nothing: Counted = {
  ...{ dynamoDbCalls: 0, writeUnits: 0, readUnits: 0, kmsSymmetric: 0, kmsAsymmetric: 0, s3Writes: 0, s3Reads: 0 },
  ...{ logLines: 0, logBytes: 0, tableBytes: 0, objectBytes: 0 },
}
const noRequest: Request = { ...nothing, responseBytes: 0 }
const known: Request = {
  ...noRequest,
  writeUnits: 1,
  readUnits: 2,
  logLines: 1,
  logBytes: 100,
  tableBytes: 1_000,
  responseBytes: 500,
}
const batch = { ...nothing, writeUnits: 1 }
/** Round numbers: a batch of n events is one write unit and one more for each, a checkpoint one more, and a tile 256 reads. */
const made: Usage = {
  event: {
    known,
    announced: { ...known, writeUnits: 2, readUnits: 0, tableBytes: 1_400 },
    receipt: { ...known, responseBytes: 9_000 },
  },
  coldStart: { ...nothing, readUnits: 40, kmsSymmetric: 1 },
  certificate: { ...nothing, kmsAsymmetric: 2, s3Reads: 1 },
  notice: { ...noRequest, responseBytes: 20_000 },
  batches: [
    { ...batch, events: 1, writeUnits: 2, tableBytes: 300 },
    { ...batch, events: 1_001, writeUnits: 1_002, tableBytes: 300_300 },
  ],
  handOver: { perBatch: { ...nothing, writeUnits: 1 }, perEvent: { ...nothing, readUnits: 2 } },
  checkpoint: {
    each: { ...nothing, writeUnits: 1, kmsAsymmetric: 2, s3Writes: 4, tableBytes: 500, objectBytes: 500 },
    perTile: { ...nothing, readUnits: 256, s3Writes: 3, objectBytes: 256 * 600 },
  },
  proof: { ...noRequest, writeUnits: 1, readUnits: 15, s3Reads: 1, responseBytes: 50_000 },
  tiles: {
    perProof: 5,
    checkpoint: { ...noRequest, readUnits: 1, responseBytes: 300 },
    full: { ...noRequest, s3Reads: 1, responseBytes: 8_192 },
    partial: { ...noRequest, readUnits: 20, responseBytes: 4_000 },
  },
  sweep: { metrics: 1, atRest: { ...nothing, readUnits: 7 }, look: { ...nothing, readUnits: 4, s3Writes: 1 } },
  selfAudit: {
    entries: 1_000,
    newLeaves: { ...nothing, readUnits: 2_000 },
    pass: { ...nothing, readUnits: 3_000 },
  },
}
const tenInABatch = { eventsPerSecond: eventsPerSecondFor(10, defaultSetting), newSubjectShare: 0 }

describe('by hand', () => {
  it('a million events at ten a batch: 3.6 a second, a batch each 25 / 9 s, and a checkpoint each', () => {
    const quantities = millionEvents(made, tenInABatch, defaultSetting)
    expect(quantities.httpApiRequest).toBeCloseTo(1e6)
    expect(quantities.lambdaRequest).toBeCloseTo(1.1e6)
    // Each 30 s and the 25 / 9 s until the next batch.
    const checkpoints = 1e6 / 3.6 / (30 + 25 / 9)
    // Each of four shards marks the log once in 300 s, and the sweep looks at it once in 60 s.
    const [marks, looks] = [(1e6 / 3.6 / 300) * 4, 1e6 / 3.6 / 60]
    expect(quantities.writeUnit).toBeCloseTo(1e6 + 1.1e6 + checkpoints + marks)
    expect(quantities.kmsAsymmetric).toBeCloseTo(2 * checkpoints)
    expect(quantities.s3Write).toBeCloseTo(4 * checkpoints + (3 * 1e6) / 256)
    expect(quantities.kmsSymmetric).toBeCloseTo(1e6 * assumptions.coldStartShare)
    expect(quantities.transferByte).toBeCloseTo(0.5e9 + 1e6 * assumptions.answerHeaderBytes)
    expect(quantities.logByte).toBeCloseTo(1e6 * (100 + 26))
    const { ingest, sequence, checkpoint, initMs, coldStartShare } = assumptions
    const ofCalls = ingest.memoryMb * (ingest.ms + coldStartShare * initMs)
    const ofLog =
      sequence.memoryMb * (sequence.ms / 10 + sequence.msPerEvent) + checkpoint.memoryMb * checkpoint.msPerEntry
    const ofCheckpoints = checkpoint.memoryMb * checkpoint.ms * checkpoints
    const ofLooks = assumptions.sweep.memoryMb * assumptions.sweep.msPerDueLog * looks
    expect(quantities.lambdaMbMs).toBeCloseTo(1e6 * (ofCalls + ofLog) + ofCheckpoints + ofLooks, -3)
    expect(quantities.cloudFrontRequest).toBe(0)
    // One call in 55 reads the snapshot's 40 units again, and one in 200 is a cold start with as many; each leaf is read for its bundle.
    expect(quantities.readUnit).toBeCloseTo(1e6 * (2 + 40 / 55 + 40 / 200 + 1) + 2 * looks)
    const kms = (checkpoints * 2 * 15 + 5_000 * 3) / 1e6
    expect(dollarsByService(quantities, unitPricesOf('us-east-1')).get('KMS')).toBeCloseTo(kms, 9)
  })

  it('receipts cost their bytes, and a certificate for each instance', () => {
    const short = millionEvents(made, tenInABatch, defaultSetting)
    const full = millionEvents(made, tenInABatch, { ...defaultSetting, hasReceipts: true })
    const more = billedUnits.map((unit) => [unit, (full[unit] ?? 0) - (short[unit] ?? 0)] as const)
    const instances = 1e6 * assumptions.coldStartShare
    expect(Object.fromEntries(more.filter(([, quantity]) => Math.abs(quantity) > 1e-3))).toEqual({
      transferByte: expect.closeTo(8.5e9),
      kmsAsymmetric: expect.closeTo(2 * instances),
      s3Read: expect.closeTo(instances),
    })
  })

  it('handing over costs a call and an invocation for each batch, and reads for each event', () => {
    const [without, withIt] = [false, true].map((handsOver) =>
      millionEvents(made, tenInABatch, { ...defaultSetting, handsOver }),
    )
    const more = billedUnits.map((unit) => [unit, (withIt?.[unit] ?? 0) - (without?.[unit] ?? 0)] as const)
    const { memoryMb, ms, msPerEvent } = assumptions.handOver
    expect(Object.fromEntries(more.filter(([, quantity]) => Math.abs(quantity) > 1e-3))).toEqual({
      writeUnit: expect.closeTo(1e5),
      readUnit: expect.closeTo(3e6),
      lambdaRequest: expect.closeTo(1e5),
      lambdaMbMs: expect.closeTo(1e6 * memoryMb * (ms / 10 + msPerEvent), 0),
    })
  })

  it('new subjects cost a unit of writing and save two of reading', () => {
    const [none, all] = [0, 1].map((newSubjectShare) =>
      millionEvents(made, { ...tenInABatch, newSubjectShare }, defaultSetting),
    )
    expect((all?.writeUnit ?? 0) - (none?.writeUnit ?? 0)).toBeCloseTo(1e6)
    expect((all?.readUnit ?? 0) - (none?.readUnit ?? 0)).toBeCloseTo(-2e6)
  })

  it('calls that come slower than a snapshot ages read it each time', () => {
    const { readUnit = 0 } = millionEvents(made, { eventsPerSecond: 0.00001, newSubjectShare: 0 }, defaultSetting)
    expect(readUnit / 1e6).toBeCloseTo(2 + 40 + 40 / 200 + 1 + 2 * 21, 1)
  })

  it('a proof is an answer of 50 KB, and a leaf among others', () => {
    const quantities = millionProofs(made, 4, defaultSetting)
    expect(quantities).toMatchObject({ httpApiRequest: 1e6, s3Read: 1e6 })
    expect(quantities.transferByte).toBeCloseTo(1e6 * (50_000 + assumptions.answerHeaderBytes))
    const checkpoints = 1e6 / 4 / (30 + 11 / 4)
    const marks = (1e6 / 4 / 300) * 4
    expect(quantities.writeUnit).toBeCloseTo(1e6 * (1 + 12 / 11) + checkpoints + marks)
  })

  it('a proof from tiles is six requests of the API, or with CloudFront one and half a read of an object', () => {
    const direct = millionProofsFromTiles(made, defaultSetting)
    expect(direct).toMatchObject({ httpApiRequest: 6e6, s3Read: 4e6, readUnit: 21e6, cloudFrontRequest: 0 })
    const fronted = millionProofsFromTiles(made, { ...defaultSetting, hasFront: true })
    expect(fronted).toMatchObject({ httpApiRequest: 1e6, readUnit: 20e6, transferByte: 0 })
    expect(fronted.s3Read).toBeCloseTo(5e5)
    expect(fronted.wafRequest).toBeCloseTo(6e6)
    expect(fronted.cloudFrontFunction).toBeCloseTo(11e6)
    expect(fronted.cloudFrontByte).toBeCloseTo(1e6 * (300 + 4_000 + 4 * 8_192 + 6 * assumptions.answerHeaderBytes))
  })

  it('a month at rest is 43,800 sweeps, looks for imports and deliveries, half as many for exports, hourly ones for statistics and ends of consents, a look at each log in each 256th of them, and what there is', () => {
    const quantities = idleMonth(made, defaultSetting)
    expect(quantities).toMatchObject({ lambdaRequest: 3.5 * 43_800 + 2 * 730, writeUnit: 8_760, kmsKeyMonth: 6 })
    expect(quantities.s3Write).toBeCloseTo(43_800 / 256)
    expect(quantities.readUnit).toBeCloseTo(43_800 * (7 + 2 + 2 + 1 + 4 / 256) + (4 + 2) * 730)
    expect(quantities).toMatchObject({ dashboardMonth: 0, metricMonth: 1, wafAclMonth: 0 })
    const four = idleMonth(made, { ...defaultSetting, controllers: 4, hasFront: true })
    expect(four).toMatchObject({ lambdaRequest: 3.5 * 43_800 + 2 * 730, wafAclMonth: 1 })
    expect(four.s3Write).toBeCloseTo((4 * 43_800) / 256)
  })

  it('an endpoint at rest is 50 seconds of each minute, with five calls of the function that makes messages', () => {
    const { deliver, delivering, messages } = assumptions
    const quantities = endpointAtRest()
    expect(quantities.lambdaRequest).toBeCloseTo(5 * 43_800)
    expect(quantities.readUnit).toBeCloseTo((45 - 2 + 5) * 43_800)
    const ms = delivering.memoryMb * delivering.ms - deliver.memoryMb * deliver.ms + 5 * messages.memoryMb * messages.ms
    expect(quantities.lambdaMbMs).toBeCloseTo(43_800 * ms)
  })

  it('a further controller at rest costs at most five cents a month, a hundred times less than its sweep each minute did', () => {
    for (const where of regions) expect(dollars(controllerAtRest(usage), unitPricesOf(where))).toBeLessThan(0.005)
  })

  it('a million events kept, and audited', () => {
    const kept = millionEventsKept(made, { eventsPerSecond: 0, newSubjectShare: 0.5 }, defaultSetting)
    expect(kept.tableByteMonth).toBeCloseTo(1e6 * (1_200 + 300 + 500))
    expect(kept.recoveryByteMonth).toBe(kept.tableByteMonth)
    expect(kept.objectByteMonth).toBeCloseTo(1e6 * (600 + 500))
    expect(millionEntriesAudited(made).readUnit).toBeCloseTo((3e6 * 365) / 360)
    expect(millionNewAudited(made).readUnit).toBeCloseTo(2e6)
  })
})

const rate = fc.double({ min: 0.001, max: 1_000, noNaN: true })
const share = fc.double({ min: 0, max: 1, noNaN: true })
const region = fc.constantFrom(...regions)
const settings = fc.record<Setting>({
  windowSeconds: fc.integer({ min: 0, max: 100 }),
  checkpointSeconds: fc.integer({ min: 0, max: 60 }),
  streamShards: fc.integer({ min: 1, max: 16 }),
  maxEventsPerBatch: fc.constant(1_000),
  hasFront: fc.boolean(),
  hasReceipts: fc.boolean(),
  handsOver: fc.boolean(),
  controllers: fc.integer({ min: 1, max: 50 }),
})

describe('batches and checkpoints', () => {
  it.each([
    [0, 10, 4, 1],
    [1, 10, 4, 3.5],
    [10, 10, 4, 26],
    [10, 60, 4, 151],
    [10, 10, 1, 101],
    [10_000, 10, 4, 1_000],
  ])('%d a second in windows of %d s over %d shards: %d in a batch', (rate, windowSeconds, streamShards, events) => {
    expect(eventsPerBatch(rate, { ...defaultSetting, windowSeconds, streamShards })).toBe(events)
  })

  it('between those that were counted they are between, and beyond them unknown', () => {
    expect(batchOf(made.batches, 1)).toEqual(made.batches[0])
    expect(batchOf(made.batches, 501)).toMatchObject({ events: 501, writeUnits: 502, s3Writes: 0 })
    expect(batchOf(made.batches, 1_001)).toEqual(made.batches[1])
    expect(() => batchOf(made.batches, 1_002)).toThrow('no batch of 1002 events')
    expect(() => batchOf(made.batches, 0)).toThrow('no batch of 0 events')
  })

  it.each([
    ['so few that each has its own', 0.01, 30, 4, 1],
    ['none without an interval to wait for', 10, 0, 4, 1],
    ['an interval and the time to the next batch', 1, 30, 4, 3.5 / (30 + 3.5)],
    ['the same, of one shard', 1, 30, 1, 11 / (30 + 11)],
    ['an interval and half a minute to the next sweep', 0.025, 30, 4, 42.5 / 60],
  ])('checkpoints: %s', (_, rate, checkpointSeconds, streamShards, share) => {
    expect(checkpointsPerBatch(rate, { ...defaultSetting, checkpointSeconds, streamShards })).toBeCloseTo(share, 9)
  })

  it('there are never more checkpoints than batches, nor many more than the intervals and minutes', () => {
    fc.assert(
      fc.property(rate, settings, (eventsPerSecond, setting) => {
        const perBatch = checkpointsPerBatch(eventsPerSecond, setting)
        const perSecond = (perBatch * eventsPerSecond) / eventsPerBatch(eventsPerSecond, setting)
        expect(perBatch).toBeGreaterThan(0)
        expect(perBatch).toBeLessThanOrEqual(1)
        expect(perSecond).toBeLessThanOrEqual(1 / setting.checkpointSeconds)
      }),
    )
  })

  it('a rate and its batches are each other’s', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 999, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (events, windowSeconds) => {
          const setting = { ...defaultSetting, windowSeconds }
          expect(eventsPerBatch(eventsPerSecondFor(events, setting), setting)).toBeCloseTo(events, 6)
        },
      ),
    )
  })
})

describe('of the counted usage', () => {
  it('everything costs more when a unit that it uses does, and else the same', () => {
    fc.assert(
      fc.property(
        rate,
        share,
        settings,
        region,
        fc.constantFrom(...billedUnits),
        (eventsPerSecond, newSubjectShare, setting, where, unit) => {
          const prices = unitPricesOf(where)
          const dearer = { ...prices, [unit]: prices[unit] * 2 }
          for (const { quantities } of itemsOf(usage, { eventsPerSecond, newSubjectShare }, setting)) {
            const more = dollars(quantities, dearer) - dollars(quantities, prices)
            if ((quantities[unit] ?? 0) > 0) expect(more).toBeGreaterThan(0)
            else expect(more).toBe(0)
          }
        },
      ),
    )
  })

  it('the parts of a bill are the bill', () => {
    fc.assert(
      fc.property(rate, settings, region, (eventsPerSecond, setting, where) => {
        const prices = unitPricesOf(where)
        for (const { quantities } of itemsOf(usage, { eventsPerSecond, newSubjectShare: 0 }, setting)) {
          const parts = [...dollarsByService(quantities, prices).values()]
          expect(parts.reduce((total, usd) => total + usd, 0)).toBeCloseTo(dollars(quantities, prices), 9)
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('fuller batches and fewer checkpoints never cost more: by a wider window, fewer shards, a longer interval', () => {
    fc.assert(
      fc.property(rate, share, settings, region, (eventsPerSecond, newSubjectShare, setting, where) => {
        const prices = unitPricesOf(where)
        const cost = (more: Partial<Setting>) =>
          dollars(millionEvents(usage, { eventsPerSecond, newSubjectShare }, { ...setting, ...more }), prices)
        const asItIs = cost({}) + 1e-9
        expect(cost({ windowSeconds: setting.windowSeconds + 1 })).toBeLessThanOrEqual(asItIs)
        expect(cost({ streamShards: setting.streamShards / 2 })).toBeLessThanOrEqual(asItIs)
        expect(cost({ checkpointSeconds: setting.checkpointSeconds + 1 })).toBeLessThanOrEqual(asItIs)
      }),
    )
  })

  it('new subjects, more controllers, and CloudFront with WAF never cost less', () => {
    fc.assert(
      fc.property(rate, share, settings, region, (eventsPerSecond, newSubjectShare, setting, where) => {
        const prices = unitPricesOf(where)
        const all = (more: Partial<Setting>, share = newSubjectShare) =>
          itemsOf(usage, { eventsPerSecond, newSubjectShare: share }, { ...setting, ...more }).map(({ quantities }) =>
            dollars(quantities, prices),
          )
        const neverLess = (more: readonly number[], than: readonly number[]) => {
          for (const [i, usd] of more.entries()) expect(usd).toBeGreaterThanOrEqual((than[i] ?? 0) - 1e-9)
        }
        neverLess(all({ hasFront: true }), all({ hasFront: false }))
        neverLess(all({ controllers: setting.controllers + 1 }), all({}))
        neverLess(all({}, 1), all({}))
      }),
    )
  })
})

it('quantities add up and scale', () => {
  expect(sum({ writeUnit: 1 }, { writeUnit: 2, readUnit: 3 })).toMatchObject({ writeUnit: 3, readUnit: 3, s3Read: 0 })
  expect(times(2, { writeUnit: 1.5 })).toMatchObject({ writeUnit: 3, readUnit: 0 })
})
