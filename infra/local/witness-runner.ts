/**
 * Outside witnesses of a local ledger: asked a minute after the start and then every 15 minutes. On AWS a schedule does this. Closing waits
 * for the calls in progress, ten seconds at most. A run in which a witness answered wrongly keeps a report (`npm run operations`).
 */
import { isWitnessAddress } from '../../functions/delivery/http-witness.ts'
import { askAboutAll, deadlineMs } from '../../functions/jobs/witness.ts'
import type { Telemetry } from '../../functions/telemetry.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { type AskWitness, parseWitnesses, type Witness } from '../../shared/ledger/log/ask-witnesses.ts'
import { TlogError } from '../../shared/tlog/tlog-error.ts'
import { Misuse } from '../command-line.ts'
import { type RepeatedRun, startRepeating } from './repeated-run.ts'

const times = { firstMs: 60_000, everyMs: 15 * 60_000 }

/** @param text witnesses separated by commas, each a verifier key and an address; @throws Misuse */
export function readWitnesses(text: string | undefined): Witness[] {
  try {
    const witnesses = parseWitnesses((text ?? '').split(',').filter((each) => each.trim() !== ''))
    const plain = witnesses.find(({ url }) => !isWitnessAddress(url, { allowsLoopback: true }))
    if (plain) throw new Misuse(`--witness ${plain.url}: an address is https://..., or http:// on this machine`)
    return witnesses
  } catch (error) {
    throw error instanceof TlogError ? new Misuse(`--witness: ${error.message}`) : error
  }
}

export function startWitnessing(
  ledger: Ledger,
  witnesses: readonly Witness[],
  ask: AskWitness,
  onFault: (error: unknown) => void = () => {},
): RepeatedRun {
  const about = { job: 'witness', dryRun: false, startedBy: 'schedule' } as const
  /** What was printed: the same answer each quarter of an hour is no news. */
  const said = new Set<string>()
  const asked = (goesOn: () => boolean) =>
    reportedRun(about, ledger, async (draft) => {
      const telemetry: Telemetry = {
        add() {},
        log(line) {
          const { level, event, controller, code, check } = line
          const what = [event, controller, code, check].join(' ')
          if (event === 'not-witnessed' && !said.has(what)) console.error(JSON.stringify(line))
          said.add(what)
          if (level !== 'error') return
          const more = { ...(controller && { controller }), ...(code && { code }), ...(check && { check }) }
          draft.found({ finding: event, count: 1, ...more })
        },
      }
      const run = { ...draft, telemetry, done: () => {} }
      const round = { ...ledger, witnesses, ask, deadlineMs }
      await askAboutAll(round, await claimedControllers(ledger.entries), run, goesOn)
    })
  return startRepeating(times, asked, onFault)
}
