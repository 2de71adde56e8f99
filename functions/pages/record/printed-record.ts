/**
 * The person's record as a page of its own, to be printed. It is made in the browser, in an empty window of the same origin, so no server renders
 * what is recorded about a person. A constructed style sheet needs no `unsafe-inline`.
 */
import { element } from '../element.ts'
import { momentOf } from '../reader.ts'
import { erasureState } from './erasure-state.ts'
import { otherSections } from './other-sections.ts'
import styles from './printed-record.css'
import type { RecordView } from './record-view.ts'
import { circumstances, decided, shownLine } from './recorded-events.ts'
import { signalLines } from './signal-lines.ts'

/** Does nothing when the browser opens no window. */
export function openPrintedRecord(view: RecordView): void {
  const opened = window.open('', '_blank')
  if (opened === null) return
  const { document: page } = opened
  page.documentElement.lang = view.reader.words.language
  page.title = view.words.printTitle(view.record.controller.name)
  // A sheet belongs to the window whose constructor made it. The type of a window does not list constructors.
  const sheet = new (opened as Window & typeof globalThis).CSSStyleSheet()
  sheet.replaceSync(styles)
  page.adoptedStyleSheets = [sheet]
  page.body.replaceChildren(printedRecord(view))
  view.texts.settled().then(() => opened.print())
}

function printedRecord(view: RecordView): HTMLElement {
  const { reader, words, record, titleOf } = view
  const { controller, madeAt, subject, state, events, texts, erasureRequests = [] } = record
  return element(
    'main',
    {},
    element('h1', {}, words.printTitle(controller.name)),
    element('p', {}, `${controller.contact}. ${words.madeAt(momentOf(reader, madeAt))}`),
    element('p', {}, words.you(words.identityTypes[subject.type] ?? subject.type, subject.id)),
    element('h2', {}, words.now),
    element(
      'ul',
      {},
      state?.consents.map(({ status, ...topic }) =>
        element('li', {}, titleOf(topic), ': ', reader.words.statuses[status] ?? status),
      ),
    ),
    element('h2', {}, words.history),
    events.length === 0 && element('p', {}, words.noHistory),
    events.map((event) =>
      element(
        'section',
        {},
        element('h3', {}, momentOf(reader, event.times.occurredAt)),
        decided(view, event),
        circumstances(view, event),
        signalLines(view, event),
        event.link.map((link) => element('p', {}, shownLine(view, link))),
        element('p', { class: 'hash' }, words.receiptId(event.receiptId)),
      ),
    ),
    otherSections(view, 'h2'),
    erasureRequests.length > 0 && element('h2', {}, words.erase),
    erasureRequests.map((request) => erasureState(view, request)),
    texts.map(({ text, mediaType, sha256, of }) =>
      text === undefined
        ? undefined
        : element(
            'section',
            { class: 'text', lang: of[0]?.locale },
            element('p', { class: 'hash' }, `SHA-256 ${sha256}`),
            view.texts.show(reader, { text, mediaType }),
          ),
    ),
  )
}
