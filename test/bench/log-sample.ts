/**
 * What the log is measured with: one event as a browser sends it, recorded by a whole ledger over HTTP, with the proof that an
 * auditor gets of it. Its leaf is the pattern for as many others as a log wants. Those are made from nothing but their keys, so that
 * a million need not be stored anywhere, and their keys lie as far apart as the keys of a million people.
 */
import { hash } from 'node:crypto'
import type { Item, Key } from '../../shared/ledger/store.ts'
import { startLedger } from '../support/running-ledger.ts'
import { browserHeaders, controller, locale, newVisitor, policyId, purposeId, site, visitBody } from './visits.ts'

export interface LogSample {
  readonly leafBytes: number
  /** The key of entry number n, of any controller's log. */
  keyOf(controller: string, n: number): Key
  /** The entry as the table has it, but for its payload. */
  entryOf(key: Key): Item
  /** `consent-proof@1` of the event, and the log's C2SP policy. */
  readonly proof: string
  readonly policy: string
}

export async function takeSample(): Promise<LogSample> {
  const ledger = await startLedger({ clockOnlyGoesOn: true })
  try {
    const visitor = newVisitor(() => '')
    const siteKey = ledger.key(`${controller}/${site}`)
    const notice = await ledger.get(`/v1/notices/${policyId}?key=${siteKey}&locale=${locale}`, {
      authorization: `Device ${visitor.deviceSecret}`,
    })
    const body = visitBody({ ...visitor, noticeToken: notice.json.noticeToken }, true)
    const recorded = await ledger.post(`/v1/events?key=${siteKey}`, body, browserHeaders)
    const proof = await ledger.post(
      '/v1/audit/proofs',
      { controller, subject: visitor.identity, purposeId },
      { authorization: `Bearer ${await ledger.token('consent.audit', controller)}` },
    )
    const leaf: unknown = proof.json?.events?.[0]?.leaf
    if (recorded.status !== 201 || proof.status !== 200 || typeof leaf !== 'string') {
      throw new Error(
        `no event and proof to measure with: ${recorded.status}, ${proof.status} ${proof.text.slice(0, 300)}`,
      )
    }
    return { ...likeness(leaf), proof: proof.text, policy: (await ledger.get(`/log/${controller}/policy`)).text }
  } finally {
    await ledger.close()
  }
}

/** A subject has 32 random bytes in base64url, an event's id 16. */
function likeness(leaf: string): Pick<LogSample, 'leafBytes' | 'keyOf' | 'entryOf'> {
  const { sub }: { readonly sub: string } = JSON.parse(leaf)
  const [before, after, ...more] = leaf.split(sub)
  if (before === undefined || after === undefined || more.length > 0 || sub.length !== 43) {
    throw new Error(`a leaf names its subject once: ${leaf}`)
  }
  return {
    leafBytes: Buffer.byteLength(leaf),
    keyOf(of, n) {
      const subject = hash('sha256', `subject ${n}`, 'base64url')
      return { pk: `${of}#${subject}`, sk: `event#${subject.slice(-22)}` }
    },
    entryOf({ pk, sk }) {
      return { pk, sk, values: { leaf: before + pk.slice(pk.indexOf('#') + 1) + after } }
    },
  }
}
