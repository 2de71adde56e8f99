/** The aims that the log was built for. Sizes stand beside the figures. */
import type { LogMeasured } from './log.ts'
import { type Target, target } from './target.ts'

export function logTargets({ verify, hashing, growth, sequencer, writes }: LogMeasured): Target[] {
  const targets: Target[] = []
  if (hashing)
    targets.push(target(`leaf hashing and tree to raw SHA-256, ${hashing.leaves} leaves`, hashing.toRaw, '>=', 0.6))
  if (growth)
    targets.push(
      target(`tree and tiles alone, leaves per second, to ${growth.leaves}`, growth.leavesPerSecond, '>=', 100_000),
    )
  const [large, ...small] = sequencer ?? []
  if (large) {
    const at = `${large.events} events in cycles of ${large.eventsPerCycle}`
    const { atTenth, atEnd } = large.memory
    targets.push(
      target(`sequencer, calls per event, ${at}`, large.callsPerEvent, '<', 0.1),
      target(`sequencer, events per second, ${at}`, large.eventsPerSecond, '>=', 3_000),
      // What "flat" means for its memory.
      target(`sequencer, RSS at the end to that at a tenth, ${at}`, atEnd.processMB / atTenth.processMB, '<', 1.25),
    )
  }
  const ten = small.find(({ eventsPerCycle }) => eventsPerCycle === 10)
  // An event may cost 3.2 units, of which the event itself takes one, at 10 or more events a batch.
  if (ten) targets.push(target('log, write units per event, cycles of 10', ten.writeUnitsPerEvent, '<=', 2.2))
  if (verify) {
    const { node, chromium } = verify
    targets.push(...verifyTargets('Node', 5, node))
    if ('p50Ms' in chromium) targets.push(...verifyTargets('Chromium', 10, chromium))
  }
  for (const { id, onToOff } of writes?.series ?? [])
    targets.push(target(`${id} at concurrency ${writes?.concurrency}, log on to log off`, onToOff, '>=', 0.85))
  return targets
}

function verifyTargets(place: string, maxMs: number, { p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): Target[] {
  return [
    target(`verifying a proof in ${place}, p50 ms`, p50Ms, '<', maxMs),
    target(`verifying a proof in ${place}, p99 ms`, p99Ms, '<', maxMs),
  ]
}
