/**
 * The steps of a scene, played with the server client. A step records an event, asks an auditor's question, says a sentence, or is a
 * function for what occurs once. Each prints what went to the ledger and what came back, and the first answer that differs from what the
 * story expects ends it with a sentence.
 */
import {
  type NewEvent,
  type Notice,
  ProblemError,
  type Receipt,
  type ServerLedger,
} from '../../shared/server/server.ts'
import { type Page, paintStatus, shortId, shortTime, type Text } from './page.ts'
import type { Answer, By, Credential, Story } from './session.ts'

export type Refusal = readonly [status: number, code: string]

/** Records an event of Ljungsten. */
export interface RecordStep {
  readonly record: By
  /** Verb by purpose; a key like `policy/general-terms` is a decision on a policy. */
  readonly verbs: Readonly<Record<string, string>>
  /** Channel, surface, act and control. */
  readonly how: string
  readonly ground?: string
  /** Policies whose notice is read first; the event carries the notices' tokens. */
  readonly reads?: readonly string[]
  readonly fields?: Partial<NewEvent>
  /** @default 'web' */
  readonly site?: string
  /** Post to `/v1/me/events`, where the credential alone names the subject. */
  readonly own?: boolean
  /** Expected effect of each decision. */
  readonly effects?: Readonly<Record<string, string>>
  readonly grades?: readonly string[]
  readonly verdict?: string
  /** The expected refusal. */
  readonly refused?: Refusal
}

interface Question {
  readonly of: By
  /** A purpose, or a policy as `policy/general-terms`. */
  readonly about: string
  readonly at?: string
  readonly knownAt?: string
  /** @default 'ljungsten' */
  readonly controller?: string
  /** Fields of the expected answer. */
  readonly expected: Partial<Answer>
}
/** Asks as the auditor of a controller. */
export interface AskStep extends Question {
  readonly ask: Text
  /** Reasons of the decisions that are expected to be without effect. */
  readonly withoutEffect?: readonly string[]
}

export type Step = RecordStep | AskStep | { readonly say: Text } | ((story: Story) => Promise<void>)
export interface Scene {
  /** Fits into one line. */
  readonly title: Text
  readonly steps: readonly Step[]
}

export async function playStep(story: Story, step: Step): Promise<void> {
  if (typeof step === 'function') await step(story)
  else if ('say' in step) story.page.say(story.page.t(step.say))
  else if ('ask' in step) await question(story, step)
  else await record(story, step)
}

export async function question(story: Story, { ask: words, withoutEffect, ...asked }: AskStep): Promise<void> {
  const answer = await ask(story, asked)
  printQuestion(story, words)
  story.printCall()
  printAnswer(story, answer)
  const reasons = answer.withoutEffect.map(({ reason }) => reason)
  if (withoutEffect) story.expect('what had no effect', reasons, withoutEffect)
}

export async function ask(story: Story, { of, about, at, knownAt, controller, expected }: Question): Promise<Answer> {
  const { identity: subject } = await story.credential(of)
  const { consents } = await story.open(controller).askConsents({ subject, ...targetOf(about), at, knownAt })
  const [answer] = consents
  if (answer === undefined || consents.length > 1) throw new Error(`there are ${consents.length} answers on ${about}`)
  for (const [field, value] of Object.entries(expected))
    story.expect(`the ${field} of ${about}`, answer[field as keyof Answer], value)
  return answer
}

export async function record(story: Story, step: RecordStep): Promise<Receipt | undefined> {
  const { effects = {}, grades, verdict, refused, own, site } = step
  const by = await story.credential(step.record)
  const ledger = story.open('ljungsten', site)
  const notices = await Promise.all((step.reads ?? []).map((id) => readNotice(ledger, id, by)))
  const event = newEvent(story, by, step, notices)
  printEvent(story, by, event, notices)
  const { subject: _, ...content } = event
  const sent = own && by.person ? ledger.recordOwnEvents(by.person, content) : ledger.recordEvents(event)
  if (refused) {
    await refusal(story, sent, refused)
    return
  }
  const receipt = await sent
  story.expectStatus(201)
  story.first ??= { event, receipt }
  story.printCall()
  printReceipt(story, receipt)
  expectEffects(story, receipt, effects)
  for (const { policyId, version } of notices) {
    const linked = receipt.link.find((link) => link.policyId === policyId)
    story.expect(`the shown version of ${policyId}`, linked?.shown, version)
  }
  const given = receipt.link.map(({ grade }) => grade)
  if (grades) story.expect('the grades', given, grades)
  if (verdict) story.expect('the verdict on the times', receipt.times.verdict, verdict)
  return receipt
}

