/**
 * What every scene of the demo uses: the page, the ledger, and people who are new to the ledger in each run. The two things that scenes do
 * most are here: record an event, and ask.
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
  printAnswer,
  printCall,
  printEvent,
  printQuestion,
  printReceipt,
  type Receipt,
  type SentEvent,
} from './printing.ts'
import { type Person, people } from './world/people.ts'

export type Player = Person & { readonly account: string; readonly email: string }

export interface Stage {
  readonly page: Page
  readonly ledger: DemoClient
  readonly cast: Readonly<Record<keyof typeof people, Player>>
  readonly clock: Clock
  readonly newId: () => string
}

/** Gives each person a fresh device secret of 144 random bits, and an account and an address with the name of this run. */
export function castFor(run: string, random: Randomness): Stage['cast'] {
  const players = Object.entries<Person>(people).map(([name, person]) => {
    const deviceSecret = Buffer.from(random(18)).toString('base64url')
    const email = (person.email ?? `${name}@brevbox.example`).replace('@', `+${run}@`)
    return [name, { ...person, deviceSecret, email, account: `${person.account ?? name}-${run}` }]
  })
  return Object.fromEntries(players)
}

export const dayMs = 24 * 3600 * 1000
export const now = (stage: Stage) => daysAgo(stage, 0)
export const daysAgo = (stage: Stage, days: number) => new Date(stage.clock() - days * dayMs).toISOString()

/** A subject with its proof: for the body of an event, for the header of a call, and as an auditor names it. */
export interface Credential {
  readonly who: string
  readonly subject: SentEvent['subject']
  readonly authorization: string
  readonly identity: Identity
}

const swedishRoles: Readonly<Record<Person['role'], string>> = {
  debtor: 'gäldenär',
  creditor: 'borgenär',
  'third party': 'någon annan',
  visitor: 'besökare',
}

export function byDevice({ page: { t } }: Stage, { name, role, deviceSecret }: Player, isNew = false): Credential {
  const secret = `${deviceSecret.slice(0, 4)}…`
  return {
    who: t(
      `${name}, ${role}, by device secret ${secret}`,
      `${name}, ${swedishRoles[role]}, med enhetens hemlighet ${secret}`,
    ),
    subject: { deviceSecret, ...(isNew && { new: true }) },
    authorization: `Device ${deviceSecret}`,
    identity: deviceIdentity(deviceSecret),
  }
}

export async function byAccount({ ledger, page: { t } }: Stage, { name, role, account }: Player): Promise<Credential> {
  const authorization = await ledger.bearer('ljungsten', account)
  return {
    who: t(
      `${name}, ${role}, by token of account ${account}`,
      `${name}, ${swedishRoles[role]}, inloggad på kontot ${account}`,
    ),
    subject: { token: authorization.slice('Bearer '.length) },
    authorization,
    identity: { type: 'account', id: account },
  }
}

/** The operator's server names the subject, with a token that allows it. */
export async function byOperator(
  { ledger, page: { t } }: Stage,
  identity: Identity,
  assurance: Extract<Assurance, 'operator' | 'imported' | 'confirmed'>,
): Promise<Credential> {
  const scope = assurance === 'imported' ? 'consent.import' : 'consent.write'
  const named = `${identity.type} ${identity.id}`
  return {
    who: t(
      `${named}, named by the operator’s server (scope ${scope})`,
      `${named}, enligt företagets server (scope ${scope})`,
    ),
    subject: { identifier: { ...identity }, assurance },
    authorization: await ledger.bearer('ljungsten', 'case-system@ljungsten.example', scope),
    identity,
  }
}

export interface Recording {
  readonly by: Credential
  readonly event: Omit<SentEvent, 'subject'>
  /** Site of Ljungsten. @default 'web' */
  readonly site?: string
  /** Posted to `/v1/me/events`, where the header alone names the subject. */
  readonly own?: boolean
}

type How = readonly [
  channel: SentEvent['channel'],
  surface?: SentEvent['surface'],
  act?: SentEvent['act'],
  control?: SentEvent['control'],
]
type Details = Omit<Partial<SentEvent>, 'decisions'> & { readonly ground?: string }

