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
import { say } from './say.ts'
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
    const receipt = parseForm(receiptForm, parseJson(text, 'form', say('the-file')), 'form', say('the-file'))
    log.ok('form', 'form-receipt')
    const leaf = readEventLeaf(receipt.leaf, 'leaves', say('the-leaf'))
    log.ok('leaves', 'leaf-exact')
    const claims = openDisclosures(receipt.disclosures, leaf, new Set(), say('the-receipt'))
    checkWhole(claims, log)
    checkContent(receipt, claims, log)
    const signed = receipt.tlogProof === undefined ? undefined : await checkLogged(receipt, policy, log)
    checkReceiptMandate(receipt, claims, leaf.sub, signed, log)
    checkRecord(receipt, claims, leaf.sub)
    log.ok('record', 'record-matches')
    await checkPromise(receipt, policy, now, options.checkpoint, log)
    return { disclosed: valuesOf(claims) }
  })
}

/** A receipt opens all claims; only the context may be missing. */
function checkWhole({ names, covers }: OpenedClaims, log: Log): void {
  const expected = [...fieldGroups.map((g) => `field:${g}`), ...covers.map((id) => `decision:${id}`)]
  const absent = expected.filter((name) => !names.has(name) && name !== 'field:context')
  if (absent[0] !== undefined) missing('disclosures', 'claim-withheld', { what: say('the-receipt'), claim: absent[0] })
  log.ok('disclosures', 'receipt-opened', { names: names.size, expected: expected.length })
}

/** The receipt's members in clear must equal the opened claims. */
function checkContent(receipt: GivenReceipt, claims: OpenedClaims, log: Log): void {
  const { eventId, ...times } =
    claims.times ?? missing('disclosures', 'claim-withheld', { what: say('the-receipt'), claim: 'field:times' })
  const agree = (name: string, said: unknown, opened: unknown) => {
    if (!sameValue(said, opened)) fail('record', 'clear-part-differs', { name })
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
  log.ok('record', 'clear-part-matches')
}

async function checkLogged(receipt: GivenReceipt, policy: LogPolicy, log: Log): Promise<SignedCheckpoint> {
  const proof = inStep('inclusion', say('the-tlog-proof'), () => parseTlogProof(receipt.tlogProof ?? ''))
  if (proof.extra) {
    const json = inStep('inclusion', say('the-extra-data'), () =>
      decodeUtf8(proof.extra ?? new Uint8Array(), 'malformed-proof'),
    )
    const { leaf, disclosures } = receipt
    if (!sameValue(parseJson(json, 'inclusion', say('the-extra-data')), { leaf, disclosures }))
      fail('inclusion', 'extra-data-differ')
  }
  const signed = await inStepAsync('checkpoint', say('the-checkpoint'), () =>
    readSignedCheckpoint(proof.checkpoint, policy),
  )
  if (!signed.origin.endsWith(`/${receipt.controller}`))
    fail('checkpoint', 'log-of-other-controller', {
      origin: quote(signed.origin),
      controller: quote(receipt.controller),
    })
  log.ok('checkpoint', 'checkpoint-signed', {
    origin: quote(signed.origin),
    size: signed.size,
    made: timeAndWitnesses(signed),
  })
  inStep('inclusion', say('the-tlog-proof'), () =>
    verifyInclusion(proof.index, signed.size, hashOfLeaf(receipt.leaf), proof.hashes, signed.root),
  )
  log.ok('inclusion', 'event-included', { index: proof.index })
  return signed
}

async function checkPromise(
  receipt: GivenReceipt,
  policy: LogPolicy,
  now: string,
  newer: string | undefined,
  log: Log,
): Promise<void> {
  const { inclusionPromise, tlogProof, controller } = receipt
  if (inclusionPromise === undefined) {
    if (tlogProof === undefined) missing('promise', 'neither-proof-nor-promise')
    log.note('record', 'record-unsigned')
    return
  }
  const promise = await verifyPromise(inclusionPromise, hashOfLeaf(receipt.leaf), policy)
  if (!promise.origin.endsWith(`/${controller}`))
    fail('promise', 'promise-of-other-controller', { origin: quote(promise.origin), controller: quote(controller) })
  const until = isoOf(promise.until)
  log.ok('promise', 'promised', { origin: quote(promise.origin), at: isoOf(promise.iat), until })
  if (promise.content === undefined) log.note('record', 'record-unsigned')
  else if (promise.content !== receiptDigest(receipt)) fail('record', 'record-not-signed')
  else log.ok('record', 'record-signed')
  if (tlogProof !== undefined) return
  if (newer !== undefined) {
    const signed = await inStepAsync('promise-kept', say('the-newer-checkpoint'), () =>
      readSignedCheckpoint(newer, policy, promise.origin),
    )
    if (signed.seconds !== undefined && signed.seconds > promise.until) {
      missing('promise-kept', 'promise-broken', { made: timeAndWitnesses(signed), until })
    }
    log.note('promise-kept', 'promise-not-yet-due', { made: timeAndWitnesses(signed) })
  }
  if (now > until) {
    missing('promise', 'promise-overdue', { until })
  }
  log.note('promise', 'promise-open')
}

export function valuesOf(claims: OpenedClaims): Record<string, unknown> {
  const { decisions, names, ...rest } = claims
  const groups = Object.entries(rest).filter(([name]) => names.has(`field:${name}`))
  return Object.fromEntries([
    ...groups.map(([name, value]) => [`field:${name}`, value]),
    ...[...decisions].map(([id, value]) => [`decision:${id}`, value]),
  ])
}
