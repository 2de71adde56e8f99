/**
 * Step `pending`: the recorded entries that, as the file itself states, its checkpoint lacks. The list is not signed. An entry in it weakens
 * the answer; the absence of one proves nothing. The promise of each entry is judged by the newest time in the file.
 */
import { promisedBy } from '../consent/promised-delay.ts'
import { encodeHex } from '../tlog/encoding.ts'
import { decodeBase64Url } from './base64url.ts'
import { hashOfLeaf } from './check-inclusion.ts'
import type { GivenProof } from './forms-proof.ts'
import { isoOf, type SignedCheckpoint } from './signed-checkpoint.ts'
import { fail, inStep, type Log, type Pending, quote } from './verification.ts'

const step = 'pending'
/** Limit on the entries named in notes. The result has all. */
const maxNamed = 20

type Given = NonNullable<GivenProof['pending']>[number]

/** `now` is the verifier's clock. */
export function checkPending(proof: GivenProof, checkpoint: SignedCheckpoint, now: string, log: Log): Pending[] {
  const { pending = [], question } = proof
  const signedAt = checkpoint.seconds === undefined ? '' : isoOf(checkpoint.seconds)
  const { askedKnownAt: lookedAt = '' } = question
  const seenAt = lookedAt > signedAt ? lookedAt : signedAt
  const logged = [proof.events, proof.versions, proof.retractions, proof.presentations, proof.mandates ?? []].flat()
  const taken = new Set(logged.map(({ leaf }) => encodeHex(hashOfLeaf(leaf))))
  const found = pending.map((entry): Pending => {
    const what = nameOf(entry)
    const hash = inStep(step, what, () => encodeHex(decodeBase64Url(entry.leafHash)))
    if (taken.has(hash)) fail(step, `${what} is said to be pending, and is in the file twice or in the log`)
    taken.add(hash)
    if (entry.promisedBy !== promisedBy(entry.recordedAt))
      fail(step, `${what}, recorded ${entry.recordedAt}, is not promised by ${entry.promisedBy}`)
    return { ...entry, promise: promiseOf(entry, seenAt, now) }
  })
  for (const entry of found.slice(0, maxNamed)) log.note(step, sentenceOf(entry, seenAt))
  if (found.length > maxNamed)
    log.note(step, `And ${found.length - maxNamed} more, which are not in the checkpoint either.`)
  return found
}

function nameOf(entry: Given): string {
  switch (entry.kind) {
    case 'event':
      return `the event of receipt ${quote(entry.receiptId)}`
    case 'link':
      return `a side of the link ${quote(entry.linkId)}`
    case 'mandate':
      return `the mandate ${quote(entry.mandateId)}`
    case 'revocation':
      return `the revocation of the mandate ${quote(entry.mandateId)}`
    default:
      return `the ${entry.kind} ${quote(entry.name)}`
  }
}

/** `seenAt` is the newest time at which the file shows the log without the entry. */
function promiseOf({ promisedBy: until }: Given, seenAt: string, now: string): Pending['promise'] {
  if (seenAt > until) return 'broken'
  return now > until ? 'overdue' : 'open'
}

function sentenceOf(entry: Pending, seenAt: string): string {
  const begins = `Recorded ${entry.recordedAt}, and not in the checkpoint: ${nameOf(entry)}`
  switch (entry.promise) {
    case 'open':
      return `${begins}. The log promises to have it by ${entry.promisedBy}.`
    case 'overdue':
      return `${begins}. The log promised to have it by ${entry.promisedBy}, which is past: the promise is broken, unless a newer proof has it. Ask for one.`
    case 'broken':
      return `${begins}. The promise to have it by ${entry.promisedBy} is broken: at ${seenAt} the log did not have it.`
  }
}
