/**
 * What the demo is played with: the page, the ledger, and people who are new to it in each run, with fresh device secrets, and
 * accounts and addresses that carry the run's name. Here are the two things that scenes do most: record an event, and ask.
 */
import { deviceIdentity } from '../../functions/http/access.ts'
import { consents, notice, ownConsents, receipt } from '../../shared/api/schemas/answers.ts'
import type { Assurance, Identity } from '../../shared/consent/event.ts'
import type { Clock, Randomness } from '../../shared/ledger/store.ts'
import type { DemoClient, Request } from './client.ts'
import type { Page } from './page.ts'
import {
  type Answer,
  countsAs,
  nameOf,
  type Receipt,
  type SentEvent,
  shortSecret,
  tellAnswer,
  tellCall,
  tellEvent,
  tellQuestion,
  tellReceipt,
} from './telling.ts'
import { credentialWords, type DemoLanguage } from './words.ts'
import { type Person, people } from './world/people.ts'

export type Player = Person & { readonly account: string; readonly email: string }
export type Cast = Readonly<Record<keyof typeof people, Player>>

export interface Stage {
  readonly page: Page
  readonly ledger: DemoClient
  readonly cast: Cast
  readonly clock: Clock
  readonly newId: () => string
}

/** Device secrets are of 144 random bits. */
export function castFor(run: string, random: Randomness): Cast {
  const players = Object.entries<Person>(people).map(([name, person]) => {
    const deviceSecret = Buffer.from(random(18)).toString('base64url')
    const email = (person.email ?? `${name}@brevbox.example`).replace('@', `+${run}@`)
    return [name, { ...person, deviceSecret, email, account: `${person.account ?? name}-${run}` }]
  })
  return Object.fromEntries(players)
}

export function now(stage: Stage): string {
  return new Date(stage.clock()).toISOString()
}

const hourMs = 3600 * 1000
export const dayMs = 24 * hourMs

export function daysAgo(stage: Stage, days: number): string {
  return new Date(stage.clock() - days * dayMs).toISOString()
}

/** One subject with what proves it: for the body of an event, for the header of a call, and as an auditor names it. */
export interface Credential {
  told(language: DemoLanguage): string
  readonly subject: SentEvent['subject']
  readonly authorization: string
  readonly identity: Identity
}

export function byDevice(player: Player, isNew = false): Credential {
  const { deviceSecret } = player
  return {
    told: (language) => credentialWords[language].device(player, shortSecret(deviceSecret)),
    subject: { deviceSecret, ...(isNew && { new: true }) },
    authorization: `Device ${deviceSecret}`,
    identity: deviceIdentity(deviceSecret),
  }
}

export async function byAccount({ ledger }: Stage, player: Player): Promise<Credential> {
  const { account } = player
  const authorization = await ledger.bearer('ljungsten', account)
  return {
    told: (language) => credentialWords[language].account(player, account),
    subject: { token: authorization.slice('Bearer '.length) },
    authorization,
    identity: { type: 'account', id: account },
  }
}

/** The operator's server names a subject, with a token that allows it to. */
export async function byOperator(
  { ledger }: Stage,
  identity: Identity,
  assurance: Extract<Assurance, 'operator' | 'imported' | 'confirmed'>,
): Promise<Credential> {
  const scope = assurance === 'imported' ? 'consent.import' : 'consent.write'
  return {
    told: (language) => credentialWords[language].operator(`${identity.type} ${identity.id}`, scope),
    subject: { identifier: { ...identity }, assurance },
    authorization: await ledger.bearer('ljungsten', 'case-system@ljungsten.example', scope),
    identity,
  }
}

export type EventContent = Omit<SentEvent, 'subject'>

/** An event under an id of its own; of this very moment, unless it says when it occurred. */
export function newEvent(
  stage: Stage,
  content: Omit<EventContent, 'eventId' | 'occurredAt' | 'sentAt'> & { readonly occurredAt?: string },
): EventContent {
  const sentAt = now(stage)
  return { eventId: stage.newId(), occurredAt: sentAt, sentAt, ...content }
}

