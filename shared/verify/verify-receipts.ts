/**
 * Verifies an answer of the ledger with several receipts: `{receipts: [...], next?, unreadable?}` (a person's own receipts) or
 * `{outcomes: [{status, receipt | problem}]}` (a batch of events). Each receipt is verified by itself, and the worst verdict is the file's.
 */
import * as z from 'zod'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { say } from './say.ts'
import { fail, type Log, missing, quote, runSteps, type Verdict, type Verification } from './verification.ts'
import { type ReceiptOptions, verifyReceipt } from './verify-receipt.ts'

const maxReceipts = 10_000

const answer = z.union([
  z.looseObject({
    receipts: z.array(z.unknown()).max(maxReceipts),
    next: z.string().max(1000).optional(),
    unreadable: z.array(z.unknown()).max(1000).optional(),
  }),
  z.looseObject({
    outcomes: z
      .array(z.looseObject({ status: z.int(), receipt: z.unknown().optional(), problem: z.unknown().optional() }))
      .max(maxReceipts),
  }),
])

/** Members of the answers that hold receipts. */
export const isAnswerWithReceipts = (value: object): boolean => 'receipts' in value || 'outcomes' in value

/**
 * Verifies an answer of the ledger with several receipts. Never rejects.
 *
 * @param text the file
 * @param policy the logs and witnesses that are trusted
 * @param options the instant of the verification, and a newer checkpoint
 * @returns the worst verdict, and the result of each receipt
 */
export async function verifyReceipts(
  text: string,
  policy: LogPolicy,
  options: ReceiptOptions = {},
): Promise<Verification> {
  const parts: Verification[] = []
  const whole = await runSteps('receipts', async (log) => {
    const given = receiptsIn(text, log)
    for (const receipt of given) parts.push(await verifyReceipt(JSON.stringify(receipt), policy, options))
    const worst = (['invalid', 'undetermined'] satisfies Verdict[]).find((each) =>
      parts.some(({ verdict }) => verdict === each),
    )
    const at = parts.findIndex(({ verdict }) => verdict === worst)
    const failed = parts[at]?.failed
    if (failed) {
      const step = say(`step-${failed.step}`)
      const which = { number: at + 1, name: nameOf(given[at]), step, failure: failed.said }
      if (worst === 'invalid') fail('receipts', 'receipt-failed', which)
      missing('receipts', 'receipt-failed', which)
    }
    log.ok('receipts', 'receipts-valid', { count: parts.length })
    return {}
  })
  return { ...whole, receipts: parts }
}

function receiptsIn(text: string, log: Log): unknown[] {
  const given = parseForm(answer, parseJson(text, 'form', say('the-file')), 'form', say('the-file'))
  log.ok('form', 'form-receipts')
  if (given.format === 'consent-own-record@1') log.note('form', 'own-record-receipts-only')
  if ('receipts' in given && Array.isArray(given.receipts)) {
    if (given.receipts.length === 0) missing('receipts', 'no-receipt')
    if (given.next !== undefined) log.note('receipts', 'more-receipts')
    if ('unreadable' in given && Array.isArray(given.unreadable) && given.unreadable.length > 0)
      log.note('receipts', 'receipts-unreadable', { count: given.unreadable.length })
    return given.receipts
  }
  const outcomes = 'outcomes' in given && Array.isArray(given.outcomes) ? given.outcomes : []
  const recorded = outcomes.filter(({ receipt }) => receipt !== undefined)
  if (recorded.length === 0) missing('receipts', 'no-receipt')
  if (recorded.length < outcomes.length)
    log.note('receipts', 'events-refused', { count: outcomes.length, refused: outcomes.length - recorded.length })
  return recorded.map(({ receipt }) => receipt)
}

function nameOf(receipt: unknown): string {
  const isNamed = typeof receipt === 'object' && receipt !== null && 'receiptId' in receipt
  return isNamed && typeof receipt.receiptId === 'string' ? ` (${quote(receipt.receiptId)})` : ''
}
