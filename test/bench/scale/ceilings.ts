/**
 * What breaks first as a ledger grows: the ledger's own sequencer and publisher on a model of AWS, saturated. Simulated time, so the figures
 * are the same on every machine; they are as right as the model's figures (`aws-figures.ts`), and nothing here was measured on AWS.
 */
import { useFastSignatures as replaceSignatures } from '../../faults/fast-signatures.ts'
import { newTable, type Throughput } from './aws-figures.ts'
import { tableCapacity } from './capacity.ts'
import { type DeploymentPlan, type DeploymentRun, runDeployment } from './deployment-model.ts'

const saturated = {
  ...{ batchSize: 1_000, publishEveryMs: 30_000, maxInFlight: 32, seed: 1 },
  ...{ controllers: 1, concurrency: 1, events: 24_000 },
} as const satisfies DeploymentPlan

/** Twenty partitions, and the forty of the quota of a table on demand. */
const warm: Throughput = { writeUnitsPerSecond: 20_000, readUnitsPerSecond: 60_000 }
const warmest: Throughput = { writeUnitsPerSecond: 40_000, readUnitsPerSecond: 120_000 }

export const ceilingPlans: Readonly<Record<string, DeploymentPlan>> = {
  'one log, new tables': saturated,
  'one log, warm tables': { ...saturated, warmThroughput: warm, events: 32_000 },
  'one log, warm tables, two instances': { ...saturated, warmThroughput: warm, concurrency: 2 },
  'one log, warm tables, one call in 100 fails': {
    ...{ ...saturated, warmThroughput: warm, events: 12_000 },
    faults: { failing: 0.01 },
  },
  'eight logs, warm tables, eight instances': {
    ...{ ...saturated, warmThroughput: warmest, events: 40_000 },
    ...{ controllers: 8, concurrency: 8 },
  },
}

/** Events that keep coming, to a ledger that hands them over. */
export const steadyPlans: Readonly<Record<string, DeploymentPlan & { readonly eventsPerSecond: number }>> = {
  'sixteen logs, forty instances': {
    ...{ ...saturated, warmThroughput: warmest, events: 30_000, eventsPerSecond: 20_000 },
    ...{ windowMs: 1_000, controllers: 16, concurrency: 40, handsOver: true },
  },
  'one log, twenty instances': {
    ...{ ...saturated, warmThroughput: warm, events: 9_000, eventsPerSecond: 3_000 },
    ...{ windowMs: 1_000, concurrency: 20, handsOver: true },
  },
}

export interface Ceiling extends DeploymentRun {
  readonly name: string
  readonly plan: DeploymentPlan
}

export async function measureCeilings(
  plans: Readonly<Record<string, DeploymentPlan>>,
  progress: (line: string) => void = () => {},
): Promise<Ceiling[]> {
  const restore = replaceSignatures()
  try {
    const ceilings: Ceiling[] = []
    for (const [name, plan] of Object.entries(plans)) {
      progress(`scale: ${name}`)
      ceilings.push({ name, plan, ...(await runDeployment(plan)) })
    }
    return ceilings
  } finally {
    restore()
  }
}

export const ceilingsHead = ['saturated', 'events a second', 'calls an event', 'collisions', 'throttled units an event']

export function ceilingsRows(ceilings: readonly Ceiling[]): string[][] {
  return ceilings.map(({ name, plan, eventsPerSecond, calls, collisions, throttled }) => [
    name,
    String(Math.round(eventsPerSecond / 10) * 10),
    (calls / plan.events).toFixed(2),
    String(collisions),
    (throttled / plan.events).toFixed(2),
  ])
}

export const steadyHead = [
  'steady, with `handsOver`',
  'events a second',
  'calls an event',
  'collisions',
  'longest wait, s',
]

export function steadyRows(ceilings: readonly Ceiling[]): string[][] {
  return ceilings.map(({ name, plan, calls, collisions, longestWaitSeconds }) => [
    name,
    String(plan.eventsPerSecond),
    (calls / plan.events).toFixed(2),
    String(collisions),
    longestWaitSeconds.toFixed(1),
  ])
}

/** Writes a second that a table takes over some seconds, when so many are tried. */
export function writesPerSecond(tried: number, keys: readonly string[], throughput = newTable, seconds = 20): number {
  const capacity = tableCapacity(throughput)
  let taken = 0
  for (let n = 0; n < tried * seconds; n++)
    if (capacity.take('write', keys[n % keys.length] ?? '', 1, (n * 1_000) / tried)) taken++
  return taken / seconds
}
