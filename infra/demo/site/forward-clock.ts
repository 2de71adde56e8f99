/**
 * The clock of the demo's ledger: the system's, moved forward by whoever tries what happens on a day to come. It never goes back,
 * as the log's time does not, and is kept with the data, because the log is too. No real ledger has such a clock.
 */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../../shared/ledger/store.ts'
import { writePrivateFile } from '../../local/data/private-files.ts'

export interface ForwardClock {
  readonly now: Clock
  isAhead(): boolean
  /** To a later instant; an earlier one changes nothing. */
  moveTo(instant: string): Promise<void>
}

export async function openForwardClock(file: string): Promise<ForwardClock> {
  let aheadMs = Number(await readFile(file, 'utf8').catch(() => '0'))
  const now = () => Date.now() + aheadMs
  return {
    now,
    isAhead: () => aheadMs > 0,
    async moveTo(instant) {
      const forwardMs = Date.parse(instant) - now()
      if (!(forwardMs > 0)) return
      await writePrivateFile(file, String(aheadMs + forwardMs))
      aheadMs += forwardMs
    },
  }
}
