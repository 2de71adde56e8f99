/**
 * What an auditor found in the leaves of a sample, and the file that keeps it, `consent-sample-findings@1`: the answer of the ledger with all
 * of its proofs, and a finding for each leaf. Whoever reads the file checks the sample again from the answer; the file states no result of a
 * check. Unsigned: it says what its writer found.
 */
import { parsedJson } from '../files/parsed-json.ts'

export type Finding = 'open' | 'fine' | 'deviation'

export interface LeafFinding {
  readonly finding: Finding
  readonly note: string
}

/** By the index of the leaf. A leaf that is missing is open. */
export type Findings = ReadonlyMap<number, LeafFinding>

export const openFinding: LeafFinding = { finding: 'open', note: '' }

export const maxNote = 4000
const maxFindings = 100
/** `maxSample` proofs with their leaves, and as many notes. */
const maxCharacters = 60_000_000
const format = 'consent-sample-findings@1'

export interface FindingsFile {
  /** The answer of `POST /v1/audit/samples`, as text. */
  readonly sample: string
  readonly findings: Findings
}

/** @param savedAt RFC 3339 */
export function findingsFile({ sample, findings }: FindingsFile, savedAt: string): string {
  const found = [...findings].map(([index, { finding, note }]) => ({ index, finding, note }))
  return JSON.stringify({ format, savedAt, findings: found, sample: JSON.parse(sample) }, null, 2)
}

/** @returns undefined for a file of any other form */
export function readFindingsFile(text: string): FindingsFile | undefined {
  if (text.length > maxCharacters) return undefined
  const value = parsedJson(text)
  if (!isRecord(value) || value.format !== format || !isRecord(value.sample) || !Array.isArray(value.findings))
    return undefined
  if (value.findings.length > maxFindings) return undefined
  const findings = new Map<number, LeafFinding>()
  for (const each of value.findings) {
    if (!isRecord(each) || typeof each.index !== 'number' || typeof each.note !== 'string') return undefined
    const { index, finding, note } = each
    if (!isFinding(finding) || note.length > maxNote || !Number.isSafeInteger(index) || findings.has(index))
      return undefined
    findings.set(index, { finding, note })
  }
  return { sample: JSON.stringify(value.sample), findings }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isFinding = (value: unknown): value is Finding => value === 'open' || value === 'fine' || value === 'deviation'

/** How many leaves have each finding. */
export function countFindings(indexes: readonly number[], findings: Findings): Readonly<Record<Finding, number>> {
  const counts = { open: 0, fine: 0, deviation: 0 }
  for (const index of indexes) counts[(findings.get(index) ?? openFinding).finding] += 1
  return counts
}
