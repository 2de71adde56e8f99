/** What becomes of each leaf of a walk, made for some leaves ahead of the one that is looked at, because statuses need calls. */
import type { WalkedLeaf } from '../ledger/log-events/walked-leaf.ts'
import type { LeafFate } from './leaf-counts.ts'
import type { ExportedRow } from './rows.ts'

export interface LeafOutcome {
  readonly fate: LeafFate
  /** For fate `exported`. */
  readonly row?: ExportedRow
}

export interface PreparedLeaf {
  readonly leaf: WalkedLeaf
  readonly outcome: Promise<LeafOutcome>
}

/** Leaves in order, of which the next can be looked at before it is taken. */
export interface LeafStream {
  peek(): Promise<PreparedLeaf | undefined>
  take(): void
  close(): Promise<void>
}

/** @param ahead leaves whose outcomes are made at once */
export function leafStream(
  walk: AsyncGenerator<WalkedLeaf>,
  outcomeOf: (leaf: WalkedLeaf) => Promise<LeafOutcome>,
  ahead: number,
): LeafStream {
  const held: PreparedLeaf[] = []
  let isAtEnd = false

  async function fill(): Promise<void> {
    while (!isAtEnd && held.length < ahead) {
      const next = await walk.next()
      if (next.done) isAtEnd = true
      else {
        const outcome = outcomeOf(next.value)
        // It may fail before anybody waits for it.
        outcome.catch(() => undefined)
        held.push({ leaf: next.value, outcome })
      }
    }
  }

  return {
    async peek() {
      if (held.length === 0) await fill()
      return held[0]
    },
    take: () => held.shift(),
    async close() {
      await walk.return(undefined)
    },
  }
}
