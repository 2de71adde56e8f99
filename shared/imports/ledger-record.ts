/**
 * Records of a ledger's own export, NDJSON: an event on each line, with the members of a recorded event. It is imported as what another system
 * recorded: its times are stated times, its links are made anew, and its grade is `imported`.
 */
import { isSealedContent, type PolicyLink } from '../consent/event.ts'
import { Refusal } from './refusal.ts'
import type { RecordReader } from './source-record.ts'

export const ledgerRecord: RecordReader = (fields) => {
  if (!isSealedContent(fields)) throw new Refusal('not-the-format', 'this is not an event of a ledger’s export')
  const { eventId, identity, times, decisions, link, how, who } = fields
  const { channel, device, surface, act, control, locale, signals } = how
  return {
    originId: eventId,
    identifier: identity,
    occurredAt: times.occurredAt,
    decisions: decisions
      .filter(({ derivedFrom }) => derivedFrom === undefined)
      .map(({ purposeId, policyId, derivedFrom: _, ...rest }) => ({
        ...(purposeId === undefined ? { policyId } : { purpose: purposeId }),
        ...rest,
      })),
    shown: link.filter(wasShown).map(({ policyId, shown: version, textSha256, locale }) => ({
      policyId,
      ...(version !== undefined && { version }),
      ...(textSha256 !== undefined && { textSha256 }),
      ...(locale !== undefined && { locale }),
    })),
    // The schema of events checks the values.
    details: JSON.parse(
      JSON.stringify({
        ...{ channel, device, surface, control, locale, signals },
        ...(act !== 'not-stated' && { act }),
        actor: who.actor,
        onBehalfOf: who.onBehalfOf,
      }),
    ),
  }
}

function wasShown({ grade, shown }: PolicyLink): boolean {
  return shown !== undefined && grade !== 'assumed'
}
