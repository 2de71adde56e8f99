/**
 * Every 15 minutes, where witnesses are configured: asks them to cosign the newest checkpoint of each log
 * (`shared/ledger/log/ask-witnesses.ts`). A job of its own, so that no witness can hold up a publication. A log that has not grown costs two
 * queries. What a witness did wrong is one line with a stable word, and nothing else happens: the next run asks again.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { type Asked, askWitnesses, type WitnessRound } from '../../shared/ledger/log/ask-witnesses.ts'
import { atOnce } from '../../shared/ledger/log/at-once.ts'
import type { Randomness } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

/** No log is begun after this time. The function's timeout is two minutes. */
const budgetMs = 90_000
/** A witness has so long for a call and its repetition. */
export const deadlineMs = 10_000
const logsAtOnce = 8

export interface WitnessDependencies {
  readonly round: WitnessRound
  readonly random: Randomness
  /** Ids of all controllers; of some that were never created, too. */
  readonly controllersOf: () => Promise<readonly string[]>
  readonly telemetry: Telemetry
}

export function createWitnessHandler({ round, random, controllersOf, telemetry }: WitnessDependencies) {
  const { clock, objects } = round
  return createJobHandler('witness', { telemetry, objects, clock, random }, async (run, _event?: unknown) => {
    const endMs = clock() + budgetMs
    // A cosignature cannot be taken back, so a dry run asks nobody.
    const of = run.dryRun ? { ...round, witnesses: [] } : round
    await askAboutAll(of, await controllersOf(), run, () => clock() < endMs)
  })
}

/** @throws when a log could not be read or written, after all were tried; a witness that fails is only reported */
export async function askAboutAll(
  round: WitnessRound,
  controllers: readonly string[],
  run: Pick<JobRun, 'counted' | 'left' | 'done' | 'telemetry'>,
  goesOn: () => boolean,
): Promise<void> {
  let cosigned = 0
  let asked = 0
  let left = 0
  let failed = 0
  const begin = controllers.length === 0 ? 0 : Math.floor(round.clock() / 1000) % controllers.length
  // One that takes all of the time is not always the first.
  await atOnce(logsAtOnce, [...controllers.slice(begin), ...controllers.slice(0, begin)], async (controller) => {
    if (!goesOn()) {
      left++
      return
    }
    try {
      const all = await askWitnesses(round, controller)
      asked += all.length
      cosigned += all.filter(({ fault }) => fault === undefined).length
      for (const each of all) noteFault(run.telemetry, controller, each)
    } catch (error) {
      failed++
      run.telemetry.log({ level: 'error', event: 'not-witnessed', controller, code: codeOf(error) })
    }
  })
  run.counted('asked', asked)
  run.counted('cosignatures', cosigned)
  if (left > 0) run.left(left, 'logs', 'the next run begins with another')
  run.done('witnessed', cosigned)
  if (failed > 0) throw new LedgerError('unavailable', `${failed} logs could not be shown to witnesses`)
}

/** Silence is no error: it may be over by the next run, and a log goes on without its witnesses. */
function noteFault(telemetry: Telemetry, controller: string, { witness, fault, isPassing }: Asked): void {
  if (fault === undefined) return
  telemetry.log({
    ...{ level: isPassing ? 'info' : 'error', event: 'not-witnessed', count: 1 },
    ...{ controller, code: fault, check: witness },
  })
}
