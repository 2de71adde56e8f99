/**
 * Prints what goes to the ledger and what comes back: events, receipts, answers and problems, each in the same few lines. Times are UTC, ids
 * and hashes end after eight characters.
 */
import type { consents, problem, receipt } from '../../shared/api/schemas/answers.ts'
import type { event } from '../../shared/api/schemas/events.ts'
import { type Checked, pathOf, type Request } from './client.ts'
import type { Page, Style } from './page.ts'

export type SentEvent = Checked<typeof event>
export type Receipt = Checked<typeof receipt>
export type Answer = Checked<typeof consents>['consents'][number]

const instants = /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g
const uuids = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g

/** `2026-03-01 12:00:05`, or the date alone for midnight. */
export function shortTime(instant: string): string {
  return instant.replaceAll(instants, (_, day: string, time: string) => (time === '00:00:00' ? day : `${day} ${time}`))
}

export const shortId = (id: string) => `${id.slice(0, 8)}…`

const styles: Readonly<Record<string, Style>> = {
  ...styleOf('green', 'Given', 'RenewedGiven', 'Accepted', 'Acknowledged', 'Informed', 'NotObjected'),
  ...styleOf('red', 'Refused', 'Withdrawn', 'Objected', 'Declined', 'Revoked', 'Invalidated'),
  ...styleOf('yellow', 'Requested', 'RequestDeferred', 'Expired', 'Shown', 'Undetermined'),
  ...styleOf('dim', 'Unknown', 'Uninformed'),
}

function styleOf(style: Style, ...statuses: readonly string[]): Record<string, Style> {
  return Object.fromEntries(statuses.map((status) => [status, style]))
}

export const paintStatus = (page: Page, status: string) => page.paint(styles[status] ?? 'bold', status)

export function printCall(page: Page, request: Pick<Request, 'method' | 'path'>, status: number): void {
  page.fact('call', page.paint('dim', `${request.method} ${pathOf(request)}  ${status}`))
}

export function printQuestion(page: Page, words: string): void {
  page.block()
  page.fact('question', words)
}

export function printEvent(page: Page, who: string, sent: Omit<SentEvent, 'subject'>): void {
  page.block()
  const how = [sent.channel, sent.surface, sent.act, sent.control].filter((part) => part !== undefined)
  page.fact('event', [shortId(sent.eventId), shortTime(sent.occurredAt), how.join(', ')].join('  '))
  page.fact('subject', who)
  page.fact('decisions', sent.decisions.map((d) => `${nameOf(d)} ${d.verb}`).join(', '))
  if (sent.shown !== undefined) page.fact('shown', sent.shown.map((shown) => shownIn(page, shown)).join(', '))
  if (sent.presentationId !== undefined) page.fact('presented', sent.presentationId)
  if (sent.signals?.gpc) page.fact('signal', 'Global Privacy Control')
}

function shownIn({ t }: Page, shown: NonNullable<SentEvent['shown']>[number]): string {
  const { noticeToken, textSha256, policyId, version, locale } = shown
  if (noticeToken !== undefined) return t('notice token ', 'visningsbevis ') + shortId(noticeToken)
  if (textSha256 !== undefined) return `${policyId}, ${t('text', 'texten')} ${shortId(textSha256)}`
  return `${policyId}, version ${version}${t(', ', ' på ')}${locale}`
}

export function printReceipt(page: Page, { receiptId, times, link, decisions }: Receipt): void {
  const { t } = page
  page.fact('receipt', `${shortId(receiptId)}  ${t('recorded', 'antecknad')} ${shortTime(times.recordedAt)}`)
  page.fact('effective', `${shortTime(times.effectiveAt)}, ${times.verdict}`)
  page.rows(
    'grade',
    link.map(({ policyId, grade, shown, inForce }) => {
      // A text that was assumed was not shown.
      const first =
        grade === 'assumed' || shown === undefined ? '' : t(`version ${shown} shown, `, `version ${shown} visades, `)
      const current = inForce === undefined ? t('version none', 'ingen version') : `version ${inForce}`
      return [grade, `${policyId}: ${first}${current} ${t('in force', 'gäller')}`]
    }),
  )
  page.rows(
    'counts as',
    decisions.map((d) => [
      nameOf(d),
      d.derivedFrom ? d.verb + t(', by the ledger', ', av registret') : d.verb,
      countsAs(d, page),
    ]),
  )
}

const inEnglish: Pick<Page, 't'> = { t: (english) => english }

/** What a decision amounts to by itself, whatever was decided before. */
export function countsAs({ effect, countsAs: as, reason }: Receipt['decisions'][number], { t } = inEnglish): string {
  if (effect === 'shown') return t('shown', 'visat')
  if (effect === 'operator') return t('the operator’s word', 'företagets besked')
  const said = { yes: t('a yes', 'ett ja'), no: t('a no', 'ett nej'), none: t('without effect', 'utan verkan') }[effect]
  return `${said}${effect === 'no' && as !== undefined ? ` (${as})` : ''}${reason === undefined ? '' : `: ${reason}`}`
}

export function printAnswer(page: Page, { status, sentence, withoutEffect }: Omit<Answer, 'language'>): void {
  const is = page.t('is', 'är')
  const short = shortTime(sentence).replaceAll(uuids, '$1…')
  page.fact('answer', short.replace(` ${is} ${status}`, ` ${is} ${paintStatus(page, status)}`))
  page.rows(
    'no effect',
    withoutEffect.map(({ eventId, verb, reason }) => [shortId(eventId), verb, reason]),
  )
}

/** How many allowed values are listed by name. */
const listed = 6

export function printProblem(
  page: Page,
  { code, title, detail, field, given, allowed }: Checked<typeof problem>,
): void {
  page.fact('problem', `${page.paint('yellow', code)}  ${title}`)
  if (detail !== undefined) page.fact('', detail)
  if (field !== undefined) page.fact('field', field)
  if (given !== undefined) page.fact('given', String(given))
  if (allowed === undefined) return
  const values = Array.isArray(allowed) ? allowed : [allowed]
  const more = values.length - listed
  page.fact(
    'allowed',
    values.slice(0, listed).join(', ') + (more > 0 ? page.t(` and ${more} more`, ` och ${more} till`) : ''),
  )
}

export function nameOf({ purposeId, policyId }: { readonly purposeId?: string; readonly policyId?: string }): string {
  return purposeId ?? `policy/${policyId}`
}
