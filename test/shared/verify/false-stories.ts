/** Stories of an operator who signs what is false, or whose log had an event late. Each proof of them is made as an honest ledger makes it. */
import type { RecordedEvent } from '../../../shared/consent/event.ts'
import { presentationLeaf, sha256Hex, versionLeaf } from '../../../shared/consent/published-leaf.ts'
import type { StepId } from '../../../shared/verify/verify.ts'
import { at, given, type MadeEvent, makeEvent, policyVersion, type Story, sealed, TestLog } from './maker.ts'
import { first, type Loose, last, named } from './tampered-proofs.ts'

export const presented = (presentationId: string, publishedAt: string) => ({
  presentationId,
  policyId: 'privacy',
  publishedAt,
  wording: { en: '' },
  controls: [],
  refusal: { label: { en: 'No' }, layer: 1 },
})
/** Long before the events of these stories, and long after them. */
const early = presented('early', at(-1000))
export const late = presented('late', at(1000))

/** A story of one version and the events given, each in the log right after it says that it was recorded. */
export function story(events: readonly MadeEvent[], versions = [policyVersion('1', at(0))]): Story {
  const log = new TestLog()
  for (const v of versions) log.append(versionLeaf(v))
  log.append(presentationLeaf(early))
  log.publish(at(1))
  for (const e of events) log.append(e.leaf)
  log.publish(events.at(-1)?.event.times.recordedAt ?? at(2))
  return { log, events, history: { policyId: 'privacy', versions, retractions: [], presentations: [early] } }
}
export const history = {
  policyId: 'privacy',
  versions: [policyVersion('1', at(0))],
  retractions: [],
  presentations: [],
}
export const yes = () =>
  makeEvent(
    { recorded: at(100), decisions: [{ purposeId: 'newsletter', verb: 'given' }], evidence: given('1') },
    history,
  )

/** The event with something else in it, committed to as such: only who keeps the ledger can do that. */
export function lie(change: (event: Loose<RecordedEvent>) => void): MadeEvent {
  const event: Loose<RecordedEvent> = JSON.parse(JSON.stringify(yes().event))
  change(event)
  return sealed(event as RecordedEvent)
}

const link = (more: object) => [
  { policyId: 'privacy', inForce: '1', shown: '1', grade: 'asserted', locale: 'en', ...more },
]

/** Events that say what is not so, each with the step that must notice. */
export const lies: readonly (readonly [string, (event: Loose<RecordedEvent>) => void, StepId])[] = [
  ['an effective time that does not follow', (e) => Object.assign(e.times, { effectiveAt: at(50) }), 'times'],
  ['a verdict that does not follow', (e) => Object.assign(e.times, { verdict: 'asserted' }), 'times'],
  ['a version in force that was not', (e) => Object.assign(e, { link: link({ inForce: '2' }) }), 'links'],
  ['a version shown that nobody published', (e) => Object.assign(e, { link: link({ shown: '7' }) }), 'links'],
  [
    'a hash that the version does not have',
    (e) => Object.assign(e, { link: link({ grade: 'hashed', textSha256: sha256Hex('no') }) }),
    'links',
  ],
  [
    'an unmatched hash that is matched',
    (e) => Object.assign(e, { link: link({ grade: 'served', shown: '9' }) }),
    'links',
  ],
  [
    'a text served in a locale that the version does not have',
    (e) => Object.assign(e, { link: link({ grade: 'served', locale: 'fr' }) }),
    'links',
  ],
  ['no link', (e) => Object.assign(e, { link: [] }), 'links'],
  ['two links', (e) => Object.assign(e, { link: [...link({}), ...link({})] }), 'links'],
  [
    'a signal that was not sent',
    (e) => Object.assign(e, { decisions: [{ purposeId: 'newsletter', verb: 'refused', derivedFrom: 'gpc' }] }),
    'links',
  ],
  [
    'a presentation that was published, called unmatched',
    (e) => Object.assign(e.how, { presentationId: 'early', presentation: 'unmatched' }),
    'links',
  ],
  ['a grade of no presentation', (e) => Object.assign(e.how, { presentation: 'matched' }), 'links'],
  ['an age gate that did not fail', (e) => Object.assign(e.who, { barred: 'age-gate' }), 'links'],
  ['a lack of a mandate that nobody needs', (e) => Object.assign(e.who, { barred: 'no-mandate' }), 'links'],
  [
    'an identity of somebody else',
    (e) => Object.assign(e, { identity: { type: 'email', id: 'kim@example.org' } }),
    'identity',
  ],
  [
    'a record from after its checkpoint',
    (e) => Object.assign(e.times, { recordedAt: at(900), occurredAt: at(900), sentAt: at(900), effectiveAt: at(900) }),
    'backdating',
  ],
]

/** A withdrawal that states an early time and came to the log an hour late. */
export function lateStory(): Story & { readonly leaf: string } {
  const event = yes()
  const late = makeEvent(
    { recorded: at(200), decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }], evidence: given('1') },
    history,
  )
  const made = story([event])
  const hour = JSON.stringify({ hour: '2026-03-01T11', kind: 'time', v: 1 })
  const lacks = made.log.publish(at(1500))
  made.log.append(hour)
  made.log.append(late.leaf)
  const has = made.log.publish(at(3700))
  made.log.append('more')
  const newest = made.log.publish(at(5000))
  const marking = {
    lacks: lacks.note,
    time: { leaf: hour, tlogProof: made.log.proof(made.log.leaves.indexOf(hour), newest) },
    has: has.note,
  }
  return {
    ...made,
    events: [event, late],
    leaf: late.leaf,
    late: new Map([[late.leaf, { marking, knownFrom: at(3700) }]]),
  }
}

/** Ways to change the proof of the late story. */
export const tamperedLateProofs = named([
  [
    'the mark taken off, a checkpoint still shows it',
    (p) => {
      Reflect.deleteProperty(last(p.events), 'backdated')
      Object.assign(p, { knownAtCheckpoint: undefined })
    },
    'answer',
  ],
  [
    'nothing that shows it',
    (p) => Object.assign(last(p.events), { backdated: { has: last(p.events).backdated?.has } }),
    'backdating',
  ],
  [
    'known from one that lacks it',
    (p) => Object.assign(last(p.events).backdated ?? {}, { has: last(p.events).backdated?.lacks }),
    'backdating',
  ],
  [
    'lacking in one that has it',
    (p) => Object.assign(last(p.events).backdated ?? {}, { lacks: p.checkpoint }),
    'backdating',
  ],
  [
    'a time leaf altered',
    (p) =>
      Object.assign(last(p.events).backdated?.time ?? {}, { leaf: '{"hour":"2026-03-01T12","kind":"time","v":1}' }),
    'inclusion',
  ],
  [
    'a mark on what came in time',
    (p) => Object.assign(first(p.events), { backdated: last(p.events).backdated }),
    'backdating',
  ],
])
