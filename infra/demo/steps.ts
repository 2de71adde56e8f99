/**
 * The steps of a scene: record an event, ask an auditor's question, or a function for what occurs once. Each sends a request, prints what
 * went to the ledger and what came back, and checks it.
 */
import { deviceIdentity } from '../../functions/http/access.ts'
import { consents, notice, problem, receipt } from '../../shared/api/schemas/answers.ts'
import type { event } from '../../shared/api/schemas/events.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { type Checked, type DemoClient, pathOf, type Request } from './client.ts'
import { type Page, paintStatus, shortId, shortTime, type Text } from './page.ts'
import type { Person, people } from './world/people.ts'

type SentEvent = Checked<typeof event>
export type Receipt = Checked<typeof receipt>
export type Answer = Checked<typeof consents>['consents'][number]
type Problem = Checked<typeof problem>
type Player = Person & { readonly account: string; readonly email: string }

export interface Story {
  readonly page: Page
  readonly ledger: DemoClient
  readonly cast: Readonly<Record<keyof typeof people, Player>>
  /** The instant now, or this many days from now. */
  readonly now: (days?: number) => string
  readonly newId: () => string
  /** The first event, which later scenes send again. */
  visit: { readonly sent: Request; readonly receipt: Receipt; readonly purposeIds: readonly string[] } | undefined
}

/** A subject with its proof: for the body of an event, for the header of a call, and as an auditor names it. */
interface Credential {
  readonly label: string
  readonly subject: SentEvent['subject']
  readonly authorization: string
  readonly identity: Identity
  /** Locale of the texts that the subject reads. */
  readonly locale: string
}
export type By = (story: Story) => Credential | Promise<Credential>
type Name = keyof typeof people

export const device =
  (name: Name, isNew = false): By =>
  ({ cast, page: { t } }) => {
    const { deviceSecret, locale } = cast[name]
    return {
      label: `${cast[name].name}, ${t(['device secret', 'enhetens hemlighet'])} ${deviceSecret.slice(0, 4)}…`,
      subject: { deviceSecret, ...(isNew && { new: true }) },
      authorization: `Device ${deviceSecret}`,
      identity: deviceIdentity(deviceSecret),
      locale,
    }
  }

export const account =
  (name: Name): By =>
  async ({ cast, ledger, page: { t } }) => {
    const { account: id, locale } = cast[name]
    const authorization = await ledger.bearer('ljungsten', id)
    return {
      label: `${cast[name].name}, ${t(['token of account', 'inloggad på kontot'])} ${id}`,
      subject: { token: authorization.slice('Bearer '.length) },
      authorization,
      identity: { type: 'account', id },
      locale,
    }
  }

/** The operator's server names the subject, with a token that allows it. */
export const operator =
  (name: Name, type: 'account' | 'email', assurance: 'operator' | 'imported' | 'confirmed'): By =>
  async ({ cast, ledger, page: { t } }) => {
    const scope = assurance === 'imported' ? 'consent.import' : 'consent.write'
    const identity = { type, id: cast[name][type] }
    return {
      label: `${type} ${identity.id}, ${t(['named by the operator’s server', 'enligt företagets server'])} (${scope})`,
      subject: { identifier: identity, assurance },
      authorization: await ledger.bearer('ljungsten', 'case-system@ljungsten.example', scope),
      identity,
      locale: cast[name].locale,
    }
  }

/** Records an event of Ljungsten. */
export interface RecordStep {
  readonly record: By
  /** Verb by purpose; a key like `policy/general-terms` is a decision on a policy. */
  readonly verbs: Readonly<Record<string, string>>
  /** Channel, surface, act and control. */
  readonly how: readonly string[]
  readonly ground?: string
  /** Policies whose notice is read first; the event carries the notices' tokens. */
  readonly reads?: readonly string[]
  readonly fields?: Partial<SentEvent>
  /** @default 'web' */
  readonly site?: string
  /** Post to `/v1/me/events`, where the header alone names the subject. */
  readonly own?: boolean
  /** Expected effect of each decision. */
  readonly effects?: Readonly<Record<string, string>>
  readonly grades?: readonly string[]
  readonly verdict?: string
  /** Expected refusal instead of a receipt. */
  readonly refused?: readonly [status: number, code: string]
}

