/** Sections of the person's record after the decisions: who read, links, mandates, and what is left out. */
import { type Child, element } from '../element.ts'
import { momentOf } from '../reader.ts'
import { table } from '../table.ts'
import type { RecordView } from './record-view.ts'

export function otherSections({ reader, words, record, titleOf }: RecordView, level: 'h2' | 'h3'): HTMLElement[] {
  const moment = (at: string | undefined) => at && momentOf(reader, at)
  const section = (title: string, none: string, columns: readonly string[], rows: readonly (readonly Child[])[]) => [
    element(level, {}, title),
    rows.length === 0 ? element('p', {}, none) : table(undefined, columns, rows),
  ]
  const { reads = [], links = [], mandates = [], leftOut } = record
  return [
    ...section(
      words.reads,
      words.noReads,
      [words.when, words.who, words.about],
      reads.map(({ readAt, month, reader: who, ...topic }) => [
        month === undefined ? moment(readAt) : words.checkedSince(momentOf(reader, readAt)),
        who ?? words.unnamedReader,
        (topic.purposeId ?? topic.policyId) ? titleOf(topic) : words.aboutEverything,
      ]),
    ),
    ...section(
      words.links,
      words.noLinks,
      [words.linkedAt, words.endedAt],
      links.map(({ linkedAt, endedAt }) => [moment(linkedAt), moment(endedAt) ?? words.stillLinked]),
    ),
    ...section(
      words.mandates,
      words.noMandates,
      [words.who, words.from, words.until],
      mandates.map(({ kind, from, until, revokedAt }) => [
        words.mandateKinds[kind] ?? kind,
        moment(from),
        moment(revokedAt ?? until),
      ]),
    ),
    element(level, {}, words.leftOut),
    element(
      'ul',
      {},
      [
        ...new Set(
          leftOut.map(({ what, why }) => words.leftOutWhy[`${what} ${why}`] ?? words.leftOutWhy[what] ?? what),
        ),
      ].map((why) => element('li', {}, why)),
    ),
  ]
}
