/** What the command reads of a ledger's answer about an import. Another ledger, or something else, may have answered. */
import { isRecord } from './ask-ledger.ts'

export interface ImportAnswer {
  readonly importId: string
  readonly state: string
  readonly dryRun: boolean
  readonly progress: number
  readonly counters: {
    readonly records: number
    readonly accepted: number
    readonly skipped: number
    readonly rejected: number
  }
  readonly errors: Readonly<Record<string, number>>
  readonly files: readonly { readonly upload?: { readonly url: string } }[]
  readonly failure?: string
  readonly report?: { readonly url: string }
  readonly preview?: { readonly url: string }
}

/** @throws Error when it is no answer about an import */
export function readImport(json: unknown): ImportAnswer {
  if (!isRecord(json) || !isImport(json)) throw new Error('the ledger answers with something else than an import')
  // Its members were looked at, and numbers and texts are all that is used of them.
  return json as unknown as ImportAnswer
}

function isImport({
  importId,
  state,
  dryRun,
  progress,
  counters,
  errors,
  files,
}: Readonly<Record<string, unknown>>): boolean {
  const isCounted =
    isRecord(counters) &&
    ['records', 'accepted', 'skipped', 'rejected'].every((name) => typeof counters[name] === 'number')
  const isTold = [importId, state].every((each) => typeof each === 'string') && typeof dryRun === 'boolean'
  return isTold && typeof progress === 'number' && isCounted && isRecord(errors) && Array.isArray(files)
}
