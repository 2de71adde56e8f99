/**
 * Concurrent sequencers and publishers that crash, and that get announcements late, twice and out of order. The same crew works on a
 * simulated log and on real engines; the storage that they get decides what fails.
 */
import { LedgerError } from '../../shared/errors.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { openLog } from '../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  type SequencerRules,
  sequenceEntries,
} from '../../shared/ledger/log/sequencer.ts'
import type { Sleep } from '../../shared/ledger/log/turns.ts'
import type { Actor, Random } from './scheduler.ts'

/** A process; its memory is lost when it dies. */
export interface Employed {
  readonly actor: Actor
  readonly logWriter: LogWriter
  readonly preparation: SequencerRules
  /** Waits for the turn of another sequencer. */
  readonly sleep: Sleep
}

export interface Crew {
  readonly controller: string
  readonly random: Random
  employ(): Employed
  /** Errors that the workers threw. */
  readonly errors: LedgerError[]
}

export async function work(crew: Crew, announced: readonly AnnouncedEntry[]): Promise<void> {
  const { random } = crew
  const sequencers = Array.from({ length: 2 + random.below(3) }, () => sequencer(crew, deliveries(random, announced)))
  const publishers = Array.from({ length: random.below(3) }, () => publisher(crew, 1 + random.below(3)))
  await Promise.all([...sequencers, ...publishers])
}

/** Some of what there is to announce, in parts, out of order, some of it twice. */
function deliveries(random: Random, announced: readonly AnnouncedEntry[]): AnnouncedEntry[][] {
  return Array.from({ length: 1 + random.below(3) }, () => {
    const from = random.below(announced.length + 1)
    const some = announced.slice(from, from + 1 + random.below(12)).filter(() => random.chance(0.8))
    if (random.chance(0.3)) some.push(...some.slice(0, 3))
    return random.chance(0.5) ? some.reverse() : some
  })
}

/** A delivery that fails is delivered again, at most three times. */
async function sequencer(crew: Crew, all: readonly AnnouncedEntry[][]): Promise<void> {
  let employed = crew.employ()
  let worker = newSequencerMemory(employed.sleep)
  for (const delivery of all) {
    for (let attempt = 0; attempt < 3; attempt++) {
      const { actor, logWriter, preparation } = employed
      const end = await outcome(crew, actor, sequenceEntries(logWriter, crew.controller, delivery, worker, preparation))
      if (end === 'done') break
      if (end === 'failed') continue
      employed = crew.employ()
      worker = newSequencerMemory(employed.sleep)
    }
  }
}

/** Opens the log as the creation of a controller does. The first sequencer may have opened it already. */
async function publisher(crew: Crew, times: number): Promise<void> {
  const open = async (logWriter: LogWriter) => {
    await openLog(logWriter, crew.controller)
    await publishCheckpoint(logWriter, crew.controller)
  }
  let employed = crew.employ()
  for (let i = 0; i < times; i++) {
    const end = await outcome(crew, employed.actor, open(employed.logWriter))
    if (end === 'dead') employed = crew.employ()
  }
}

/** One sequencer that gets all announcements, and one publisher. */
export async function finish(crew: Crew, announced: readonly AnnouncedEntry[]): Promise<void> {
  const { actor, logWriter, preparation, sleep } = crew.employ()
  await outcome(
    crew,
    actor,
    sequenceEntries(logWriter, crew.controller, announced, newSequencerMemory(sleep), preparation),
  )
  await outcome(crew, actor, publishCheckpoint(logWriter, crew.controller))
}

async function outcome(crew: Crew, actor: Actor, working: Promise<unknown>): Promise<'done' | 'failed' | 'dead'> {
  const done = working.then(
    () => 'done' as const,
    (error: unknown) => {
      if (!(error instanceof LedgerError)) throw error
      crew.errors.push(error)
      return 'failed' as const
    },
  )
  return Promise.race([done, actor.died])
}
