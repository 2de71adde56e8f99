/** The reads of a day: fetched, sorted and added up. The ledger states an hour and a number of people, and never about whom. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Reads } from '../../../shared/server/wire.ts'

export type Read = Reads['reads'][number]

export interface ReadsOfDay {
  /** UTC, `2026-11-30`. */
  readonly day: string
  /** By hour, then by reader. */
  readonly reads: readonly Read[]
  /** Whether the day has more than were fetched. */
  readonly hasMore: boolean
}

/** Of 100 reads each. A table of more is no help; the ledger's answer has them all, page by page. */
const maxPages = 20

export async function fetchReads(ledger: Pick<ServerLedger, 'listReads'>, day: string): Promise<ReadsOfDay> {
  const reads: Read[] = []
  let after: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const found: Reads = await ledger.listReads({ day, ...(after !== undefined && { after }) })
    reads.push(...found.reads)
    after = found.next
    if (after === undefined) break
  }
  return { day, reads: reads.sort(byHour), hasMore: after !== undefined }
}

const byHour = (a: Read, b: Read) =>
  a.hour.localeCompare(b.hour) || (a.reader?.name ?? '').localeCompare(b.reader?.name ?? '')

export interface ReaderSum {
  /** Absent for all reads whose reader is not known. */
  readonly reader: Read['reader']
  readonly questions: number
  /** A person counts once for each question. */
  readonly people: number
}

/** For each reader, most questions first. Readers of one name are told apart by the holder of the token. */
export function sumByReader(reads: readonly Read[]): readonly ReaderSum[] {
  const sums = new Map<string, ReaderSum>()
  for (const { reader, subjects = 0 } of reads) {
    const key = reader === undefined ? '' : JSON.stringify([reader.name, reader.auditor])
    const { questions, people } = sums.get(key) ?? { questions: 0, people: 0 }
    sums.set(key, { reader, questions: questions + 1, people: people + subjects })
  }
  return [...sums.values()].sort((a, b) => b.questions - a.questions)
}

/** The holder of the token: a person's or a program's name at the identity provider. */
export function holderOf({ subject, client }: NonNullable<Read['reader']>['auditor']): string {
  return subject ?? client ?? ''
}

/** The day so many days later, or earlier. Days are UTC, as the ledger's are. */
export function movedDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

export const today = () => new Date().toISOString().slice(0, 10)
