/**
 * What a c15t client says, as an event of ours: a pure function. Each category that is a purpose is a decision on it, a refusal as
 * much as a consent; what no purpose is stays in the event as it was said; and what decides nothing is recorded as shown.
 *
 * The eventId is made from everything that was said. So the same again is the same event, and another choice at the same millisecond
 * another one: neither overwrites the other, and no answer tells of what is not stored.
 */
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ClientEvent, Decision, ShownReference } from '../../shared/consent/client-event.ts'
import type { PolicyHistory } from '../../shared/consent/policy.ts'
import { type CategoryNames, necessary } from './names.ts'
import type { Preferences, Submission } from './schemas.ts'

export interface Circumstances {
  readonly controller: string
  readonly site: string
  /** The browser said `Sec-GPC: 1` with the request. c15t itself does not pass the signal on. */
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

/** Two categories may be one purpose: then one no is a no. */
function onPurposes({ type, preferences = {} }: Submission, { purposes }: CategoryNames): Decision[] {
  const chosen = new Map<string, boolean>()
  for (const [category, isGiven] of [...Object.entries(preferences), [type, true] as const]) {
    const purposeId = purposes.get(category)
    if (purposeId !== undefined) chosen.set(purposeId, isGiven && (chosen.get(purposeId) ?? true))
  }
  return [...chosen].map(([purposeId, isGiven]) => ({ purposeId, verb: isGiven ? 'given' : 'refused' }))
}

/** Accepting is for terms. */
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

/** The hash in one spelling; `undefined` for what is no SHA-256. */
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
    // What is no hash of ours names no text, and no version has a space in its name: it counts as unmatched.
    return [...shown, { policyId, ...(textSha256 ? { textSha256 } : { version: `hash ${given.policyHash}` }) }]
  }
  const [, version] = given.policyId?.split('@') ?? []
  return version === undefined ? shown : [...shown, { policyId, version }]
}

/** A page that saves by code says nothing of what the person did, and so is nothing said here. */
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

/** After a revocation the client leaves the action out; then it is what the choices look like. */
function controlOf({ consentAction }: Submission, preferences: Preferences): NonNullable<ClientEvent['control']> {
  if (consentAction === 'custom') return 'save-choices'
  const chosen = Object.entries(preferences).filter(([category]) => category !== necessary)
  if (consentAction === 'all' || (consentAction === undefined && chosen.length > 0 && chosen.every(([, on]) => on))) {
    return 'accept-all'
  }
  return consentAction === 'necessary' || chosen.every(([, on]) => !on) ? 'refuse-all' : 'save-choices'
}

const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Absurd times are moved to the nearest that there is: how they count is judged from the ledger's own clock. */
function instantOf(ms: number): string {
  return new Date(Math.min(Math.max(Math.trunc(ms), 0), lastMs)).toISOString()
}

/** RFC 9562, version 8. The subjectId in it is a secret, so that nobody can try what was chosen. */
function eventIdOf(given: Submission, { controller, site }: Circumstances): string {
  const hex = hash('sha256', String(canonicalize(['c15t-v1', controller, site, given])), 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}
