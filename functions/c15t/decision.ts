/**
 * Turns a c15t submission into an event; a pure function. Each category that maps to a purpose becomes a decision on it, consent or
 * refusal. Categories without a purpose are kept in the event's signals. A submission that decides nothing is recorded as `requested`.
 *
 * The eventId is a hash of the whole submission. A repeated submission is therefore the same event, and a different choice at the same
 * millisecond is another event, so neither overwrites the other.
 */
import canonicalize from 'canonicalize'
import type { ClientEvent, Decision, ShownReference } from '../../shared/consent/client-event.ts'
import type { PolicyHistory } from '../../shared/consent/policy.ts'
import { hashedUuid } from '../../shared/hashed-uuid.ts'
import { type CategoryNames, necessary } from './names.ts'
import type { Preferences, Submission } from './schemas.ts'

export interface Circumstances {
  readonly controller: string
  readonly site: string
  /** Whether the request had `Sec-GPC: 1`. c15t itself does not pass the signal on. */
  readonly globalPrivacyControl: boolean
}

export function clientEventOf(given: Submission, names: CategoryNames, circumstances: Circumstances): ClientEvent {
  const document = given.type === 'cookie_banner' ? undefined : names.documentOf(given.type)
  const decisions = [...(document ? [onDocument(given.type, document)] : []), ...onPurposes(given, names)]
  const categories = withoutPurpose(given, names, document !== undefined)
  const signals = {
    ...(circumstances.globalPrivacyControl && { gpc: true }),
    ...(given.tcString !== undefined && { tcString: given.tcString }),
    ...(Object.keys(categories).length > 0 && { categories }),
  }
  const shown = shownBy(given, document)
  return {
    eventId: eventIdOf(given, circumstances),
    occurredAt: instantOf(given.givenAt),
    decisions: decisions.length > 0 ? decisions : [{ policyId: names.policy.policyId, verb: 'requested' }],
    ...(shown.length > 0 && { shown }),
    channel: 'web',
    ...placeOf(given.uiSource),
    ...(given.preferences && { control: controlOf(given, given.preferences) }),
    ...(Object.keys(signals).length > 0 && { signals }),
  }
}

/** Several categories may map to one purpose: a single no then refuses it. */
function onPurposes({ type, preferences = {} }: Submission, { purposes }: CategoryNames): Decision[] {
  const chosen = new Map<string, boolean>()
  for (const [category, isGiven] of [...Object.entries(preferences), [type, true] as const]) {
    const purposeId = purposes.get(category)
    if (purposeId !== undefined) chosen.set(purposeId, isGiven && (chosen.get(purposeId) ?? true))
  }
  return [...chosen].map(([purposeId, isGiven]) => ({ purposeId, verb: isGiven ? 'given' : 'refused' }))
}

/** Only terms can be accepted; any other document is acknowledged. */
function onDocument(type: string, { policyId, versions }: PolicyHistory): Decision {
  const isAccepted = type.startsWith('terms_and_conditions') && versions[0]?.kind === 'terms'
  return { policyId, verb: isAccepted ? 'accepted' : 'acknowledged' }
}

function withoutPurpose(
  { type, preferences = {} }: Submission,
  names: CategoryNames,
  isDocument: boolean,
): Preferences {
  const said: [string, boolean][] = Object.entries(preferences).filter(([category]) => category !== necessary)
  if (type !== 'cookie_banner' && !isDocument) said.push([type, true])
  return Object.fromEntries(said.filter(([category]) => !names.purposes.has(category)))
}

const sha256 = /^(?:sha256[:-])?([0-9a-f]{64})$/i

/** The hash in lower-case hexadecimal; `undefined` if the text is not a SHA-256. */
export function sha256In(text: string): string | undefined {
  return sha256.exec(text)?.[1]?.toLowerCase()
}

function shownBy(given: Submission, document: PolicyHistory | undefined): ShownReference[] {
  const shown: ShownReference[] = []
  if (given.policySnapshotToken !== undefined) shown.push({ noticeToken: given.policySnapshotToken })
  if (document === undefined) return shown
  const { policyId } = document
  if (given.documentSnapshotToken !== undefined) return [...shown, { noticeToken: given.documentSnapshotToken }]
  if (given.policyHash !== undefined) {
    const textSha256 = sha256In(given.policyHash)
    // Version names contain no space, so any other hash matches no version, and the event is graded `unmatched`.
    return [...shown, { policyId, ...(textSha256 ? { textSha256 } : { version: `hash ${given.policyHash}` }) }]
  }
  const [, version] = given.policyId?.split('@') ?? []
  return version === undefined ? shown : [...shown, { policyId, version }]
}

/** A page that saves by code does not report what the person did, so surface and act stay unknown. */
function placeOf(uiSource = ''): Pick<ClientEvent, 'surface' | 'act' | 'layer'> {
  switch (uiSource.replace(/^iab_/, '')) {
    case 'banner':
      return { surface: 'banner', act: 'button', layer: 1 }
    case 'dialog':
      return { surface: 'preference-centre', act: 'button', layer: 2 }
    case 'widget':
      return { surface: 'preference-centre', act: 'button' }
    default:
      return {}
  }
}

/** After a revocation the client omits the action; it is then derived from the choices. */
function controlOf({ consentAction }: Submission, preferences: Preferences): NonNullable<ClientEvent['control']> {
  if (consentAction === 'custom') return 'save-choices'
  const chosen = Object.entries(preferences).filter(([category]) => category !== necessary)
  if (consentAction === 'all' || (consentAction === undefined && chosen.length > 0 && chosen.every(([, on]) => on))) {
    return 'accept-all'
  }
  return consentAction === 'necessary' || chosen.every(([, on]) => !on) ? 'refuse-all' : 'save-choices'
}

const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Clamps to the representable range. The ledger's own clock decides from when the event counts. */
function instantOf(ms: number): string {
  return new Date(Math.min(Math.max(Math.trunc(ms), 0), lastMs)).toISOString()
}

/** The hash covers the secret subjectId, so nobody can guess the choices from it. */
function eventIdOf(given: Submission, { controller, site }: Circumstances): string {
  return hashedUuid(String(canonicalize(['c15t-v1', controller, site, given])))
}
