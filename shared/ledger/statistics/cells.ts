/**
 * What statistics count, and by what. A cell is one topic (a purpose or a policy), the version that was shown or in force, and how it was
 * asked. Everything in a cell was published by the controller or is one of a short list: what else a client sent is counted without it, so
 * that nobody can make cells, and no cell holds text about a person.
 */
import { channels } from '../../consent/client-event.ts'
import type { RecordedDecision, RecordedEvent, Verb } from '../../consent/event.ts'
import { type Publications, policyFor, presentationNamed } from '../../consent/recording.ts'

/** README.md says what each counts. */
export const measures = ['shown', 'given', 'refused', 'withdrawn', 'expired', 'ignored'] as const
export type Measure = (typeof measures)[number]

/** Counts in the order of `measures`. */
export type Counts = readonly number[]

export const measureOf: Readonly<Partial<Record<Verb, Measure>>> = {
  requested: 'shown',
  given: 'given',
  accepted: 'given',
  refused: 'refused',
  declined: 'refused',
  objected: 'refused',
  withdrawn: 'withdrawn',
}

export const dimensions = ['version', 'presentation', 'channel', 'locale'] as const
export type Dimension = (typeof dimensions)[number]

/** Absent: not stated, not published, or left out to hide a small number. */
export type Cell = { readonly purposeId?: string; readonly policyId?: string } & Readonly<
  Partial<Record<Dimension, string>>
>

/** A cell as the key of a map. Equal cells have equal keys. */
export type CellKey = string

export function cellKey(cell: Cell): CellKey {
  const { purposeId = null, policyId = null } = cell
  return JSON.stringify([purposeId, policyId, ...dimensions.map((name) => cell[name] ?? null)])
}

export function cellOf(key: CellKey): Cell {
  const names = ['purposeId', 'policyId', ...dimensions]
  const values: readonly (string | null)[] = JSON.parse(key)
  return Object.fromEntries(names.flatMap((name, i) => (typeof values[i] === 'string' ? [[name, values[i]]] : [])))
}

/** The cell in which a decision of an event counts. */
export function cellOfDecision(
  published: Publications,
  { link, how }: Pick<RecordedEvent, 'link' | 'how'>,
  decision: Pick<RecordedDecision, 'purposeId' | 'policyId'>,
): Cell {
  const history = policyFor(published, decision)
  const { shown, inForce, locale } = link.find(({ policyId }) => policyId === history?.policyId) ?? {}
  const version = history?.versions.find((each) => each.version === (shown ?? inForce))
  const presentation =
    how.presentation === 'matched' && how.presentationId !== undefined
      ? presentationNamed(published, how.presentationId)
      : undefined
  const channel = channels.find((each) => each === how.channel)
  return {
    ...(decision.purposeId === undefined ? { policyId: decision.policyId } : { purposeId: decision.purposeId }),
    ...(version && { version: version.version }),
    ...(presentation?.policyId === history?.policyId && presentation && { presentation: presentation.presentationId }),
    ...(channel && { channel }),
    ...(version?.texts.some((text) => text.locale === locale) && locale !== undefined && { locale }),
  }
}

export const topicKey = ({ purposeId, policyId }: Pick<RecordedDecision, 'purposeId' | 'policyId'>): string =>
  purposeId ?? `policy/${policyId}`
