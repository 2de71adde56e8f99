/**
 * The whole use of a deployment from outside, over HTTP and with nothing but tokens: a controller, its site, a policy; an event,
 * and its receipt; the checkpoint that keeps the receipt's promise; a proof, verified with the log's public keys alone.
 *
 * It waits where a deployment makes one wait: receipts need the certificate that the first sweep makes, proofs the next checkpoint.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deviceIdentity } from '../../functions/http/access.ts'
import { audienceOf, type DevelopmentIssuer, ledgerAudience } from '../../infra/local/development-issuer.ts'
import { parsePolicy, type Verification, verifyFile } from '../../shared/verify/verify.ts'
import { controllerDraft, versionDraft } from '../support/memory-ledger.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'

export interface FrontDoor {
  readonly url: string
  /** Whose public key the deployment trusts for `ledger.admin`. */
  readonly issuer: DevelopmentIssuer
  /** How long a wait may last. */
  readonly patienceMs: number
}

export interface StoryResult {
  readonly controller: string
  /** The verdict on the receipt once the log has its event; the next is the verdict on the proof. */
  readonly receipt: Verification
  readonly proof: Verification
  /** The event again: its status, and whether it is the first receipt. */
  readonly repeated: { readonly status: number; readonly isFirst: boolean }
  /** The same event with another decision. */
  readonly altered: number
  readonly withoutToken: number
}

interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, of which the story reads a field here and there
  readonly json: any
}

export async function playStory({ url, issuer, patienceMs }: FrontDoor): Promise<StoryResult> {
  const ask = asker(url)
  const controller = `probe-${randomBytes(6).toString('hex')}`
  const token = async (scope: string, audience = audienceOf(controller)) => ({
    authorization: `Bearer ${await issuer.token({ audience, subject: 'test', scope, lifetimeSeconds: 900 })}`,
  })
  const draft = { ...controllerDraft, controller, identityProvider: issuer.provider(audienceOf(controller)) }
  const withoutToken = (await ask('POST', '/v1/controllers', draft)).status
  const administration = await token('consent.admin')
  expectStatus(201, await ask('POST', '/v1/controllers', draft, await token('ledger.admin', ledgerAudience)))
  const site = { site: 'web', kind: 'web', name: 'Web', origins: [] }
  const { key } = expectStatus(201, await ask('POST', `/v1/controllers/${controller}/sites`, site, administration)).json
  const { policyId, ...version } = versionDraft({ summary: { en: 'The first.' } })
  const versions = `/v1/controllers/${controller}/policies/${policyId}/versions`
  expectStatus(201, await ask('POST', versions, version, administration))
  const named = { auditor: { subject: 'test' }, name: 'The probe', subjects: 'all', until: '2090-01-01T00:00:00Z' }
  const grant = { grantId: randomUUID(), ...named }
  expectStatus(201, await ask('POST', `/v1/controllers/${controller}/grants`, grant, administration))

  const deviceSecret = aDeviceSecret()
  const event = {
    eventId: randomUUID(),
    occurredAt: new Date().toISOString(),
    subject: { deviceSecret, new: true },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    shown: [{ policyId, version: version.version, locale: 'en' }],
    act: 'button',
  }
  // As a beacon sends it. Until the first sweep the event is recorded, and its receipt has no certificate to stand on.
  const post = (body: unknown) => ask('POST', `/v1/events?key=${key}`, body, { 'content-type': 'text/plain' })
  const posted = await until(patienceMs, 'a receipt', async () => {
    const answer = await post(event)
    return answer.status === 503 ? undefined : answer
  })
  if (posted.status !== 200) expectStatus(201, posted)
  const { receiptId } = posted.json
  const again = await post(event)
  const altered = await post({ ...event, decisions: [{ purposeId: 'newsletter', verb: 'refused' }] })

  const policy = parsePolicy(expectStatus(200, await ask('GET', `/log/${controller}/policy`)).text)
  const mine = `/v1/me/receipts?key=${key}&receiptId=${receiptId}`
  const receipt = await until(patienceMs, 'the checkpoint that has the event', async () => {
    const answer = expectStatus(200, await ask('GET', mine, undefined, { authorization: `Device ${deviceSecret}` }))
    const [found] = answer.json.receipts
    return found.tlogProof === undefined ? undefined : found
  })
  const question = { controller, subject: deviceIdentity(deviceSecret), purposeId: 'newsletter' }
  const proof = expectStatus(200, await ask('POST', '/v1/audit/proofs', question, await token('consent.audit')))
  return {
    controller,
    receipt: await verifyFile(JSON.stringify(receipt), policy),
    proof: await verifyFile(proof.text, policy),
    repeated: { status: again.status, isFirst: again.json?.receiptId === receiptId },
    altered: altered.status,
    withoutToken,
  }
}

function asker(url: string) {
  return async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(30_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, text, json: isJson && text !== '' ? JSON.parse(text) : undefined }
  }
}

function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer
  throw new Error(`expected ${status}, and was answered ${answer.status}: ${answer.text.slice(0, 500)}`)
}

/** Asks every second until there is something. */
export async function until<T>(patienceMs: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(1_000)) {
    const found = await ask()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`waited ${Math.round(patienceMs / 1000)} s for ${what}, in vain`)
  }
}
