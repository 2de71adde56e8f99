/**
 * Records what a c15t client posts. The client never gives up: it resends whatever was answered 4xx with every page. So every decision is
 * recorded and graded, a repeated one gets the first answer again, and a failure of the ledger is 503.
 *
 * Anyone can claim an `externalSubjectId`. With a token of the controller's identity provider for that subject, the decision is recorded
 * for the account as well; without one, for the device only.
 */

import type { ClientEvent } from '../../shared/consent/client-event.ts'
import { decisionEffect } from '../../shared/consent/decision-effect.ts'
import type { Assurance, Identity, RecordedEvent } from '../../shared/consent/event.ts'
import { historyKnownAt } from '../../shared/consent/policy.ts'
import { policyFor } from '../../shared/consent/recording.ts'
import { LedgerError } from '../../shared/errors.ts'
import { eventsOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import { type OpenedEvent, receiptIdOf } from '../../shared/ledger/recording/sealed-event.ts'
import { deviceIdentity, type SiteAccess, siteOf } from '../http/access.ts'
import { type Answer, type Call, header, ok, parseBody } from '../http/call.ts'
import { admitController, admitSubject } from '../http/rate-limits.ts'
import { findingsIn } from '../http/tcf-gpp-signals.ts'
import { transport } from '../http/transport.ts'
import { clientEventOf } from './decision.ts'
import { isLateConsent, withoutRefusedConsents } from './late-consents.ts'
import { type CategoryNames, categoryNames, necessary } from './names.ts'
import { provenAccount } from './proven-account.ts'
import { type Preferences, type Submission, submission } from './schemas.ts'

export const c15tRecording = {
  async c15tRecord(call: Call): Promise<Answer> {
    const access = await siteOf(call)
    admitController(call, access.snapshot)
    const given = parseBody(call, submission)
    const { snapshot, names } = await namesNow(call, access)
    const event = clientEventOf(given, names, {
      controller: snapshot.controller.controller,
      site: access.site.site,
      globalPrivacyControl: header(call, 'sec-gpc') === '1',
    })
    const on = { ...access, snapshot }
    const recorded = await recordFor(call, on, names, event, deviceIdentity(given.subjectId), 'anonymous')
    // Record for the device first, so that an unreachable identity provider cannot lose the decision.
    const account = await provenAccount(call, snapshot, given.externalSubjectId)
    if (account) await recordFor(call, on, names, event, account, 'authenticated')
    return ok(answerTo(given, event, recorded, on, names))
  },
}

/** Reads the controller again if the snapshot has no policy, because one may have been published a moment ago. */
async function namesNow(
  call: Call,
  { snapshot, site }: SiteAccess,
): Promise<{ snapshot: ControllerSnapshot; names: CategoryNames }> {
  const { controllers, clock } = call.instance.ledger
  const at = timestamp(clock)
  const names = categoryNames(snapshot, site.c15t, at)
  if (names) return { snapshot, names }
  const fresh = (await controllers.current(snapshot.controller.controller)) ?? snapshot
  const found = categoryNames(fresh, site.c15t, at)
  if (found) return { snapshot: fresh, names: found }
  throw new LedgerError(
    'unavailable',
    'the controller has published no policy yet; the client keeps the decision until then',
  )
}

/** The stored event, from now or from the first time it was sent. `undefined` if it was stored and has been erased since. */
async function recordFor(
  call: Call,
  { snapshot, site }: SiteAccess,
  names: CategoryNames,
  given: ClientEvent,
  identity: Identity,
  assurance: Assurance,
): Promise<OpenedEvent | undefined> {
  const { ledger } = call.instance
  admitSubject(call, snapshot.controller.controller, identity)
  const earlier = isLateConsent(given, ledger.clock()) ? await eventsOf(ledger, snapshot, identity) : []
  const event = withoutRefusedConsents(
    given,
    earlier.map((opened) => opened.event),
    names,
  )
  const submitted = {
    event,
    identity,
    assurance,
    announcedNew: false,
    site: site.site,
    findings: await findingsIn(event.signals),
    ...transport(call),
  }
  const [outcome] = (await recordEvents(ledger, snapshot, [submitted])).outcomes
  if (outcome === undefined || (outcome.outcome === 'refused' && outcome.error.code !== 'event-conflict')) {
    throw outcome?.error
  }
  if (outcome.outcome !== 'refused') return outcome.opened
  // The eventId covers the whole submission, so this is a repetition that became another event through changed names or later decisions.
  const all = await eventsOf(ledger, snapshot, identity)
  return all.find((opened) => opened.event.eventId === event.eventId)
}

function answerTo(
  given: Submission,
  event: ClientEvent,
  recorded: OpenedEvent | undefined,
  { snapshot, site }: SiteAccess,
  names: CategoryNames,
) {
  const effective = recorded ? effectsIn(recorded.event, snapshot) : new Set<string>()
  return {
    subjectId: given.subjectId,
    consentId: recorded ? receiptIdOf(recorded.key) : event.eventId,
    domainId: site.site,
    domain: site.name,
    type: given.type,
    ...(given.preferences && { appliedPreferences: applied(given.preferences, names, effective) }),
    ...(given.uiSource !== undefined && { uiSource: given.uiSource }),
    givenAt: recorded?.event.times.occurredAt ?? event.occurredAt,
  }
}

/** The purposes to which this event is a consent that counts. */
function effectsIn(event: RecordedEvent, snapshot: ControllerSnapshot): ReadonlySet<string> {
  const effective = event.decisions.filter((decision) => {
    const history = policyFor(snapshot, decision)
    if (history === undefined || decision.verb !== 'given') return false
    const effect = decisionEffect(decision, event, historyKnownAt(history, event.times.recordedAt))
    return effect.effect === 'yes' && effect.reason === undefined
  })
  return new Set(effective.map(({ purposeId }) => purposeId).filter((id) => id !== undefined))
}

function applied(preferences: Preferences, { purposes }: CategoryNames, effective: ReadonlySet<string>): Preferences {
  return Object.fromEntries(
    Object.keys(preferences).map((category) => [
      category,
      category === necessary || effective.has(purposes.get(category) ?? ''),
    ]),
  )
}
