/** How a version stands at an instant: in force, scheduled, replaced or retracted. */
import { type PolicyHistory, type PolicyVersion, succession } from '../../shared/consent/policy.ts'

export type Standing =
  | { readonly state: 'current' | 'scheduled' }
  /** The instant from which another version is in force. */
  | { readonly state: 'earlier'; readonly until: string }
  | { readonly state: 'retracted'; readonly retractedAt: string }

export function standingOf(history: PolicyHistory, { version, notBefore }: PolicyVersion, now: string): Standing {
  const retraction = history.retractions.find((each) => each.version === version)
  if (retraction !== undefined) return { state: 'retracted', retractedAt: retraction.retractedAt }
  if (notBefore > now) return { state: 'scheduled' }
  const next = succession(history).find((each) => each.notBefore > notBefore)
  return next === undefined || next.notBefore > now ? { state: 'current' } : { state: 'earlier', until: next.notBefore }
}

/** The next version that will come into force, if one is published. */
export function nextVersion(history: PolicyHistory, now: string): PolicyVersion | undefined {
  return succession(history).find((each) => each.notBefore > now)
}

/** All versions, newest first: by the instant of coming into force, retracted ones included. */
export function newestFirst({ versions }: PolicyHistory): PolicyVersion[] {
  return versions.toSorted((a, b) => (a.notBefore < b.notBefore ? 1 : a.notBefore > b.notBefore ? -1 : 0))
}
