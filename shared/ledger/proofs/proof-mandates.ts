/**
 * The part of a proof that is about mandates: those that events on the topic name, with their revocations. A proof counts what the log has, so a
 * yes under a mandate that the log does not have yet has no effect there, and the mandate is pending.
 */
import type { Mandate, MandateEnd, RecordedMandate } from '../../consent/mandate.ts'
import type { Backdatable } from '../../consent/policy.ts'
import type { FoldEvent } from '../../consent/status-answer.ts'
import { mandatesOf, type OpenedEntry } from '../mandates/mandate-entries.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import type { Key, Table } from '../store.ts'
import type { SubjectKeys } from '../vault/subject-keys.ts'
import type { PendingName } from './pending-entries.ts'

/** A mandate or its revocation. */
export type MandatePart = Pick<OpenedEntry<unknown>, 'disclosures'> & StatedInMandate
type StatedInMandate = { readonly made: Mandate } | { readonly ended: MandateEnd }

/** A row of a proof, as `proof-rows.ts` has them. */
export interface MandateRow {
  readonly of: MandatePart
  readonly key: Key
  readonly leaf: string
  readonly statedAt: string
  readonly name: PendingName
}

/** One query; none when these events name no mandate. */
export async function mandateRows(
  entries: Pick<Table, 'query'>,
  subject: SubjectKeys | undefined,
  onTopic: readonly OpenedEvent[],
): Promise<MandateRow[]> {
  const named = new Set(onTopic.flatMap(({ event }) => event.who.actor.mandateId ?? []))
  if (subject === undefined || named.size === 0) return []
  const found = await mandatesOf(entries, subject)
  return [...named].flatMap((mandateId) => {
    const { made, ended } = found.get(mandateId) ?? {}
    return [
      ...(made ? [rowOf(made, { made: made.stated }, made.stated.recordedAt, { kind: 'mandate', mandateId })] : []),
      ...(ended
        ? [rowOf(ended, { ended: ended.stated }, ended.stated.revokedAt, { kind: 'revocation', mandateId })]
        : []),
    ]
  })
}

function rowOf(
  { key, leaf, disclosures }: OpenedEntry<unknown>,
  stated: StatedInMandate,
  statedAt: string,
  name: PendingName,
): MandateRow {
  return { of: { ...stated, disclosures }, key, leaf, statedAt, name }
}

/** By mandateId. A revocation without its mandate is left out: there is nothing that it ends. */
export function mandatesFrom(parts: readonly (MandatePart & Backdatable)[]): ReadonlyMap<string, RecordedMandate> {
  const ends = new Map<string, MandateEnd & Backdatable>()
  for (const part of parts) if ('ended' in part) ends.set(part.ended.mandateId, { ...part.ended, ...known(part) })
  const mandates = new Map<string, RecordedMandate>()
  for (const part of parts) {
    if (!('made' in part)) continue
    const end = ends.get(part.made.mandateId)
    mandates.set(part.made.mandateId, { mandate: { ...part.made, ...known(part) }, ...(end && { end }) })
  }
  return mandates
}

function known({ knownFrom }: Backdatable): Backdatable {
  return knownFrom === undefined ? {} : { knownFrom }
}

/** The event as the fold takes it. */
export function withMandate(
  opened: OpenedEvent & Backdatable,
  mandates: ReadonlyMap<string, RecordedMandate>,
): FoldEvent {
  const mandate = mandates.get(opened.event.who.actor.mandateId ?? '')
  return mandate === undefined ? opened : { ...opened, mandate }
}
