/**
 * Verifies a `consent-receipt@1`, a person's evidence of one event: its disclosures open its leaf, its record states the same as they do,
 * and the log has the leaf or has promised to have it.
 */
import { fieldGroups } from '../consent/leaf.ts'
import { sameValue } from '../consent/policy-versions.ts'
import { receiptDigest } from '../consent/receipt-digest.ts'
import { effectDetails } from '../consent/receipt-file.ts'
import { decodeUtf8 } from '../tlog/encoding.ts'
import { verifyInclusion } from '../tlog/inclusion.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseTlogProof } from '../tlog/tlog-proof.ts'
import { hashOfLeaf } from './check-inclusion.ts'
import { verifyPromise } from './check-promise.ts'
import { checkReceiptMandate } from './check-receipt-mandate.ts'
import { checkRecord } from './check-receipt-record.ts'
import { type OpenedClaims, openDisclosures, readEventLeaf } from './disclosures.ts'
import { type GivenReceipt, parseForm, parseJson, receipt as receiptForm } from './forms-proof.ts'
import { isoOf, readSignedCheckpoint, type SignedCheckpoint, timeAndWitnesses } from './signed-checkpoint.ts'
import { fail, inStep, inStepAsync, type Log, missing, quote, runSteps, type Verification } from './verification.ts'

/** Options for receipts. */
export interface ReceiptOptions {
  /** The instant of the verification, RFC 3339. @default now */
  readonly now?: string
  /** A newer signed note of the log, e.g. its present checkpoint: it may show that a promise was broken. */
  readonly checkpoint?: string
}

/**
 * Verifies a `consent-receipt@1`. Never rejects.
 *
 * @param text the file
 * @param policy the logs and witnesses that are trusted
 * @param options the instant of the verification, and a newer checkpoint
 * @returns the verdict with all findings, and the opened claims
 */
export async function verifyReceipt(
  text: string,
  policy: LogPolicy,
  options: ReceiptOptions = {},
): Promise<Verification> {
  const { now = new Date().toISOString() } = options
  return runSteps('consent-receipt@1', async (log) => {
    const receipt = parseForm(receiptForm, parseJson(text, 'form', 'the file'), 'form', 'the file')
    log.ok('form', 'The file has the form of consent-receipt@1.')
    const leaf = readEventLeaf(receipt.leaf, 'leaves', 'the leaf')
    log.ok('leaves', 'The leaf has the exact bytes that its members make.')
    const claims = openDisclosures(receipt.disclosures, leaf, new Set(), 'the receipt')
    checkWhole(claims, log)
    checkContent(receipt, claims, log)
    const signed = receipt.tlogProof === undefined ? undefined : await checkLogged(receipt, policy, log)
    checkReceiptMandate(receipt, claims, leaf.sub, signed, log)
    checkRecord(receipt, claims, leaf.sub)
    log.ok('record', 'What its record says of the event is what the disclosures say.')
    await checkPromise(receipt, policy, now, options.checkpoint, log)
    return { disclosed: valuesOf(claims) }
  })
}

/** A receipt opens all claims; only the context may be missing. */
function checkWhole({ names, covers }: OpenedClaims, log: Log): void {
  const expected = [...fieldGroups.map((g) => `field:${g}`), ...covers.map((id) => `decision:${id}`)]
  const absent = expected.filter((name) => !names.has(name) && name !== 'field:context')
  if (absent[0] !== undefined) missing('disclosures', `the receipt withholds ${absent[0]}`)
  log.ok(
    'disclosures',
    `Every disclosure opens a digest that the leaf committed to: ${names.size} of ${expected.length}.`,
  )
}

/** The receipt's members in clear must equal the opened claims. */
function checkContent(receipt: GivenReceipt, claims: OpenedClaims, log: Log): void {
  const { eventId, ...times } = claims.times ?? missing('disclosures', 'the receipt withholds field:times')
  const agree = (name: string, said: unknown, opened: unknown) => {
    if (!sameValue(said, opened)) fail('record', `${name} is not what the disclosures say`)
  }
  agree('eventId', receipt.eventId, eventId)
  agree('times', receipt.times, times)
  agree('site', receipt.site, claims.how?.site)
  agree('assurance', receipt.assurance, claims.who?.assurance)
  agree('link', receipt.link, claims.link)
  const decided = receipt.decisions.map((decision) =>
    Object.fromEntries(Object.entries(decision).filter(([name]) => !Object.hasOwn(effectDetails, name))),
  )
  agree(
    'decisions',
    decided,
    claims.covers.map((id) => claims.decisions.get(id)),
  )
  log.ok('record', 'What the receipt says in clear is what its disclosures say.')
}