/** Verbs by purpose; a key like `policy/general-terms` is a decision on a policy. */
export function newEvent(
  stage: Stage,
  verbs: Readonly<Record<string, string>>,
  how: How,
  details: Details = {},
): Recording['event'] {
  const { ground, ...fields } = details
  const [channel, surface, act, control] = how
  const decisions = Object.entries(verbs).map(([name, verb]) => {
    const target = name.startsWith('policy/') ? { policyId: name.slice('policy/'.length) } : { purposeId: name }
    return { ...target, verb, ...(ground !== undefined && { ground }) }
  }) as SentEvent['decisions']
  const sentAt = now(stage)
  return { eventId: stage.newId(), occurredAt: sentAt, sentAt, decisions, channel, surface, act, control, ...fields }
}

export function requestOf({ site = 'web', by, event: content, own }: Recording): Request {
  const isNamed = own || 'identifier' in by.subject
  return {
    method: 'POST',
    path: own ? '/v1/me/events' : '/v1/events',
    site: `ljungsten/${site}`,
    ...(isNamed && { authorization: by.authorization }),
    body: own ? content : { ...content, subject: by.subject },
  }
}

/** Records and prints an event. `effects` is what each decision is expected to count as. */
export async function record(
  stage: Stage,
  recording: Recording,
  effects: Readonly<Record<string, string>>,
): Promise<Receipt> {
  const { page, ledger } = stage
  const request = requestOf(recording)
  printEvent(page, recording.by.who, recording.event)
  const received = await ledger.call(request, 201, receipt)
  printCall(page, request, 201)
  printReceipt(page, received)
  const counted = Object.fromEntries(received.decisions.map((d) => [nameOf(d), countsAs(d)]))
  ledger.expect('what the decisions count as', counted, effects)
  return received
}

export interface Question {
  readonly subject: Identity
  /** A purpose, or a policy as `policy/general-terms`. */
  readonly about: string
  readonly controller?: string
  readonly at?: string
  readonly knownAt?: string
}

/** Asks as the controller's auditor, and prints the answer when there are `words` for the question. */
export async function ask(
  stage: Stage,
  words: string | undefined,
  question: Question,
  status: string,
): Promise<Answer> {
  const { page, ledger } = stage
  const { controller = 'ljungsten', subject, about, at, knownAt } = question
  if (words !== undefined) printQuestion(page, words)
  const target = about.startsWith('policy/') ? { policyId: about.slice('policy/'.length) } : { purposeId: about }
  const request = await auditRequest(stage, '/v1/audit/consents', { controller, subject, ...target, at, knownAt })
  const { consents: found } = await ledger.call(request, 200, consents)
  const [answer] = found
  ledger.expect(`the number of answers on ${about}`, found.length, 1)
  ledger.expect(`the status of ${about}`, answer?.status, status)
  if (answer === undefined) throw new Error('there is no answer')
  if (words !== undefined) {
    printCall(page, request, 200)
    printAnswer(page, answer)
  }
  return answer
}

/** A request of the auditor of the controller in `body`, or of `reader`. */
export async function auditRequest(
  { ledger }: Stage,
  path: string,
  body: Readonly<Record<string, unknown>> & { readonly controller: string },
  reader = body.controller,
) {
  const authorization = await ledger.bearer(reader, `auditor@${reader}.example`, 'consent.audit')
  return { method: 'POST', path, authorization, body } as const
}

/** What subjects read of their own. */
export async function ownState({ ledger }: Stage, by: Credential): Promise<readonly Answer[]> {
  const { authorization } = by
  const request = { method: 'GET', path: '/v1/me/consents', site: 'ljungsten/web', authorization } as const
  return (await ledger.call(request, 200, ownConsents)).consents
}

/** The notice in force, fetched with its reader's credential, so that its token is bound to that reader. */
export async function readNotice(
  { ledger }: Stage,
  policyId: string,
  { locale, site }: Player,
  { authorization }: Credential,
) {
  const path = `/v1/notices/${policyId}?locale=${locale}`
  return ledger.call({ method: 'GET', path, site: `ljungsten/${site}`, authorization }, 200, notice)
}