/** Asks as the auditor of a controller. */
export interface AskStep {
  readonly ask: Text
  readonly of: By
  /** A purpose, or a policy as `policy/general-terms`. */
  readonly about: string
  readonly at?: string
  /** Fields of the expected answer. */
  readonly expected: Partial<Answer>
  /** Reasons of the decisions that are expected to be without effect. */
  readonly withoutEffect?: readonly string[]
  /** @default 'ljungsten' */
  readonly controller?: string
}

export type Step = RecordStep | AskStep | { readonly say: Text } | ((story: Story) => Promise<void>)
export interface Scene {
  /** Fits into one line. */
  readonly title: Text
  readonly steps: readonly Step[]
}

export async function play(story: Story, step: Step): Promise<void> {
  if (typeof step === 'function') await step(story)
  else if ('say' in step) story.page.say(story.page.t(step.say))
  else if ('ask' in step) {
    const { of, about, at, controller, withoutEffect } = step
    printQuestion(story, step.ask)
    const answer = await ask(story, { subject: (await of(story)).identity, about, at, controller }, step.expected)
    printCall(story, { method: 'POST', path: '/v1/audit/consents' }, 200)
    printAnswer(story, answer)
    const reasons = answer.withoutEffect.map(({ reason }) => reason)
    if (withoutEffect) story.ledger.expect('what had no effect', reasons, withoutEffect)
  } else await record(story, step)
}

export async function record(story: Story, step: RecordStep): Promise<{ sent: Request; received?: Receipt }> {
  const { page, ledger } = story
  const { effects = {}, grades, verdict, refused, own, site = 'web' } = step
  const by = await step.record(story)
  const content = await newEvent(story, by, step)
  const sent: Request = {
    method: 'POST',
    path: own ? '/v1/me/events' : '/v1/events',
    site: `ljungsten/${site}`,
    ...((own || 'identifier' in by.subject) && { authorization: by.authorization }),
    body: own ? content : { ...content, subject: by.subject },
  }
  printEvent(page, by.label, content)
  if (refused) {
    await refuse(story, sent, ...refused)
    return { sent }
  }
  const received = await ledger.call(sent, 201, receipt)
  printCall(story, sent, 201)
  printReceipt(page, received)
  const counted = Object.fromEntries(received.decisions.map((d) => [nameOf(d), effectOf(d)]))
  ledger.expect('what the decisions count as', counted, effects)
  const given = received.link.map(({ grade }) => grade)
  if (grades) ledger.expect('the grades', given, grades)
  if (verdict) ledger.expect('the verdict on the times', received.times.verdict, verdict)
  return { sent, received }
}

async function newEvent(story: Story, by: Credential, { verbs, how, ground, reads = [], fields }: RecordStep) {
  const shown: SentEvent['shown'] = []
  for (const policyId of reads) shown.push({ noticeToken: (await readNotice(story, policyId, by)).noticeToken })
  const [channel, surface, act, control] = how
  const decisions = Object.entries(verbs).map(([name, verb]) => ({ ...targetOf(name), verb, ground }))
  const sentAt = story.now()
  const about = { channel, surface, act, control, ...(reads.length > 0 && { shown }), ...fields }
  return { eventId: story.newId(), occurredAt: sentAt, sentAt, decisions, ...about } as Omit<SentEvent, 'subject'>
}

/** The notice in force, fetched with its reader's credential, so that its token is bound to that reader. */
export async function readNotice({ ledger }: Story, policyId: string, { authorization, locale }: Credential) {
  const path = `/v1/notices/${policyId}?locale=${locale}`
  return ledger.call({ method: 'GET', path, site: 'ljungsten/web', authorization }, 200, notice)
}

interface Question {
  readonly subject: Identity
  readonly about: string
  readonly controller?: string | undefined
  readonly at?: string | undefined
  readonly knownAt?: string
}

export async function ask(story: Story, question: Question, expected: Partial<Answer>): Promise<Answer> {
  const { subject, about, controller = 'ljungsten', at, knownAt } = question
  const request = await auditRequest(story, 'consents', { controller, subject, ...targetOf(about), at, knownAt })
  const { consents: found } = await story.ledger.call(request, 200, consents)
  const [answer] = found
  if (answer === undefined || found.length > 1) throw new Error(`there are ${found.length} answers on ${about}`)
  for (const [field, value] of Object.entries(expected))
    story.ledger.expect(`the ${field} of ${about}`, answer[field as keyof Answer], value)
  return answer
}

