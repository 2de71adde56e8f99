/** What a protocol of another product's clients does differently from the ledger's own API. `../protocols.ts` lists those that are served. */
import type { ProblemResponse } from './problem.ts'

export interface Protocol {
  /** Begins every path of the protocol, also one that no route has. With a slash at both ends. */
  readonly pathPrefix: string
  /** Headers of the answer to a preflight. */
  readonly preflightHeaders: Readonly<Record<'access-control-allow-methods' | 'access-control-allow-headers', string>>
  /** Headers of every answer that a page may read. */
  readonly corsHeaders: Readonly<Record<string, string>>
  /** The error in the protocol's own form. Never throws. */
  refusalOf(error: unknown): ProblemResponse
}