export interface Recording {
  /** Of Ljungsten. */
  readonly site: string
  readonly by: Credential
  readonly event: EventContent
  /** Posted to `/v1/me/events`, where the header alone says who it is. */
  readonly own?: boolean
}

export function requestOf({ site, by, event, own }: Recording): Request {
  const named = own || 'identifier' in by.subject
  return {
    method: 'POST',
    path: own ? '/v1/me/events' : '/v1/events',
    site: `ljungsten/${site}`,
    ...(named && { authorization: by.authorization }),
    body: own ? event : { ...event, subject: by.subject },
  }
}

/** Tells and records an event; `effects` says of each decision what it is expected to count as. */
export async function record(
  stage: Stage,
  recording: Recording,
  effects: Readonly<Record<string, string>>,
): Promise<Receipt> {
  const { page, ledger } = stage
  const request = requestOf(recording)
  tellEvent(page, recording.by.told(page.language), recording.event)
  const handed = await ledger.call(request, 201, receipt)
  tellCall(page, request, 201)
  tellReceipt(page, handed)
  const counted = Object.fromEntries(handed.decisions.map((d) => [nameOf(d), countsAs(d)]))
  ledger.expect('what the decisions count as', counted, effects)
  return handed
}

export interface Question {
  readonly words: string
  /** Ljungsten if it is not said. */
  readonly controller?: string
  readonly subject: Identity
  readonly topic: { readonly purposeId: string } | { readonly policyId: string }
  readonly at?: string
  readonly knownAt?: string
}

/** Asks as the controller's auditor, and tells the answer. */
export async function ask(stage: Stage, question: Question, status: string): Promise<Answer> {
  const { page } = stage
  tellQuestion(page, question.words)
  const request = await auditRequest(stage, question)
  const answer = await answerTo(stage, request, question, status)
  tellCall(page, request, 200)
  tellAnswer(page, answer)
  return answer
}

/** The same without a word. */
export async function lookUp(stage: Stage, question: Omit<Question, 'words'>, status: string): Promise<Answer> {
  return answerTo(stage, await auditRequest(stage, question), question, status)
}

async function auditRequest(
  { ledger }: Stage,
  { controller = 'ljungsten', subject, topic, at, knownAt }: Omit<Question, 'words'>,
): Promise<Request> {
  return {
    method: 'POST',
    path: '/v1/audit/consents',
    authorization: await ledger.bearer(controller, `auditor@${controller}.example`, 'consent.audit'),
    body: { controller, subject, ...topic, at, knownAt },
  }
}

async function answerTo(
  { ledger }: Stage,
  request: Request,
  { topic }: Pick<Question, 'topic'>,
  status: string,
): Promise<Answer> {
  const { consents: found } = await ledger.call(request, 200, consents)
  const [answer] = found
  ledger.expect(`the number of answers on ${nameOf(topic)}`, found.length, 1)
  ledger.expect(`the status of ${nameOf(topic)}`, answer?.status, status)
  if (answer === undefined) throw new Error('there is no answer')
  return answer
}

/** What a subject reads of their own, without telling it. */
export async function ownState({ ledger }: Stage, site: string, by: Credential): Promise<readonly Answer[]> {
  const request: Request = {
    method: 'GET',
    path: '/v1/me/consents',
    site: `ljungsten/${site}`,
    authorization: by.authorization,
  }
  return (await ledger.call(request, 200, ownConsents)).consents
}

/** The notice in force, fetched with the credential of whoever reads it, so that its token is bound to them. */
export async function readNotice(
  { ledger }: Stage,
  policyId: string,
  { locale, site }: Player,
  { authorization }: Credential,
) {
  const path = `/v1/notices/${policyId}?locale=${locale}`
  const request: Request = { method: 'GET', path, site: `ljungsten/${site}`, authorization }
  return { request, served: await ledger.call(request, 200, notice) }
}
