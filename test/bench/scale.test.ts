/** The ceilings on the model of AWS, which infra/scale.md states. `WRITE_README=1` writes its table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { markdownTable } from '../../infra/text-layout.ts'
import { splitAfterMs } from './scale/aws-figures.ts'
import { tableCapacity } from './scale/capacity.ts'
import {
  type Ceiling,
  ceilingPlans,
  ceilingsHead,
  ceilingsRows,
  measureCeilings,
  steadyHead,
  steadyPlans,
  steadyRows,
  writesPerSecond,
} from './scale/ceilings.ts'

const file = join(import.meta.dirname, '../../infra/scale.md')

describe('the ledger on the model', () => {
  let ceilings: readonly Ceiling[]
  let steady: readonly Ceiling[]
  const of = (name: string) => ceilings.find((each) => each.name === name) ?? expect.fail(`no ceiling ${name}`)

  beforeAll(async () => {
    ceilings = await measureCeilings(ceilingPlans)
    steady = await measureCeilings(steadyPlans)
  }, 300_000)

  it('has the ceilings that the page states', () => {
    const page = readFileSync(file, 'utf8')
    const written = page
      .replace(/^\| saturated.*\n(?:\|.*\n)+/m, () => `${markdownTable(ceilingsHead, ceilingsRows(ceilings))}\n`)
      .replace(/^\| steady.*\n(?:\|.*\n)+/m, () => `${markdownTable(steadyHead, steadyRows(steady))}\n`)
    if (process.env.WRITE_README !== undefined) writeFileSync(file, written)
    else expect(page).toBe(written)
  })

  it('logs 3,000 events a second of one controller with their checkpoints, and no fewer with a second instance', () => {
    expect(of('one log, warm tables')).toMatchObject({ collisions: 0, faults: [] })
    expect(of('one log, warm tables').eventsPerSecond).toBeGreaterThanOrEqual(3_000)
    expect(of('one log, warm tables, two instances').eventsPerSecond).toBeGreaterThanOrEqual(3_000)
  })

  it('keeps up with 20,000 events a second over several logs, and 3,000 in one, without a collision where it hands over', () => {
    expect(steady.map(({ plan }) => plan.eventsPerSecond)).toEqual([20_000, 3_000])
    for (const { plan, faults, collisions, handedOver, sequencedSeconds, longestWaitSeconds } of steady) {
      expect({ faults, collisions }).toEqual({ faults: [], collisions: 0 })
      expect(handedOver).toBeGreaterThan(plan.controllers)
      expect(longestWaitSeconds).toBeLessThan(4)
      // The window of the last events is a second of it.
      expect(sequencedSeconds).toBeLessThan(plan.events / (plan.eventsPerSecond ?? 1) + 2)
    }
  })

  it('collides at most once an instance and log, however many work at the same time', () => {
    for (const { plan, collisions } of ceilings)
      expect(collisions).toBeLessThanOrEqual(plan.concurrency * plan.controllers)
  })

  it('loses nothing when calls fail and tables throttle', () => {
    for (const { faults } of ceilings) expect(faults).toEqual([])
  })
})

describe('a table', () => {
  const many = Array.from({ length: 5_000 }, (_, n) => `key ${n}`)

  it.each([
    ['a new one, over many keys', 8_000, many, undefined, 4_000],
    ['a warm one', 30_000, many, { writeUnitsPerSecond: 20_000, readUnitsPerSecond: 0 }, 20_000],
    ['one key, however warm', 8_000, ['key'], { writeUnitsPerSecond: 20_000, readUnitsPerSecond: 0 }, 1_000],
  ])('takes what AWS documents: %s', (_what, tried, keys, warm, expected) => {
    const taken = writesPerSecond(tried, keys, warm)
    expect(taken).toBeGreaterThan(expected * 0.9)
    expect(taken).toBeLessThan(expected * 1.1)
  })

  it('splits a partition that stays hot, unless its heat is one key', () => {
    const heated = (keys: readonly string[]) => {
      const capacity = tableCapacity()
      for (let ms = 0; ms < splitAfterMs + 10_000; ms += 0.2)
        capacity.take('write', keys[Math.floor(ms * 5) % keys.length] ?? '', 1, ms)
      return capacity.partitionCount()
    }
    expect(heated(['key'])).toBe(4)
    expect(heated(many)).toBeGreaterThan(4)
  }, 60_000)
})