/** A request of the auditor of the controller in `body`, or of `reader`. */
export async function auditRequest(
  { ledger }: Story,
  what: 'consents' | 'timeline' | 'proofs',
  body: Readonly<Record<string, unknown>> & { readonly controller: string },
  reader = body.controller,
) {
  const authorization = await ledger.bearer(reader, `auditor@${reader}.example`, 'consent.audit')
  return { method: 'POST', path: `/v1/audit/${what}`, authorization, body } as const
}

/** Sends a request that the ledger is to refuse. */
export async function refuse(story: Story, request: Request, status: number, code: string): Promise<Problem> {
  const { page, ledger } = story
  const refused = await ledger.call(request, status, problem)
  printCall(story, request, status)
  const { title, detail = '', field = '', given, allowed = [] } = refused
  page.fact('problem', `${page.paint('yellow', refused.code)}  ${title}`)
  if (detail) page.fact('', detail)
  if (field) page.fact('field', field)
  if (given !== undefined) page.fact('given', String(given))
  const values = [allowed].flat()
  if (values.length > 0) page.fact('allowed', values.slice(0, 6).join(', ') + (values.length > 6 ? ' …' : ''))
  ledger.expect('the problem', refused.code, code)
  return refused
}

export function printCall({ page }: Story, request: Pick<Request, 'method' | 'path'>, status: number): void {
  page.fact('call', page.paint('dim', `${request.method} ${pathOf(request)}  ${status}`))
}

export function printQuestion({ page }: Story, words: Text): void {
  page.block()
  page.fact('question', page.t(words))
}

function printEvent(page: Page, label: string, sent: Omit<SentEvent, 'subject'>): void {
  const { channel, surface, act, control, shown = [] } = sent
  const how = [channel, surface, act, control].filter(Boolean).join(', ')
  page.block()
  page.fact('event', `${shortId(sent.eventId)}  ${shortTime(sent.occurredAt)}  ${how}`)
  page.fact('subject', label)
  page.fact('decisions', sent.decisions.map((d) => `${nameOf(d)} ${d.verb}`).join(', '))
  const texts = shown.map(({ noticeToken, textSha256, policyId, version }) => {
    if (noticeToken !== undefined) return `${page.t(['notice token', 'visningsbevis'])} ${shortId(noticeToken)}`
    return `${policyId}, ${textSha256 ? shortId(textSha256) : `version ${version}`}`
  })
  if (texts.length > 0) page.fact('shown', texts.join(', '))
  if (sent.signals?.gpc) page.fact('signal', 'Global Privacy Control')
}

function printReceipt(page: Page, { receiptId, times, link, decisions }: Receipt): void {
  const { t } = page
  page.fact('receipt', `${shortId(receiptId)}  ${t(['recorded', 'antecknad'])} ${shortTime(times.recordedAt)}`)
  page.fact('effective', `${shortTime(times.effectiveAt)}, ${times.verdict}`)
  const inForce = t(['in force', 'gäller'])
  const links = link.map((l) => [l.grade, l.policyId, `version ${l.inForce ?? '–'} ${inForce}`])
  page.table('grade', [], links)
  const effects = decisions.map((d) => [nameOf(d), d.derivedFrom ? `${d.verb} (derived)` : d.verb, effectOf(d)])
  page.table('counts as', [], effects)
}

const uuids = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

export function printAnswer({ page }: Story, { status, sentence }: Pick<Answer, 'status' | 'sentence'>): void {
  const verb = page.t(['is', 'är'])
  const short = shortTime(sentence).replaceAll(uuids, '$1…')
  page.fact('answer', short.replace(` ${verb} ${status}`, ` ${verb} ${paintStatus(page, status)}`))
}

function targetOf(name: string) {
  return name.startsWith('policy/') ? { policyId: name.slice('policy/'.length) } : { purposeId: name }
}

function nameOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}

/** What a decision amounts to by itself: `yes`, `no`, `none`, `shown` or `operator`, with another verb and a reason if there are. */
function effectOf({ effect, countsAs, reason }: Receipt['decisions'][number]): string {
  const as = effect === 'no' && countsAs !== undefined ? ` (${countsAs})` : ''
  return `${effect}${as}${reason === undefined ? '' : `: ${reason}`}`
}
