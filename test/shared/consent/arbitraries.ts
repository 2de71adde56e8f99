/** Histories, events and questions at random: few instants and few texts, so that they meet. */
import fc from 'fast-check'
import { operatorVerbs, subjectVerbs, type Verb } from '../../../shared/consent/event.ts'
import type { PolicyHistory, PolicyVersion } from '../../../shared/consent/policy.ts'
import type { FoldEvent, Question } from '../../../shared/consent/status-answer.ts'
import { day, event, historyOf, policyId, presentation, purpose, purposeId, version } from './scenario.ts'

const rarely = fc.constantFrom(true, false, false, false, false)
const instant = fc.integer({ min: 0, max: 24 })
const names = ['v1', 'v2', 'v3', 'v4'] as const

const purposes = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  {
    weight: 12,
    arbitrary: fc
      .record({
        explicit: rarely,
        doubleOptIn: fc.constantFrom(true, false, false),
        globalPrivacyControl: fc.boolean(),
        validity: fc.constantFrom('P3D', 'P8D', 'P8D', 'P1M', 'P2Y', 'P2Y', 'P2Y', 'nonsense', undefined),
        retention: fc.constantFrom('P1Y', 'P1Y', 'P1Y', 'P2Y'),
      })
      .map((over) => [purpose(over)]),
  },
)

const aVersion = (name: string, previous: string | undefined): fc.Arbitrary<PolicyVersion> =>
  fc
    .record({
      // The first is there from the beginning, or nothing would ever count.
      from: previous === undefined ? fc.constantFrom(-3, -3, -3, 4) : fc.integer({ min: 0, max: 24 }),
      lead: fc.constantFrom(0, 1, 8, 30),
      purposes,
      level: fc.constantFrom('major' as const, 'minor' as const, 'minor' as const, undefined),
      comparedWith: fc.constantFrom(previous, previous, 'v1', undefined),
      kind: fc.constantFrom('terms' as const, 'privacy' as const),
    })
    .map(({ from, lead, level, ...over }) =>
      version(name, from, {
        ...over,
        publishedAt: day(from - lead),
        level: level ?? 'minor',
        changes: level ? [{ purposeId, level, reason: '' }] : [],
      }),
    )

export const aHistory: fc.Arbitrary<PolicyHistory> = fc
  .tuple(
    fc.tuple(aVersion('v1', undefined), aVersion('v2', 'v1'), aVersion('v3', 'v2'), aVersion('v4', 'v3')),
    fc.constantFrom(0, 1, 1, 1, 1, 2, 2, 2, 3, 4),
    fc.option(fc.record({ version: fc.constantFrom(...names), at: instant }), { freq: 4 }),
  )
  .map(([versions, count, retraction]) =>
    historyOf(versions.slice(0, count), {
      presentations: [presentation('on', 'on'), presentation('on-policy', 'on', `policy/${policyId}`)],
      retractions: retraction ? [{ version: retraction.version, retractedAt: day(retraction.at), reason: '' }] : [],
    }),
  )

const verbs: fc.Arbitrary<Verb> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Verb>('given') },
  { weight: 3, arbitrary: fc.constantFrom<Verb>('confirmed', 'accepted', 'acknowledged') },
  { weight: 3, arbitrary: fc.constantFrom(...subjectVerbs, ...operatorVerbs) },
)

export const anEvent: fc.Arbitrary<FoldEvent> = fc
  .record({
    verb: verbs,
    about: fc.constantFrom(purposeId, purposeId, purposeId, 'policy', 'other'),
    at: instant,
    delay: fc.constantFrom(0, 0, 1, 6),
    id: fc.integer({ min: 0, max: 999_999 }),
    role: fc.constantFrom('self' as const, 'operator' as const),
    assurance: fc.constantFrom(
      'anonymous' as const,
      'authenticated' as const,
      'confirmed' as const,
      'operator' as const,
    ),
    shown: fc.constantFrom('v1', 'v1', 'v1', ...names, null),
    inForce: fc.constantFrom(...names, null),
    grade: fc.constantFrom(...(['served', 'served', 'hashed', 'asserted', 'assumed', 'unmatched'] as const)),
    act: fc.constantFrom(...(['button', 'button', 'toggle', 'checkbox', 'continued-use', undefined] as const)),
    control: fc.constantFrom(...(['single', 'single', 'save-choices', 'accept-all'] as const)),
    gpc: rarely,
    derived: fc.boolean(),
    from: fc.option(instant),
    presentationId: fc.constantFrom('on', undefined, undefined, undefined, undefined, undefined, undefined),
  })
  .map((e) =>
    event(`e${e.id}`, e.verb, e.at, {
      about: e.about,
      who: { actor: { role: e.role }, assurance: e.assurance },
      shown: e.shown,
      inForce: e.inForce,
      grade: e.grade,
      how: { act: e.act, control: e.control, signals: { gpc: e.gpc }, presentationId: e.presentationId },
      times: { recordedAt: day(e.at + e.delay) },
      ...(e.from !== null && { from: day(e.from) }),
      ...(e.derived && e.verb === 'refused' && { derivedFrom: 'gpc' as const }),
    }),
  )

export const someEvents = fc.uniqueArray(anEvent, { maxLength: 12, size: 'max', selector: (e) => e.event.eventId })
export const aQuestion: fc.Arbitrary<Question> = fc
  .record({ at: instant, knownAt: fc.oneof(fc.integer({ min: 0, max: 32 }), fc.constant(40)), policy: fc.boolean() })
  .map(({ at, knownAt, policy }) => ({
    at: day(at),
    knownAt: day(knownAt),
    ...(policy ? { policyId } : { purposeId }),
  }))
/** Late enough, and known well enough, that a good part is permitted. */
export const aboutPurpose: fc.Arbitrary<Question> = fc
  .integer({ min: 6, max: 24 })
  .map((at) => ({ purposeId, at: day(at), knownAt: day(40) }))