export function expectEffects(story: Story, { decisions }: Pick<Receipt, 'decisions'>, effects: object): void {
  const counted = Object.fromEntries(decisions.map((d) => [nameOf(d), effectOf(d)]))
  story.expect('what the decisions count as', counted, effects)
}

/** The notice in force, fetched with its reader's credential, so that its token is bound to that reader. */
export function readNotice(ledger: ServerLedger, policyId: string, { locale, person }: Credential): Promise<Notice> {
  return ledger.getNotice(policyId, { locale }, person)
}

export function newEvent(
  { newId, now }: Story,
  by: Credential,
  step: RecordStep,
  notices: readonly Notice[],
): NewEvent {
  const [channel, surface, act, control] = step.how.split(' ')
  const decisions = Object.entries(step.verbs).map(([name, verb]) => ({
    ...targetOf(name),
    verb,
    ground: step.ground,
  }))
  const shown = notices.map(({ noticeToken }) => ({ noticeToken }))
  const how = { channel, surface, act, control, ...(shown.length > 0 && { shown }), ...step.fields }
  return { eventId: newId(), occurredAt: now(), subject: by.subject, decisions, ...how } as NewEvent
}

/** Prints the refusal that the story expects of the ledger. */
export async function refusal(story: Story, call: Promise<unknown>, [status, code]: Refusal): Promise<ProblemError> {
  const refused = await call.then(
    () => new Error(`the ledger was to refuse with ${code}, and did not`),
    (error: unknown) => error,
  )
  if (!(refused instanceof ProblemError) || refused.problem === undefined) throw refused
  const { page, expect } = story
  const { title, detail = '', field = '', given, allowed = [] } = refused.problem
  story.printCall()
  page.fact('problem', `${page.paint('yellow', refused.code)}  ${title}`, ...(detail ? [detail] : []))
  if (field) page.fact('field', field)
  if (given !== undefined) page.fact('given', String(given))
  const values = [allowed].flat()
  if (values.length > 0) page.fact('allowed', values.slice(0, 6).join(', ') + (values.length > 6 ? ' …' : ''))
  story.expectStatus(status)
  expect('the problem', refused.code, code)
  return refused
}

export function printQuestion({ page }: Story, words: Text): void {
  page.say()
  page.fact('question', page.t(words))
}

export function printEvent({ page }: Story, by: Credential, event: NewEvent, notices: readonly Notice[]): void {
  const { eventId = '', occurredAt = '', channel, surface, act, control, decisions, shown = [], signals } = event
  page.say()
  const how = [channel, surface, act, control].filter(Boolean).join(', ')
  page.fact('event', `${shortId(eventId)}  ${shortTime(occurredAt)}  ${how}`)
  page.fact('subject', by.label)
  page.fact('decisions', decisions.map((d) => `${nameOf(d)} ${d.verb}`).join(', '))
  const served = notices.map(
    (n) => `${n.title[page.locale]}, version ${n.version}, ${n.text.locale}, ${shortId(n.text.sha256)}`,
  )
  const named = shown.flatMap(({ policyId, textSha256, version }) =>
    policyId ? [`${policyId}, ${textSha256 ? shortId(textSha256) : `version ${version}`}`] : [],
  )
  page.fact('shown', ...served, ...named)
  if (signals?.gpc) page.fact('signal', 'Global Privacy Control')
}

function printReceipt({ page }: Story, receipt: Receipt): void {
  const { t } = page
  const { receiptId, times, link } = receipt
  page.fact('receipt', `${shortId(receiptId)}  ${t(['recorded', 'antecknad'])} ${shortTime(times.recordedAt)}`)
  page.fact('effective', `${shortTime(times.effectiveAt)}, ${times.verdict}`)
  const inForce = t(['in force', 'gäller'])
  const links = link.map((l) => [l.grade, l.policyId, `version ${l.inForce ?? '–'} ${inForce}`])
  page.table('grade', [], links)
  printEffects(page, receipt)
}

export function printEffects(page: Page, { decisions }: Pick<Receipt, 'decisions'>): void {
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

/** Effect of one decision: `yes`, `no`, `none`, `shown` or `operator`, followed by the verb that it counts as and by the reason, if any. */
function effectOf({ effect, countsAs, reason }: Receipt['decisions'][number]): string {
  const as = effect === 'no' && countsAs !== undefined ? ` (${countsAs})` : ''
  return `${effect}${as}${reason === undefined ? '' : `: ${reason}`}`
}
