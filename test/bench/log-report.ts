/** What was measured of the log, rounded for the report, and the aims that the log was built for. Sizes stand beside the figures. */
import type { LogMeasured } from './log.ts'
import type { SequencerFigures } from './log-sequencer.ts'
import { atLeast, atMost, below, type Target } from './target.ts'

const aims = {
  toRaw: 0.6,
  pureLeavesPerSecond: 100_000,
  callsPerEvent: 0.1,
  eventsPerSecond: 3_000,
  /** Resident memory at the end to that after a tenth of the events: what "flat" means here. */
  memoryGrowth: 1.25,
  verifyMs: { node: 5, chromium: 10 },
  onToOff: 0.85,
  /** DESIGN section 9: 3.2 for an event, of which the event itself takes one, at 10 or more events a batch. */
  writeUnitsAtTen: 2.2,
} as const

export function logTargets({ verify, hashing, growth, sequencer, proofs: _unaimed, writes }: LogMeasured): Target[] {
  const targets: Target[] = []
  if (hashing)
    targets.push(
      atLeast(`leaf hashing and tree to raw SHA-256, ${hashing.leaves} leaves`, aims.toRaw, hashing.toRaw, 3),
    )
  if (growth)
    targets.push(
      atLeast(
        `tree and tiles alone, leaves per second, to ${growth.leaves}`,
        aims.pureLeavesPerSecond,
        growth.leavesPerSecond,
      ),
    )
  const [large, ...small] = sequencer ?? []
  if (large) {
    const at = `${large.events} events in cycles of ${large.eventsPerCycle}`
    targets.push(
      below(`sequencer, calls per event, ${at}`, aims.callsPerEvent, large.callsPerEvent, 4),
      atLeast(`sequencer, events per second, ${at}`, aims.eventsPerSecond, large.eventsPerSecond),
      below(`sequencer, RSS at the end to that at a tenth, ${at}`, aims.memoryGrowth, memoryGrowth(large), 3),
    )
  }
  const ten = small.find(({ eventsPerCycle }) => eventsPerCycle === 10)
  if (ten)
    targets.push(atMost('log, write units per event, cycles of 10', aims.writeUnitsAtTen, ten.writeUnitsPerEvent, 3))
  if (verify) {
    targets.push(...verifyTargets('Node', aims.verifyMs.node, verify.node))
    if ('p50Ms' in verify.chromium) targets.push(...verifyTargets('Chromium', aims.verifyMs.chromium, verify.chromium))
  }
  for (const { id, onToOff } of writes?.series ?? [])
    targets.push(atLeast(`${id} at concurrency ${writes?.concurrency}, log on to log off`, aims.onToOff, onToOff, 3))
  return targets
}

function verifyTargets(where: string, aim: number, { p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): Target[] {
  return [
    below(`verifying a proof in ${where}, p50 ms`, aim, p50Ms, 2),
    below(`verifying a proof in ${where}, p99 ms`, aim, p99Ms, 2),
  ]
}

export function memoryGrowth({ memory: { atTenth, atEnd } }: SequencerFigures): number {
  return atEnd.processMB / atTenth.processMB
}

/** The same, with no more digits than a machine that is shared can give. */
export function roundedLog(measured: LogMeasured): LogMeasured {
  return roundAll(measured) as LogMeasured
}

/** Numbers to four significant places below 1,000, to whole ones above. */
function roundAll(value: unknown): unknown {
  if (typeof value === 'number') return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4))
  if (Array.isArray(value)) return value.map(roundAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, roundAll(of)]))
}
