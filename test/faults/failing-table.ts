/**
 * A table in front of a real one, which fails by chance as an actor of a simulation sees it: not done, done with the answer lost,
 * one statement of several with its own error, and the death of the actor, before or after.
 */
import { LedgerError } from '../../shared/errors.ts'
import type { InsertOutcome, Table } from '../../shared/ledger/store.ts'
import type { Actor, Random } from './scheduler.ts'

export interface Rates {
  readonly failing: number
  readonly crashing: number
}

export interface FailingTable extends Table {
  /** Resolves when no operation of any caller is under way. */
  settled(): Promise<void>
}

export function failingTable(table: Table, random: Random, actor: Actor, rates: Rates): FailingTable {
  const underWay = new Set<Promise<unknown>>()

  async function operate<T>(send: () => Promise<T>): Promise<T> {
    const drawn = random.next()
    const isCrash = drawn < rates.crashing
    const isFailure = !isCrash && drawn < rates.crashing + rates.failing
    const isSent = !(isCrash || isFailure) || random.chance(0.5)
    if (actor.isDead) return never()
    const sent = isSent ? send() : undefined
    if (sent) {
      underWay.add(sent)
      await sent.finally(() => underWay.delete(sent))
    }
    if (isCrash) {
      actor.isDead = true
      actor.die()
    }
    if (actor.isDead) return never()
    if (isFailure || !sent) throw unavailable()
    return sent
  }

  async function insert(items: readonly Parameters<Table['insert']>[0][number][]): Promise<readonly InsertOutcome[]> {
    const isRefused = items.map(() => items.length > 1 && random.chance(rates.failing / 2))
    const outcomes = (await table.insert(items.filter((_, i) => !isRefused[i]))).values()
    return isRefused.map((refused): InsertOutcome => {
      const outcome = refused ? undefined : outcomes.next().value
      return outcome ?? { outcome: 'error', error: unavailable() }
    })
  }

  return {
    insert: (items) =>
      operate(() => insert(items)).catch((error: LedgerError) =>
        items.map((): InsertOutcome => ({ outcome: 'error', error })),
      ),
    get: (keys) => operate(() => table.get(keys)),
    query: (pk, options) => operate(() => table.query(pk, options)),
    async settled() {
      await Promise.allSettled(underWay)
    },
  }
}

/** The answer to a dead actor, which never arrives. */
function never<T>(): Promise<T> {
  return new Promise(() => {})
}

function unavailable(): LedgerError {
  return new LedgerError('unavailable', 'as drawn')
}