async function checkLogged(receipt: GivenReceipt, policy: LogPolicy, log: Log): Promise<SignedCheckpoint> {
  const proof = inStep('inclusion', 'the tlog-proof', () => parseTlogProof(receipt.tlogProof ?? ''))
  if (proof.extra) {
    const json = inStep('inclusion', 'the extra data', () =>
      decodeUtf8(proof.extra ?? new Uint8Array(), 'malformed-proof'),
    )
    const { leaf, disclosures } = receipt
    if (!sameValue(parseJson(json, 'inclusion', 'the extra data'), { leaf, disclosures }))
      fail('inclusion', "the tlog-proof's extra data are not the leaf and disclosures of the receipt")
  }
  const signed = await inStepAsync('checkpoint', 'the checkpoint', () => readSignedCheckpoint(proof.checkpoint, policy))
  if (!signed.origin.endsWith(`/${receipt.controller}`))
    fail('checkpoint', `the log ${quote(signed.origin)} is not that of the controller ${quote(receipt.controller)}`)
  log.ok(
    'checkpoint',
    `The log ${quote(signed.origin)} signed a tree of ${signed.size}, made ${timeAndWitnesses(signed)}.`,
  )
  inStep('inclusion', 'the tlog-proof', () =>
    verifyInclusion(proof.index, signed.size, hashOfLeaf(receipt.leaf), proof.hashes, signed.root),
  )
  log.ok('inclusion', `The log has the event, as leaf ${proof.index}.`)
  return signed
}

const unsigned =
  "What the record says of the purposes and parties, and the effect of each decision, is the operator's summary: neither the log nor a signature holds it."

async function checkPromise(
  receipt: GivenReceipt,
  policy: LogPolicy,
  now: string,
  newer: string | undefined,
  log: Log,
): Promise<void> {
  const { inclusionPromise, tlogProof, controller } = receipt
  if (inclusionPromise === undefined) {
    if (tlogProof === undefined)
      missing('promise', 'the receipt has neither a proof that the log has the event nor a promise that it will')
    log.note('record', unsigned)
    return
  }
  const promise = await verifyPromise(inclusionPromise, hashOfLeaf(receipt.leaf), policy)
  if (!promise.origin.endsWith(`/${controller}`))
    fail(
      'promise',
      `the promise is of the log ${quote(promise.origin)}, not that of the controller ${quote(controller)}`,
    )
  const until = isoOf(promise.until)
  log.ok('promise', `The log ${quote(promise.origin)} promised at ${isoOf(promise.iat)} to have the event by ${until}.`)
  if (promise.content === undefined) log.note('record', unsigned)
  else if (promise.content !== receiptDigest(receipt))
    fail('record', 'the record, or another part that a person reads, is not the one that the ledger signed')
  else
    log.ok(
      'record',
      'The record and the effect of each decision are those that the ledger signed: its summary, not the log’s.',
    )
  if (tlogProof !== undefined) return
  if (newer !== undefined) {
    const signed = await inStepAsync('promise-kept', 'the newer checkpoint', () =>
      readSignedCheckpoint(newer, policy, promise.origin),
    )
    if (signed.seconds !== undefined && signed.seconds > promise.until) {
      missing(
        'promise-kept',
        `the log signed a checkpoint ${timeAndWitnesses(signed)}, after the promise ran out at ${until}, and this receipt has no proof. Fetch it again: if it still has none, the operator broke the promise or withholds the proof, and this file is the evidence`,
      )
    }
    log.note(
      'promise-kept',
      `The newer checkpoint was made ${timeAndWitnesses(signed)}: it does not show that the promise ran out.`,
    )
  }
  if (now > until) {
    missing(
      'promise',
      `the promise ran out at ${until}, and nothing in the file shows that it was kept. Fetch the receipt again: if it still has no proof, this file is evidence against the operator`,
    )
  }
  log.note('promise', 'The log need not have the event yet. Fetch the receipt again later to get the proof.')
}

export function valuesOf(claims: OpenedClaims): Record<string, unknown> {
  const { decisions, names, ...rest } = claims
  const groups = Object.entries(rest).filter(([name]) => names.has(`field:${name}`))
  return Object.fromEntries([
    ...groups.map(([name, value]) => [`field:${name}`, value]),
    ...[...decisions].map(([id, value]) => [`decision:${id}`, value]),
  ])
}
