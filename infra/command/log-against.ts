/** What `log check --against` says: whether the same log from other places has the same beginning. */
import { TlogError } from '../../shared/tlog/tlog-error.ts'
import type { LogPolicy } from '../../shared/tlog/tlog-policy.ts'
import { compareLogs, type LogComparison } from '../../shared/verify/compare-logs.ts'
import { LogFailure } from '../../shared/verify/log-failure.ts'
import { type LogSource, SourceError } from '../../shared/verify/log-source.ts'
import { harmless } from '../terminal-text.ts'
import { coloured, type Terminal } from './command.ts'

export interface OtherLog {
  /** Its address or directory. */
  readonly place: string
  readonly source: LogSource
}

export type Compared = { readonly place: string } & (
  | { readonly outcome: 'agrees' | 'forked'; readonly comparison: LogComparison }
  | { readonly outcome: 'undetermined'; readonly says: string }
)

/** Where one cannot be read the others are compared all the same. */
export async function compareWith(
  source: LogSource,
  others: readonly OtherLog[],
  policy: LogPolicy,
  origin: string | undefined,
): Promise<Compared[]> {
  const found: Compared[] = []
  for (const { place, source: other } of others) {
    try {
      const comparison = await compareLogs(source, other, policy, origin)
      found.push({ place, outcome: comparison.isForked ? 'forked' : 'agrees', comparison })
    } catch (error) {
      const isExpected = error instanceof SourceError || error instanceof LogFailure || error instanceof TlogError
      if (!isExpected) throw error
      found.push({ place, outcome: 'undetermined', says: error.message })
    }
  }
  return found
}

export function comparedText(compared: Compared, terminal: Terminal): string {
  const place = harmless(compared.place)
  if (compared.outcome === 'undetermined')
    return `${coloured(terminal, 'yellow', 'NOT COMPARED')} with ${place}: ${harmless(compared.says)}\n`
  const { sizes, roots, notes } = compared.comparison
  const both = Math.min(...sizes)
  if (compared.outcome === 'agrees')
    return `${coloured(terminal, 'green', 'AGREES')} with ${place}, of size ${sizes[1]}, in the first ${both} leaves.\n`
  return [
    `${coloured(terminal, 'red', 'FORKED')}: ${place} has another history. The root at size ${both} is ${roots[0]} here, and ${roots[1]} there.`,
    'Both were signed. These two notes are the proof; keep them, and both copies:',
    ...notes.map(
      (note) =>
        `\n${note
          .trimEnd()
          .split('\n')
          .map((line) => harmless(line))
          .join('\n')}`,
    ),
    '',
  ].join('\n')
}
