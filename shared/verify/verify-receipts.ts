/**
 * Verifies an answer of the ledger with several receipts: `{receipts: [...], next?, unreadable?}` (a person's own receipts) or
 * `{outcomes: [{status, receipt | problem}]}` (a batch of events). Each receipt is verified by itself, and the worst verdict is the file's.
 */
import * as z from 'zod'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { count, fail, type Log, missing, quote, runSteps, type Verdict, type Verification } from './verification.ts'
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
      const says = `receipt ${at + 1}${nameOf(given[at])}, step "${failed.step}": ${failed.says}`
      if (worst === 'invalid') fail('receipts', says)
      missing('receipts', says)
    }
    log.ok('receipts', `Each of ${count(parts.length, 'receipt')} is valid by itself.`)
    return {}
  })
  return { ...whole, receipts: parts }
}

function receiptsIn(text: string, log: Log): unknown[] {
  const given = parseForm(answer, parseJson(text, 'form', 'the file'), 'form', 'the file')
  log.ok('form', 'The file has the form of an answer with receipts.')
  if (given.format === 'consent-own-record@1')
    log.note(
      'form',
      'Only the receipts of a person’s own record are verified; the rest of it is the word of the ledger.',
    )
  if ('receipts' in given && Array.isArray(given.receipts)) {
    if (given.receipts.length === 0) missing('receipts', 'the file has no receipt')
    if (given.next !== undefined)
      log.note('receipts', 'The ledger had more receipts than these: the next page is another file.')
    if ('unreadable' in given && Array.isArray(given.unreadable) && given.unreadable.length > 0)
      log.note(
        'receipts',
        `The ledger named ${count(given.unreadable.length, 'row')} that it could not read: of these there is no receipt.`,
      )
    return given.receipts
  }
  const outcomes = 'outcomes' in given && Array.isArray(given.outcomes) ? given.outcomes : []
  const recorded = outcomes.filter(({ receipt }) => receipt !== undefined)
  if (recorded.length === 0) missing('receipts', 'the file has no receipt')
  if (recorded.length < outcomes.length)
    log.note(
      'receipts',
      `Of ${count(outcomes.length, 'event')} ${outcomes.length - recorded.length} were refused, and have no receipt.`,
    )
  return recorded.map(({ receipt }) => receipt)
}

function nameOf(receipt: unknown): string {
  const isNamed = typeof receipt === 'object' && receipt !== null && 'receiptId' in receipt
  return isNamed && typeof receipt.receiptId === 'string' ? ` (${quote(receipt.receiptId)})` : ''
}
