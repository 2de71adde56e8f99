/**
 * The person's own record in the preference centre: decisions with the texts that were shown, receipts, who read, links and mandates, and
 * erasure. The browser makes it from the file `consent-own-record@1`, which it also offers to keep and to print.
 */
import type { Consent, ConsentOptions } from '../../../shared/client/consent.ts'
import { type OwnRecord, withOwnRecord } from '../../../shared/client/own-record.ts'
import { element } from '../element.ts'
import type { PolicyTexts } from '../policy-text.ts'
import type { Reader } from '../reader.ts'
import { eraseSection } from './erase-section.ts'
import { otherSections } from './other-sections.ts'
import { openPrintedRecord } from './printed-record.ts'
import styles from './record.css'
import { viewOf } from './record-view.ts'
import { recordedEvents } from './recorded-events.ts'
import { saveFile } from './save-file.ts'
import { fetchWholeRecord } from './whole-record.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface RecordPanelOptions {
  readonly reader: Reader
  readonly consent: Consent
  /** The options with which the client was opened. */
  readonly options: ConsentOptions
  readonly logKey: () => Promise<string | undefined>
  readonly supervisoryAuthority: string
  readonly texts: PolicyTexts
}

export interface RecordPanel {
  readonly element: HTMLElement
  /** Fetches the record again. */
  update(): Promise<void>
}

export function recordPanel({
  reader,
  consent,
  options,
  logKey,
  supervisoryAuthority,
  texts,
}: RecordPanelOptions): RecordPanel {
  const words = reader.words.language === 'sv' ? swedish : english
  const client = withOwnRecord(consent, options)
  const place = element('div', { class: 'stacked record' }, element('p', {}, reader.words.loading))
  const erase = eraseSection({ reader, words, supervisoryAuthority }, client)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styles)

  /** The content of the record that is shown. */
  let shown = ''

  function show(record: OwnRecord): void {
    shown = contentOf(record)
    const view = viewOf(reader, words, record, supervisoryAuthority, texts)
    place.replaceChildren(
      element(
        'div',
        { class: 'keep' },
        element(
          'button',
          { type: 'button', class: 'answer quiet', click: () => saveFile('consent-record.json', record) },
          words.download,
        ),
        element('button', { type: 'button', class: 'answer quiet', click: () => openPrintedRecord(view) }, words.print),
      ),
      element('h3', {}, words.history),
      recordedEvents(view, logKey),
      ...otherSections(view, 'h3'),
    )
  }

  return {
    element: element(
      'div',
      { class: 'stacked' },
      element('h2', {}, words.title),
      element('p', {}, words.introduction),
      place,
      erase.element,
    ),
    async update() {
      const root = place.getRootNode()
      if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
      // One after the other: the record shows whether the person has come back since an erasure.
      const record = await fetchWholeRecord(client)
      await erase.update()
      if (record === undefined) {
        shown = ''
        place.replaceChildren(element('p', {}, reader.words.unreachable))
      }
      // What has not changed stays, so that a text which the person has opened stays open.
      else if (contentOf(record) !== shown) show(record)
    },
  }
}

/** The record as text, without what differs in each answer: its time, promises, and proofs of the newest checkpoint. */
function contentOf({ events, receipts, reads, links, mandates, leftOut }: OwnRecord): string {
  const isLogged = receipts.map(({ tlogProof }) => tlogProof !== undefined)
  return JSON.stringify([events, isLogged, reads, links, mandates, leftOut])
}
