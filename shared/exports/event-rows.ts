/**
 * Rows of an export of events: in NDJSON the recorded event, in tables a line for each of its decisions. The origin of an imported event is an id
 * of another system, which may name a person, and its `eventId` is an unsalted hash of that id: both are in exports with identifiers in clear only.
 */
import type { KeyObject } from 'node:crypto'
import type { ExportDraft } from '../api/schemas/exports.ts'
import type { RecordedDecision, RecordedEvent } from '../consent/event.ts'
import type { WalkedLeaf } from '../ledger/log-events/walked-leaf.ts'
import type { LeafOutcome } from './leaf-outcomes.ts'
import { type Column, namedAs, namedCells, namedColumns, placed, placedColumns } from './rows.ts'

const text = (name: string): Column => ({ name, type: 'text' })

export const eventColumns = (draft: ExportDraft): readonly Column[] => [
  ...placedColumns,
  ...namedColumns(draft.identifiers),
  ...['receiptId', 'eventId', 'site', 'purposeId', 'policyId', 'verb', 'derivedFrom'].map(text),
  ...['occurredAt', 'recordedAt', 'effectiveAt'].map((name): Column => ({ name, type: 'time' })),
  ...['timeVerdict', 'assurance', 'actor', 'channel', 'surface', 'act', 'control', 'presentationId'].map(text),
  ...['locale', 'shown', 'grades', 'textSha256'].map(text),
]

/** What becomes of a leaf in an export of events. */
export function eventRow(leaf: WalkedLeaf, draft: ExportDraft, pseudonymKey: KeyObject): LeafOutcome {
  if (leaf.event === undefined) return { fate: 'other' }
  if (leaf.event.state !== 'opened') return { fate: leaf.event.state }
  const { opened, subject } = leaf.event
  const { event } = opened
  if (!wantsEvent(event, draft)) return { fate: 'filtered' }
  const named = namedAs(draft.identifiers, pseudonymKey, event.identity, subject.keys.sub)
  const receiptId = opened.key.sk.slice('event#'.length)
  const { site, times, who, link } = event
  const { origin, ...plain } = event.how
  const isClear = draft.identifiers === 'clear'
  const isImported = origin !== undefined || who.assurance === 'imported'
  const eventId = isClear || !isImported ? event.eventId : undefined
  const how = isClear ? event.how : plain
  const decisions = decisionsOf(event, draft)
  const common = {
    ...{ ...placed(leaf), ...namedCells(named), receiptId, eventId, site },
    ...{ occurredAt: times.occurredAt, recordedAt: times.recordedAt, effectiveAt: times.effectiveAt },
    ...{ timeVerdict: times.verdict, assurance: who.assurance, actor: who.actor.role, channel: how.channel },
    ...{ surface: how.surface, act: how.act, control: how.control, presentationId: how.presentationId },
    locale: how.locale ?? link[0]?.locale,
    shown: joined(link.map(({ policyId, shown }) => shown && `${policyId}/${shown}`)),
    grades: joined(link.map(({ policyId, grade }) => `${policyId}/${grade}`)),
    textSha256: joined(link.map(({ textSha256 }) => textSha256)),
  }
  return {
    fate: 'exported',
    row: {
      record: {
        ...placed(leaf),
        receiptId,
        ...named,
        eventId,
        site,
        decisions: event.decisions,
        times,
        who,
        link,
        how,
      },
      cells:
        decisions.length === 0
          ? [common]
          : decisions.map(({ purposeId, policyId, verb, derivedFrom }) => ({
              ...{ ...common, purposeId, policyId, verb, derivedFrom },
            })),
    },
  }
}

/** Whether the filters of the export take the event. */
export function wantsEvent(event: RecordedEvent, draft: ExportDraft): boolean {
  const { times, link } = event
  if (draft.from !== undefined && times.recordedAt < draft.from) return false
  if (draft.until !== undefined && times.recordedAt >= draft.until) return false
  if (draft.version !== undefined && !link.some(({ shown }) => shown === draft.version)) return false
  const isAny = draft.purposeId === undefined && draft.policyId === undefined
  return isAny || decisionsOf(event, draft).length > 0 || showed(event, draft)
}

/** The decisions that are of interest: of an event that showed the policy all, because they were made under it. */
function decisionsOf(event: RecordedEvent, draft: ExportDraft): readonly RecordedDecision[] {
  const { purposeId, policyId } = draft
  if (purposeId !== undefined) return event.decisions.filter((decision) => decision.purposeId === purposeId)
  if (policyId === undefined || showed(event, draft)) return event.decisions
  return event.decisions.filter((decision) => decision.policyId === policyId)
}

const showed = ({ link }: RecordedEvent, { policyId }: ExportDraft): boolean =>
  policyId !== undefined && link.some((each) => each.policyId === policyId)

const joined = (texts: readonly (string | undefined)[]): string | undefined =>
  texts.filter((each) => each !== undefined).join(' ') || undefined
