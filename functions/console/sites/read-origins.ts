/** Reads typed origins, one on each line, by the rule of the ledger. */
import { readOrigin } from '../../../shared/consent/origin.ts'

/** The ledger takes as many for one site. */
export const mostOrigins = 50

/** The origins of the lines in the ledger's form, and the first line that is none. */
export function readOrigins(typed: string): { readonly origins: readonly string[]; readonly faulty?: string } {
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const origins = lines.map(readOrigin)
  const faulty = lines.find((_, i) => 'refusal' in (origins[i] ?? {}))
  const read = origins.flatMap((each) => ('origin' in each ? [each.origin] : []))
  return { origins: [...new Set(read)], ...(faulty !== undefined && { faulty }) }
}

export function areAcceptable(typed: string): boolean {
  const { faulty, origins } = readOrigins(typed)
  return faulty === undefined && origins.length <= mostOrigins
}
