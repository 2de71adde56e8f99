/**
 * Whether this instance can serve, for load balancers and process managers: it can when entries, log and vault answer a read of a key
 * that nothing has. The answer names no table and no cause; a database that hangs is as good as dead after a second.
 */
import { LedgerError } from '../../shared/errors.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'

const patienceMs = 1_000
const nothing = { pk: 'health', sk: 'health' }

/** Throws `unavailable` when any of them does not answer in time. */
export async function checkHealth({ entries, log, vault }: Pick<Ledger, 'entries' | 'log' | 'vault'>): Promise<void> {
  const answered = Promise.all([entries, log, vault].map((table) => table.get([nothing])))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs)
  })
  try {
    await Promise.race([answered, late])
  } catch (cause) {
    throw new LedgerError('unavailable', 'the database does not answer', {}, cause)
  } finally {
    clearTimeout(timer)
  }
}
