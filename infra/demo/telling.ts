/**
 * How the demo tells what goes to the ledger and what comes back: events, receipts, answers, problems, each always in the same
 * few lines. Times are UTC and short, ids and hashes end after eight characters, and of a secret only the first four show.
 */
import type { consents, problem, receipt } from '../../shared/api/schemas/answers.ts'
import type { event } from '../../shared/api/schemas/events.ts'
import { type Checked, pathOf, type Request } from './client.ts'
import type { Page, Style } from './page.ts'
import { type DemoLanguage, tellingWords } from './words.ts'

export type SentEvent = Checked<typeof event>
export type Receipt = Checked<typeof receipt>
export type Problem = Checked<typeof problem>
/** What is answered on one purpose or one policy. */
export type Answer = Checked<typeof consents>['consents'][number]
type ReceiptDecision = Receipt['decisions'][number]

const instants = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g
const uuids = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

/** `2026-03-01 12:00:05`, or the date alone for midnight. */
export function shortTime(instant: string): string {
  return instant.replaceAll(instants, (_, day: string, time: string) => (time === '00:00:00' ? day : `${day} ${time}`))
}

export const shortId = (id: string) => `${id.slice(0, 8)}…`
export const shortSecret = (secret: string) => `${secret.slice(0, 4)}…`

/** The ledger's own sentence, with its times and ids shortened. */
const plainly = (sentence: string) => shortTime(sentence).replaceAll(uuids, '$1…')

const styles: Readonly<Record<string, Style>> = {
  ...paintAll('green', 'Given', 'RenewedGiven', 'Accepted', 'Acknowledged', 'Informed', 'NotObjected'),
  ...paintAll('red', 'Refused', 'Withdrawn', 'Objected', 'Declined', 'Revoked', 'Invalidated'),
  ...paintAll('yellow', 'Requested', 'RequestDeferred', 'Expired', 'Shown', 'Undetermined'),
  ...paintAll('dim', 'Unknown', 'Uninformed'),
}

function paintAll(style: Style, ...statuses: readonly string[]): Record<string, Style> {
  return Object.fromEntries(statuses.map((status) => [status, style]))
}

export function paintStatus(page: Page, status: string): string {
  return page.paint(styles[status] ?? 'bold', status)
}

/** Stands between what is sent or asked and what comes back. */
export function tellCall(page: Page, request: Pick<Request, 'method' | 'path'>, status: number): void {
  page.fact('call', page.paint('dim', `${request.method} ${pathOf(request)}  ${status}`))
}

export function tellQuestion(page: Page, words: string): void {
  page.block()
  page.fact('question', words)
}

/** `who` names the subject and its credential. */
export function tellEvent(page: Page, who: string, sent: Omit<SentEvent, 'subject'>): void {
  const { channel, surface, act, control, presentationId, signals } = sent
  page.block()
  const how = [channel, surface, act, control].filter((part) => part !== undefined)
  page.fact('event', [shortId(sent.eventId), shortTime(sent.occurredAt), how.join(', ')].filter(Boolean).join('  '))
  page.fact('subject', who)
  page.fact('decisions', sent.decisions.map((d) => `${nameOf(d)} ${d.verb}`).join(', '))
  if (sent.shown !== undefined) page.fact('shown', sent.shown.map((shown) => shownOf(page, shown)).join(', '))
  if (presentationId !== undefined) page.fact('presented', presentationId)
  if (signals?.gpc) page.fact('signal', 'Global Privacy Control')
}

function shownOf({ language }: Page, shown: NonNullable<SentEvent['shown']>[number]): string {
  const words = tellingWords[language]
  if (shown.noticeToken !== undefined) return words.noticeToken(shortId(shown.noticeToken))
  if (shown.textSha256 !== undefined) return words.text(shown.policyId, shortId(shown.textSha256))
  return words.version(shown.policyId, shown.version, shown.locale)
}

export function tellReceipt(page: Page, { receiptId, times, link, decisions }: Receipt): void {
  const words = tellingWords[page.language]
  page.fact('receipt', words.recorded(shortId(receiptId), shortTime(times.recordedAt)))
  page.fact('effective', `${shortTime(times.effectiveAt)}, ${times.verdict}`)
  page.rows(
    'grade',
    link.map(({ policyId, grade, shown, inForce }) => {
      // What was assumed is never called shown.
      return [grade, words.inForce(policyId, grade === 'assumed' ? undefined : shown, inForce)]
    }),
  )
  page.rows(
    'counts as',
    decisions.map((d) => [nameOf(d), d.derivedFrom ? words.byTheLedger(d.verb) : d.verb, countsAs(d, page.language)]),
  )
}

/** What a decision amounts to by itself, whatever was decided before. */
export function countsAs({ effect, countsAs: as, reason }: ReceiptDecision, language: DemoLanguage = 'en'): string {
  const said = tellingWords[language].effects[effect]
  if (effect === 'shown' || effect === 'operator') return said
  const kind = effect === 'no' && as !== undefined ? ` (${as})` : ''
  return `${said}${kind}${reason === undefined ? '' : `: ${reason}`}`
}

export function tellAnswer(page: Page, { status, sentence, withoutEffect }: Omit<Answer, 'language'>): void {
  const { is } = tellingWords[page.language]
  page.fact('answer', plainly(sentence).replace(` ${is} ${status}`, ` ${is} ${paintStatus(page, status)}`))
  page.rows(
    'no effect',
    withoutEffect.map(({ eventId, verb, reason }) => [shortId(eventId), verb, reason]),
  )
}

/** How many allowed values are listed by name. */
const listed = 6

export function tellProblem(page: Page, { code, title, detail, field, given, allowed }: Problem): void {
  page.fact('problem', `${page.paint('yellow', code)}  ${title}`)
  if (detail !== undefined) page.fact('', detail)
  if (field !== undefined) page.fact('field', field)
  if (given !== undefined) page.fact('given', String(given))
  if (Array.isArray(allowed)) {
    const more = allowed.length - listed
    page.fact(
      'allowed',
      allowed.slice(0, listed).join(', ') + (more > 0 ? ` ${tellingWords[page.language].more(more)}` : ''),
    )
  } else if (allowed !== undefined) page.fact('allowed', String(allowed))
}

export function nameOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}
