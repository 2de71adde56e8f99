/**
 * The answer to when a status changed, with the events as far as the auditor's grant shows them, in pages. Each page is recorded as a read of
 * its own, because what was read is what left the ledger: who stops after the first page has not read the others.
 */
import type { EventHow, Identity, RecordedDecision, RecordedEvent, Signals } from '../../shared/consent/event.ts'
import type { AskedInstants, Topic } from '../../shared/ledger/answers/answers-for-subject.ts'
import { askTimeline, eventsKnownAt } from '../../shared/ledger/answers/ask-timeline.ts'
import { completionsForEvents, type EventCompletions } from '../../shared/ledger/answers/event-completions.ts'
import { type PageOptions, pageOf } from '../../shared/ledger/answers/event-pages.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { AdmitLinked } from '../../shared/ledger/links/linked-subjects.ts'
import { type OpenedEvent, receiptIdOf } from '../../shared/ledger/recording/sealed-event.ts'
import { normaliseIdentity } from '../../shared/ledger/vault/identity-names.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import type { StoredSubject } from '../../shared/ledger/vault/vault.ts'
import { type Answer, type Call, ok } from '../http/call.ts'

/** @param shows the purposes whose decisions may be shown; `undefined`: all */
export async function timelineFor(
  { instance: { ledger } }: Call,
  [snapshot, subject, topic]: readonly [ControllerSnapshot, Identity, Topic],
  asked: AskedInstants,
  stored: StoredSubject | undefined,
  shows: ReadonlySet<string> | undefined,
  admitLinked: AdmitLinked,
  page: PageOptions,
): Promise<Answer> {
  const { events, ...timeline } =
    page.after === undefined
      ? await askTimeline(ledger, snapshot, subject, topic, asked, stored, admitLinked)
      : { events: await eventsKnownAt(ledger, snapshot, subject, asked, stored), changes: [] }
  const { at, knownAt } = asked
  // Cut after the grant was applied, so that pages are full and end with an event that the auditor may see.
  const shown = events.flatMap((opened) =>
    shownEvent(opened.event, snapshot, shows).map((one) => ({ key: opened.key, opened, one })),
  )
  const { events: found, next } = pageOf(shown, page)
  const inPage = found.map(({ opened }) => opened)
  const acted = await completionsForEvents(ledger, vaultScope(snapshot), inPage, topic, knownAt)
  return ok({
    subject: await normaliseIdentity(subject, snapshot.controller.country),
    ...topic,
    ...{ at, knownAt },
    ...timeline,
    total: shown.length,
    events: found.map(({ opened, one }) => ({
      ...one,
      ...completionsShown(acted.get(receiptIdOf(opened.key)), opened, one.decisions),
    })),
    ...(next !== undefined && { next }),
  })
}

/**
 * Leaves out the context (IP address and user agent), because a timeline is about decisions, and decisions on purposes that no grant names. An
 * event without any others is left out whole.
 */
function shownEvent(
  { eventId, site, decisions, times, who, identity, link, how }: RecordedEvent,
  { purposes }: Pick<ControllerSnapshot, 'purposes'>,
  shows: ReadonlySet<string> | undefined,
) {
  if (shows === undefined) return [{ eventId, site, decisions, times, who, identity, link, how }]
  const kept = decisions.filter(({ purposeId }) => purposeId !== undefined && shows.has(purposeId))
  if (kept.length === 0) return []
  const policies = new Set([...shows].map((purposeId) => purposes.get(purposeId)?.policyId))
  const links = link.filter(({ policyId }) => policies.has(policyId))
  return [{ eventId, site, decisions: kept, times, who, identity, link: links, how: howShown(how, shows) }]
}

/** A report is about one decision, so it is shown with that one. */
function completionsShown(
  found: EventCompletions | undefined,
  { event }: OpenedEvent,
  decisions: readonly RecordedDecision[],
): EventCompletions {
  const { completions = [], ...others } = found ?? {}
  const shown = completions.filter(({ part }) => decisions.some((each) => each === event.decisions[part]))
  return { ...others, ...(shown.length > 0 && { completions: shown }) }
}

/** Leaves out what shows decisions on other purposes: their controls, and the strings of consent platforms, which hold the choices on all. */
function howShown({ signals, tcf: _, gpp: __, initialState, ...how }: EventHow, shows: ReadonlySet<string>): EventHow {
  const initial = Object.entries(initialState ?? {}).filter(([target]) => shows.has(target))
  return {
    ...how,
    ...(initial.length > 0 && { initialState: Object.fromEntries(initial) }),
    ...(signals !== undefined && { signals: signalsShown(signals, shows) }),
  }
}

/** A consent type is shown where a grant names all purposes that set it. */
function signalsShown(
  { gpc, gpcShown, consentMode = {}, consentModePurposes = {} }: Signals,
  shows: ReadonlySet<string>,
): Signals {
  const types = Object.entries(consentModePurposes).filter(
    ([, ids]) => ids.length > 0 && ids.every((id) => shows.has(id)),
  )
  const states = types.flatMap(([type]) =>
    consentMode[type] === undefined ? [] : [[type, consentMode[type]] as const],
  )
  return {
    ...(gpc !== undefined && { gpc }),
    ...(gpcShown !== undefined && { gpcShown }),
    ...(states.length > 0 && {
      consentMode: Object.fromEntries(states),
      consentModePurposes: Object.fromEntries(types),
    }),
  }
}
