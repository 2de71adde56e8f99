/** The person's decisions, newest first: what each counted as, who acted, the text that was shown, and its receipt with the result of checking it. */
import type { Receipt } from '../../../shared/client/ledger-answers.ts'
import type { HistoryEvent, OwnRecord } from '../../../shared/client/own-record.ts'
import { isPromised } from '../../../shared/client/promise.ts'
import { element, visuallyHidden } from '../element.ts'
import { languageOf, momentOf } from '../reader.ts'
import type { RecordView } from './record-view.ts'
import { saveFile } from './save-file.ts'
import { signalLines } from './signal-lines.ts'

type LogKey = () => Promise<string | undefined>

export function recordedEvents(view: RecordView, logKey: LogKey): HTMLElement {
  const { words, record } = view
  if (record.events.length === 0) return element('p', {}, words.noHistory)
  const receipts = new Map(record.receipts.map((receipt) => [receipt.receiptId, receipt]))
  return element(
    'div',
    { class: 'stacked' },
    element(
      'ol',
      { class: 'entries' },
      record.events.map((event) => entry(view, event, receipts.get(event.receiptId), logKey)),
    ),
    element('p', { class: 'aside' }, words.whoseKey),
  )
}

function entry(view: RecordView, event: HistoryEvent, receipt: Receipt | undefined, logKey: LogKey): HTMLElement {
  const { reader, words } = view
  const { occurredAt } = event.times
  const moment = momentOf(reader, occurredAt)
  return element(
    'li',
    { class: 'entry stacked' },
    element('h4', {}, element('time', { datetime: occurredAt }, moment)),
    decided(view, event),
    circumstances(view, event),
    signalLines(view, event),
    event.link.map((link) => shownText(view, link)),
    receipt && verdictOn(view, receipt, logKey),
    receipt &&
      element(
        'button',
        { type: 'button', class: 'link', click: () => saveFile(`receipt-${receipt.receiptId}.json`, receipt) },
        words.downloadReceipt,
        visuallyHidden(words.fromMoment(moment)),
      ),
  )
}

/** The text that was shown. Where the record does not say in which language, it is the one in the reader's. */
function textOf(
  { reader, record: { texts } }: RecordView,
  { policyId, shown, locale, grade }: HistoryEvent['link'][number],
): OwnRecord['texts'][number] | undefined {
  const found = texts.flatMap((text) =>
    grade === 'assumed'
      ? []
      : text.of.flatMap((each) =>
          each.policyId === policyId && each.version === shown ? [{ text, locale: each.locale }] : [],
        ),
  )
  const wanted = [locale ?? '', ...reader.languages].map((each) => languageOf(each))
  const named = wanted.flatMap((language) => found.filter((each) => languageOf(each.locale) === language))
  return (named[0] ?? found[0])?.text
}

/** Each decision with its effect, as a list. */
export function decided({ reader, words, titleOf }: RecordView, { decisions }: HistoryEvent): HTMLElement {
  return element(
    'ul',
    {},
    decisions.map((decision) => {
      const said = words.verbs[decision.verb] ?? decision.verb
      const why = reader.words.reasons[decision.reason ?? '']
      const effect = decision.effect === 'none' && ` (${words.withoutEffect}${why === undefined ? '' : `: ${why}`})`
      const decides = decision.decides && element('span', { class: 'aside' }, ` ${words.decides}`)
      return element('li', {}, titleOf(decision), ': ', element('strong', {}, said), effect, decides)
    }),
  )
}

/** When it was recorded, by which channel, and who acted, where it was not the person. */
export function circumstances({ reader, words }: RecordView, { times, who, how }: HistoryEvent): HTMLElement {
  const said = [
    words.recordedAt(momentOf(reader, times.recordedAt)),
    how.channel === undefined ? '' : words.channel(how.channel),
    words.actors[who.actor.role] ?? '',
  ]
  return element('p', { class: 'aside' }, said.filter(Boolean).join(' '))
}

/** Which text was shown, in one line. */
export function shownLine(view: RecordView, link: HistoryEvent['link'][number]): string {
  const { words, titleOf } = view
  const { policyId, shown, grade } = link
  if (shown === undefined || grade === 'assumed') return words.unknownText
  const title = titleOf({ policyId })
  return words.shownText(title instanceof Node ? (title.textContent ?? '') : String(title), shown)
}

/** Which text was shown, with the whole text where the file has it. */
function shownText(view: RecordView, link: HistoryEvent['link'][number]): HTMLElement {
  const { text, mediaType, of } = textOf(view, link) ?? {}
  if (text === undefined || mediaType === undefined) return element('p', { class: 'aside' }, shownLine(view, link))
  return view.texts.folded(view.reader, shownLine(view, link), { text, mediaType, locale: of?.[0]?.locale })
}

function verdictOn({ words }: RecordView, receipt: Receipt, logKey: LogKey): HTMLElement {
  const verdict = element('p', { class: 'aside' }, words.checking)
  const check = async () => {
    const key = await logKey()
    const isHolding = key === undefined ? undefined : await isPromised(receipt, key)
    const held = receipt.tlogProof === undefined ? words.holds : words.holdsInLog
    verdict.className = `verdict ${isHolding === undefined ? '' : isHolding ? 'yes' : 'no'}`
    verdict.textContent = isHolding === undefined ? words.cannotCheck : isHolding ? held : words.holdsNot
  }
  check()
  return verdict
}
