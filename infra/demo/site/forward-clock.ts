/**
 * The clock of the demo's ledger: the system's, which a user of the demo can move forward to try a later day. It never goes back, because
 * the log's time does not, and it is kept with the data, because the log is too. A real ledger has no such clock.
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
