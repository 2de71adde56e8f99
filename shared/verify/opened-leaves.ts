/**
 * The leaves that a proof or receipts open, for the sample that they may be in. Only parts that the verifier checks count, because
 * receipts and answers with receipts may have members that it does not know, in which anyone could write a leaf.
 */
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseTlogProof } from '../tlog/tlog-proof.ts'
import { restoreJson } from './changed-in-transit.ts'
import type { Said } from './say.ts'
import { verifyFile } from './verify.ts'

/** @param file text of a proof, receipts or a `.tlog-proof`, which has to be valid as a whole */
export async function leavesOpenedBy(
  file: string,
  policy: LogPolicy,
): Promise<{ readonly leaves: ReadonlySet<string> } | { readonly failed: Said }> {
  const { kind, failed } = await verifyFile(file, policy)
  if (failed) return { failed: failed.said }
  if (kind === 'tlog-proof@v1') return { leaves: new Set(opened(extraOf(file))) }
  const value: unknown = JSON.parse(restoreJson(file).text)
  return { leaves: new Set(kind === 'consent-proof@1' ? inProof(value) : receiptsIn(value).flatMap(inReceipt)) }
}

const extraOf = (file: string): unknown => JSON.parse(new TextDecoder().decode(parseTlogProof(file).extra))

function inProof(proof: unknown): string[] {
  const linked = listOf(memberOf(proof, 'joint'), 'subjects')
  return [
    ...[...listOf(proof, 'events'), ...listOf(proof, 'mandates'), ...listOf(proof, 'completions')].flatMap(opened),
    ...linked.flatMap((one) => [
      ...opened(memberOf(one, 'here')),
      ...opened(memberOf(one, 'there')),
      ...inProof(memberOf(one, 'proof')),
    ]),
  ]
}

function receiptsIn(value: unknown): readonly unknown[] {
  const receipts = memberOf(value, 'receipts')
  if (Array.isArray(receipts)) return receipts
  const outcomes = memberOf(value, 'outcomes')
  return Array.isArray(outcomes) ? outcomes.map((one) => memberOf(one, 'receipt')) : [value]
}

const inReceipt = (receipt: unknown): string[] => [receipt, ...listOf(receipt, 'mandates')].flatMap(opened)

function opened(one: unknown): string[] {
  const leaf = memberOf(one, 'leaf')
  return typeof leaf === 'string' && listOf(one, 'disclosures').length > 0 ? [leaf] : []
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name)
  return Array.isArray(list) ? list : []
}
