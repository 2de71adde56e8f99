/**
 * Step `pending`: the recorded entries that, as the file itself states, its checkpoint lacks. The list is not signed. An entry in it weakens
 * the answer; the absence of one proves nothing. The promise of each entry is judged by the newest time in the file.
 */
import { promisedBy } from '../consent/promised-delay.ts'
import { encodeHex } from '../tlog/encoding.ts'
import { decodeBase64Url } from './base64url.ts'
import { hashOfLeaf } from './check-inclusion.ts'
import type { GivenProof } from './forms-proof.ts'
import { type Said, say } from './say.ts'
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
    if (taken.has(hash)) fail(step, 'pending-in-log', { what })
    taken.add(hash)
    if (entry.promisedBy !== promisedBy(entry.recordedAt))
      fail(step, 'pending-other-promise', { what, recordedAt: entry.recordedAt, promisedBy: entry.promisedBy })
    return { ...entry, promise: promiseOf(entry, seenAt, now) }
  })
  for (const entry of found.slice(0, maxNamed)) {
    const { promise, recordedAt, promisedBy: until } = entry
    log.note(step, `pending-${promise}`, { recordedAt, what: nameOf(entry), until, seenAt })
  }
  if (found.length > maxNamed) log.note(step, 'more-pending', { count: found.length - maxNamed })
  return found
}

function nameOf(entry: Given): Said {
  switch (entry.kind) {
    case 'event':
      return say('event-of-receipt', { id: quote(entry.receiptId) })
    case 'link':
      return say('side-of-link', { id: quote(entry.linkId) })
    case 'mandate':
      return say('mandate-named', { id: quote(entry.mandateId) })
    case 'revocation':
      return say('revocation-named', { id: quote(entry.mandateId) })
    default:
      return say(`publication-${entry.kind}`, { name: quote(entry.name) })
  }
}

/** `seenAt` is the newest time at which the file shows the log without the entry. */
function promiseOf({ promisedBy: until }: Given, seenAt: string, now: string): Pending['promise'] {
  if (seenAt > until) return 'broken'
  return now > until ? 'overdue' : 'open'
}
