/**
 * What an auditor may read: the rules of grants, as pure functions. A grant is for one holder of a token, by issuer and name. It limits the
 * purposes and the subjects of that auditor's questions, and stands from one instant to another, unless it was revoked before.
 *
 * One grant has to permit the whole question. Two grants do not add up, since neither was given for that combination.
 */
import { conformsExactly } from './exact-schema.ts'
import {
  absent,
  count,
  either,
  eventId,
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

const auditor = either(
  record({ issuer: wording, subject: wording }),
  record({ issuer: wording, subject: absent, client: wording }),
)
/** The holder of a token: a person (`subject`), or a program (`client`), as its issuer names them. */
export type Auditor = TypeOf<typeof auditor>

/** A random sample of a log (`shared/tlog/sample.ts`): of the tree of this size, drawn with this seed. */
const sample = record({ size: count, seed: wording, count })
export type NamedSample = TypeOf<typeof sample>

const grantedSubjects = either(
  record({ kind: oneOf(['all']) }),
  /**
   * Vault names of the subjects' current forms: an identifier in clear would be kept after its person was erased. One text for each subject,
   * with its names by each pepper there was, oldest first, separated by spaces.
   */
  record({ kind: oneOf(['named']), names: list(wording) }),
  record({ kind: oneOf(['sample']), sample }),
)
export type GrantedSubjects = TypeOf<typeof grantedSubjects>

const auditGrant = record({
  /** UUID that the caller chose. */
  grantId: eventId,
  auditor,
  /** Who audits, in words that people may be shown. */
  name: wording,
  /** Absent: every purpose and policy. */
  purposes: optional(list(id)),
  subjects: grantedSubjects,
  /** Absent: from when it was made. */
  from: optional(instant),
  /** The first instant at which it no longer stands. */
  until: instant,
  madeAt: instant,
  revokedAt: optional(instant),
})
export interface AuditGrant extends TypeOf<typeof auditGrant> {}

/** Whether a stored grant is one that these rules understand. Another permits nothing: a member that is not known may narrow it. */
export const isAuditGrant = (value: unknown): value is AuditGrant => conformsExactly(auditGrant, value)

/** A question, as far as grants limit it. */
export interface AuditQuestion {
  /** Absent: the question is about a policy, or about everything. Only a grant for all purposes permits it. */
  readonly purposeId?: string | undefined
  /** Vault names of one subject; a sample; or `log` for a question about all leaves. */
  readonly about: { readonly subject: readonly string[] } | { readonly sample: NamedSample } | 'log'
}

/** The first thing that no grant of the auditor gives. */
export type MissingFromGrants = 'grant' | 'time' | 'purpose' | 'subject'

export const isSameAuditor = (a: Auditor, b: Auditor): boolean =>
  JSON.stringify(nameOf(a)) === JSON.stringify(nameOf(b))

/** A person and a program of the same name are two auditors. */
function nameOf(each: Auditor): readonly unknown[] {
  return each.subject === undefined ? [each.issuer, null, each.client] : [each.issuer, each.subject]
}

export function isStanding({ madeAt, from = madeAt, until, revokedAt }: AuditGrant, now: string): boolean {
  return revokedAt === undefined && from <= now && now < until
}

/**
 * The grants of this auditor that permit the question; otherwise what is missing. The answer depends on the grants and the question alone,
 * so it is the same for a subject that the ledger knows and for one that it does not.
 */
export function grantsFor(
  grants: readonly AuditGrant[],
  { purposeId, about }: AuditQuestion,
  now: string,
): { readonly permitting: readonly AuditGrant[] } | { readonly missing: MissingFromGrants } {
  const kept = grants.filter(({ revokedAt }) => revokedAt === undefined)
  if (kept.length === 0) return { missing: 'grant' }
  const standing = kept.filter((grant) => isStanding(grant, now))
  if (standing.length === 0) return { missing: 'time' }
  const forPurpose = isAboutLeaves(about)
    ? standing
    : standing.filter(({ purposes }) => !purposes || (purposeId !== undefined && purposes.includes(purposeId)))
  if (forPurpose.length === 0) return { missing: 'purpose' }
  const permitting = forPurpose.filter(({ subjects }) => covers(subjects, about))
  return permitting.length === 0 ? { missing: 'subject' } : { permitting }
}

/** Leaves hold digests, which show no purpose, so a grant's purposes do not limit such a question. */
const isAboutLeaves = (about: AuditQuestion['about']) => about === 'log' || 'sample' in about

function covers(subjects: GrantedSubjects, about: AuditQuestion['about']): boolean {
  if (subjects.kind === 'all') return true
  if (about === 'log') return false
  if (subjects.kind === 'named')
    return (
      'subject' in about &&
      subjects.names.some((names) => names.split(' ').some((name) => about.subject.includes(name)))
    )
  return 'sample' in about && isSameSample(subjects.sample, about.sample)
}

function isSameSample(a: NamedSample, b: NamedSample): boolean {
  return a.size === b.size && a.seed === b.seed && a.count === b.count
}

/**
 * The purposes whose decisions these grants show, `undefined` for all. A question about one purpose may show an event that decides on others.
 */
export function purposesShown(permitting: readonly AuditGrant[]): ReadonlySet<string> | undefined {
  if (permitting.some(({ purposes }) => purposes === undefined)) return undefined
  return new Set(permitting.flatMap(({ purposes = [] }) => purposes))
}
