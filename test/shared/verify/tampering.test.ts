/** Each way to change a valid file, and the step that must notice: by whoever holds the file, and by an operator who signs what is false. */
import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../shared/consent/event.ts'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { presentationLeaf, retractionLeaf, sha256Hex, versionLeaf } from '../../../shared/consent/published-leaf.ts'
import { decodeBase64, encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { policyOfKeys, type StepId, type Verdict, verifyProof } from '../../../shared/verify/verify.ts'
import {
  at,
  given,
  logKey,
  logVkey,
  type MadeEvent,
  makeEvent,
  makeProof,
  origin,
  outsideVkey,
  ownVkey,
  plainStory,
  policyVersion,
  type Story,
  sealed,
  sub,
  TestKey,
  TestLog,
} from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const now = at(10_000)
const asked = { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }
const earlier = { purposeId: 'newsletter', at: at(1000), knownAt: at(2000) }

/** Mutable all the way down. */
type Loose<T> = T extends object ? { -readonly [K in keyof T]: Loose<T[K]> } : T
type Draft = Loose<ConsentProof>
const draftOf = (proof: ConsentProof): Draft => JSON.parse(JSON.stringify(proof))

async function verify(proof: unknown, by = policy) {
  const found = await verifyProof(JSON.stringify(proof), by, now)
  return { verdict: found.verdict, step: found.failed?.step, says: found.failed?.says }
}

function open(disclosure: string): unknown[] {
  return JSON.parse(Buffer.from(disclosure, 'base64url').toString())
}
const close = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
const nameOf = (disclosure: string) => String(open(disclosure)[1])

function flipNote(note: string, line: number): string {
  const lines = note.split('\n')
  const [dash, name, text = ''] = (lines[line] ?? '').split(' ')
  const bytes = decodeBase64(text)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  lines[line] = [dash, name, encodeBase64(bytes)].join(' ')
  return lines.join('\n')
}

const named = (all: readonly Case[]) =>
  all.map(([name, tamper, step, verdict, of]) => ({ name, tamper, step, verdict, of }))

type Case = readonly [name: string, tamper: (p: Draft) => void, step: StepId, verdict?: Verdict, of?: typeof asked]

const first = <T>(list: T[]): T => {
  const [one] = list
  if (one === undefined) throw new Error('nothing there')
  return one
}
const last = <T>(list: T[]): T => first(list.slice(-1))
const drop = (e: { disclosures: string[] }, name: string) => {
  e.disclosures = e.disclosures.filter((d) => nameOf(d) !== name)
}
function alter(e: { disclosures: string[] }, name: string, change: (value: Record<string, unknown>) => void) {
  e.disclosures = e.disclosures.map((d) => {
    if (nameOf(d) !== name) return d
    const [salt, claim, value] = open(d)
    change(value as Record<string, unknown>)
    return close([salt, claim, value])
  })
}

const cases: readonly Case[] = [
  ['an unknown member', (p) => Object.assign(p, { more: 1 }), 'form'],
  ['an unknown member of an event', (p) => Object.assign(first(p.events), { more: 1 }), 'form'],
  ['another format', (p) => Object.assign(p, { format: 'consent-proof@2' }), 'form'],
  ['no checkpoint', (p) => Reflect.deleteProperty(p, 'checkpoint'), 'form'],
  ['an instant in another spelling', (p) => Object.assign(p.question, { at: '2026-03-01T12:00:00Z' }), 'form'],
  ['a purpose and a policy', (p) => Object.assign(p.question, { policyId: 'privacy' }), 'form'],
  ['completeness claimed', (p) => Object.assign(p.limits, { completeness: 'proven' }), 'form'],
  ['another origin', (p) => Object.assign(p, { origin: 'other.example/acme' }), 'checkpoint'],
  ['another controller', (p) => Object.assign(p.question, { controller: 'other' }), 'checkpoint'],
  ["the log's signature", (p) => Object.assign(p, { checkpoint: flipNote(p.checkpoint, 4) }), 'checkpoint'],
  ["the witness's signature", (p) => Object.assign(p, { checkpoint: flipNote(p.checkpoint, 5) }), 'checkpoint'],
  ['the size', (p) => Object.assign(p, { checkpoint: p.checkpoint.replace('\n15\n', '\n14\n') }), 'checkpoint'],
  ['no pick', (p) => Reflect.deleteProperty(p, 'knownAtCheckpoint'), 'known-at', 'invalid', earlier],
  [
    'a pick that is not needed',
    (p) => Object.assign(p, { knownAtCheckpoint: { checkpoint: p.checkpoint, consistency: [] } }),
    'known-at',
  ],
  ['a pick that is not a prefix', (p) => p.knownAtCheckpoint?.consistency.reverse(), 'known-at', 'invalid', earlier],
  ['a pick of other hashes', (p) => p.knownAtCheckpoint?.consistency.pop(), 'known-at', 'invalid', earlier],
  ['knownAt before the pick', (p) => Object.assign(p.question, { knownAt: at(150) }), 'known-at', 'invalid', earlier],
  ['a leaf of another kind', (p) => Object.assign(first(p.events), { leaf: first(p.versions).leaf }), 'leaves'],
  [
    'a leaf in another spelling',
    (p) => Object.assign(first(p.events), { leaf: first(p.events).leaf.replace(',', ', ') }),
    'leaves',
  ],
  [
    'another pseudonym',
    (p) => Object.assign(first(p.events), { leaf: first(p.events).leaf.replace(sub, sub.replace(/^./, 'X')) }),
    'leaves',
  ],
  ['an event twice', (p) => p.events.push(first(p.events)), 'leaves'],
  [
    'a digest in a leaf',
    (p) => Object.assign(first(p.events), { leaf: swapLetter(first(p.events).leaf, 9) }),
    'inclusion',
  ],
  [
    'a hash of a proof',
    (p) => Object.assign(first(p.events), { tlogProof: otherHash(first(p.events).tlogProof) }),
    'inclusion',
  ],
  [
    'another index',
    (p) => Object.assign(first(p.events), { tlogProof: first(p.events).tlogProof.replace('index 7', 'index 6') }),
    'inclusion',
  ],
  [
    'the proof of another event',
    (p) => Object.assign(first(p.events), { tlogProof: last(p.events).tlogProof }),
    'inclusion',
  ],
  [
    'a proof against another checkpoint',
    (p) => Object.assign(p, { checkpoint: p.knownAtCheckpoint?.checkpoint, knownAtCheckpoint: undefined }),
    'inclusion',
    'invalid',
    earlier,
  ],
  ['covers withheld', (p) => drop(first(p.events), 'field:covers'), 'disclosures', 'undetermined'],
  ['times withheld', (p) => drop(first(p.events), 'field:times'), 'disclosures', 'undetermined'],
  ['who withheld', (p) => drop(first(p.events), 'field:who'), 'disclosures', 'undetermined'],
  ['how withheld', (p) => drop(first(p.events), 'field:how'), 'disclosures', 'undetermined'],
  ['link withheld', (p) => drop(first(p.events), 'field:link'), 'disclosures', 'undetermined'],
  ['identity withheld', (p) => drop(first(p.events), 'field:identity'), 'disclosures', 'undetermined'],
  ['the decision withheld', (p) => drop(last(p.events), 'decision:newsletter'), 'disclosures', 'undetermined'],
  ['a disclosure twice', (p) => first(p.events).disclosures.push(first(first(p.events).disclosures)), 'disclosures'],
  [
    'disclosures of another event',
    (p) => Object.assign(first(p.events), { disclosures: last(p.events).disclosures }),
    'disclosures',
  ],
  [
    'a decision altered',
    (p) => alter(last(p.events), 'decision:newsletter', (d) => Object.assign(d, { verb: 'given' })),
    'disclosures',
  ],
  [
    'a time altered',
    (p) => alter(first(p.events), 'field:times', (t) => Object.assign(t, { recordedAt: at(99) })),
    'disclosures',
  ],
  [
    'an unknown claim',
    (p) => first(p.events).disclosures.push(close(['AAAAAAAAAAAAAAAAAAAAAA', 'field:more', 1])),
    'disclosures',
  ],
  ['a short salt', (p) => first(p.events).disclosures.push(close(['AAAA', 'field:context', null])), 'disclosures'],
  ['a disclosure that is no JSON', (p) => first(p.events).disclosures.push('AAAA'), 'disclosures'],
  ['another subject', (p) => Object.assign(p.question.subject, { id: 'somebody-else' }), 'identity'],
  ['another type of subject', (p) => Object.assign(p.question.subject, { type: 'email' }), 'identity'],
  ['events in another order', (p) => p.events.reverse(), 'times'],
  ['a purpose that is not declared', (p) => Object.assign(p.question, { purposeId: 'other' }), 'publications'],
  ['a wording', (p) => Object.assign(first(p.versions).version.title, { en: 'Other' }), 'publications'],
  ['a kind', (p) => Object.assign(first(p.versions).version, { kind: 'terms' }), 'publications'],
  ['a level', (p) => Object.assign(last(p.versions).version, { level: 'major' }), 'publications'],
  ['a validity', (p) => Object.assign(first(last(p.versions).version.purposes), { validity: 'P9Y' }), 'publications'],
  ['a date', (p) => Object.assign(last(p.versions).version, { notBefore: at(3000) }), 'publications'],
  [
    'a presentation',
    (p) => Object.assign(first(first(p.presentations).presentation.controls), { initially: 'on' }),
    'publications',
  ],
  ['a version left out that another names', (p) => p.versions.shift(), 'publications', 'undetermined'],
  ['the version shown left out', (p) => p.versions.pop(), 'links'],
  ['a text altered', (p) => Object.assign(first(p.texts), { text: 'Something else.' }), 'texts'],
  ['a text left out', (p) => p.texts.pop(), 'texts', 'undetermined'],
  [
    'another text under its own hash',
    (p) => Object.assign(first(p.texts), { text: 'x', sha256: sha256Hex('x') }),
    'texts',
  ],
  ['a text twice', (p) => p.texts.push(first(p.texts)), 'texts'],
  ['the answer', (p) => Object.assign(p.answer, { status: 'Given', permittedByConsent: true }), 'answer'],
  ['the sentence', (p) => Object.assign(p.answer, { sentence: 'All is well.' }), 'answer'],
  ['the answer as known then', (p) => Object.assign(p.answer.knownThen, { status: 'Given' }), 'answer'],
  ['another instant', (p) => Object.assign(p.question, { at: at(1000) }), 'answer'],
  ['an event left out', (p) => p.events.pop(), 'answer'],
  ['settled, as is said', (p) => Object.assign(p.limits, { provisional: false }), 'limits'],
]

function swapLetter(text: string, index: number): string {
  return text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
}

/** The first hash of a proof, one bit off. */
function otherHash(proof: string): string {
  const lines = proof.split('\n')
  const bytes = decodeBase64(lines[2] ?? '')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  lines[2] = encodeBase64(bytes)
  return lines.join('\n')
}

describe('a tampered file', () => {
  it.each(named(cases))('$name', async ({ tamper, step, verdict = 'invalid', of = asked }) => {
    const draft = draftOf(makeProof(plainStory(), of))
    expect((await verify(draft)).verdict).toBe('valid')
    tamper(draft)
    const found = await verify(draft)
    expect(found.verdict).toBe(verdict)
    expect(found.step, found.says).toBe(step)
  })

  it('another key, under the same name', async () => {
    const other = policyOfKeys([new TestKey('another').vkey(origin)])
    expect(await verify(makeProof(plainStory(), asked), other)).toMatchObject({
      verdict: 'invalid',
      step: 'checkpoint',
    })
  })

  it('a quorum that was not met', async () => {
    const { parsePolicy } = await import('../../../shared/verify/verify.ts')
    const strict = parsePolicy(`log ${logVkey}\nwitness w1 ${outsideVkey}\nquorum w1\n`)
    const story = plainStory()
    expect(await verify(makeProof(story, asked), strict)).toMatchObject({ verdict: 'valid' })
    story.log.publish(at(5020))
    expect(await verify(makeProof(story, asked), strict)).toMatchObject({ verdict: 'invalid', step: 'checkpoint' })
  })
})

const presented = (presentationId: string, publishedAt: string) => ({
  presentationId,
  policyId: 'privacy',
  publishedAt,
  wording: { en: '' },
  controls: [],
  refusal: { label: { en: 'No' }, layer: 1 },
})
/** Long before the events of these stories, and long after them. */
const early = presented('early', at(-1000))
const late = presented('late', at(1000))

/** A story of one version and the events given, each in the log right after it says that it was recorded. */
function story(events: readonly MadeEvent[], versions = [policyVersion('1', at(0))]): Story {
  const log = new TestLog()
  for (const v of versions) log.append(versionLeaf(v))
  log.append(presentationLeaf(early))
  log.publish(at(1))
  for (const e of events) log.append(e.leaf)
  log.publish(events.at(-1)?.event.times.recordedAt ?? at(2))
  return { log, events, history: { policyId: 'privacy', versions, retractions: [], presentations: [early] } }
}
const history = { policyId: 'privacy', versions: [policyVersion('1', at(0))], retractions: [], presentations: [] }
const yes = () =>
  makeEvent(
    { recorded: at(100), decisions: [{ purposeId: 'newsletter', verb: 'given' }], evidence: given('1') },
    history,
  )

/** The event with something else in it, committed to as such: only who keeps the ledger can do that. */
function lie(change: (event: Loose<RecordedEvent>) => void): MadeEvent {
  const event: Loose<RecordedEvent> = JSON.parse(JSON.stringify(yes().event))
  change(event)
  return sealed(event as RecordedEvent)
}

describe('an operator who signs what is false', () => {
  const link = (more: object) => [
    { policyId: 'privacy', inForce: '1', shown: '1', grade: 'asserted', locale: 'en', ...more },
  ]
  it.each<readonly [string, (event: Loose<RecordedEvent>) => void, StepId]>([
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
      (e) =>
        Object.assign(e.times, { recordedAt: at(900), occurredAt: at(900), sentAt: at(900), effectiveAt: at(900) }),
      'backdating',
    ],
  ])('%s', async (_, change, step) => {
    const made = story([lie(change)])
    if (step === 'backdating') {
      const log = made.log.checkpoints.pop()
      made.log.publish(at(100))
      expect(log).toBeDefined()
    }
    const proof = makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
    const found = await verify(proof)
    expect([found.verdict, found.step], found.says).toEqual(['invalid', step])
  })

  it.each<readonly [string, string[], Verdict]>([
    ['published only after it', ['late'], 'invalid'],
    ['withheld from the file', [], 'undetermined'],
  ])('a presentation called matched that was %s', async (_, names, verdict) => {
    const event = lie((e) => Object.assign(e.how, { presentationId: 'late', presentation: 'matched' }))
    const made = story([event])
    made.log.append(presentationLeaf(late))
    made.log.publish(at(1001))
    const presentations = [late].filter(({ presentationId }) => names.includes(presentationId))
    const proof = makeProof({ ...made, history: { ...made.history, presentations } }, asked)
    expect(await verify(proof)).toMatchObject({ verdict, step: 'links' })
  })

  it('the same leaf, sequenced twice', async () => {
    const event = yes()
    const twice = sealed(event.event)
    const proof = makeProof(story([event, twice]), { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'disclosures' })
  })

  it('a version in force at once, or with a change not declared', async () => {
    const early = policyVersion('2', at(50), { notBefore: at(51) })
    const inForceAtOnce = story([], [policyVersion('1', at(-100)), early])
    const silent = policyVersion('2', at(50), {
      purposes: policyVersion('1', at(0)).purposes.map((p) => ({ ...p, retention: 'P99Y' })),
    })
    for (const made of [inForceAtOnce, story([], [policyVersion('1', at(-100)), silent])]) {
      const proof = makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
      expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'publications' })
    }
  })

  it('a retraction after the version was in force', async () => {
    const made = story([], [policyVersion('1', at(-100)), policyVersion('2', at(50))])
    const retraction = { version: '2', retractedAt: at(500), reason: 'regret' }
    made.log.append(retractionLeaf('privacy', retraction))
    made.log.publish(at(501))
    const proof = makeProof(
      { ...made, history: { ...made.history, retractions: [retraction] } },
      { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) },
    )
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'publications' })
  })

  it('two trees of one size, both signed', async () => {
    const made = story([yes()])
    const other = new TestLog()
    for (const leaf of made.log.leaves.slice().reverse()) other.append(leaf)
    const forked = other.publish(at(100))
    const proof = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) }))
    Object.assign(first(proof.events), { backdated: { lacks: made.log.checkpoints[0]?.note, has: forked.note } })
    expect(await verify(proof)).toMatchObject({
      verdict: 'invalid',
      step: 'backdating',
      says: expect.stringContaining('forked'),
    })
    expect(logKey.publicKey).toHaveLength(32)
  })
})

/** A withdrawal that states an early time and came to the log an hour late. */
function lateStory(): Story & { readonly leaf: string } {
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

describe('what came late to the log', () => {
  const asks = [at(1000), at(3600), at(3700), at(6000)].map((knownAt) => ({
    purposeId: 'newsletter',
    at: at(1000),
    knownAt,
  }))
  it.each(asks)('is known only from its checkpoint: $knownAt', async (question) => {
    const proof = makeProof(lateStory(), question)
    expect(await verify(proof)).toMatchObject({ verdict: 'valid' })
    expect(proof.answer.status).toBe(question.knownAt < at(3700) ? 'Given' : 'Withdrawn')
    expect(proof.answer.knownThen.status).toBe('Given')
  })

  it.each(
    named([
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
    ]),
  )('$name', async ({ tamper, step }) => {
    const draft = draftOf(makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }))
    tamper(draft)
    const found = await verify(draft)
    expect([found.verdict, found.step], found.says).toEqual(['invalid', step])
  })

  it('is noticed by the checkpoint that knownAt picked, mark or not', async () => {
    const made = lateStory()
    const proof = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(1000), knownAt: at(4000) }))
    const early = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(1000), knownAt: at(1600) }))
    Object.assign(proof, { knownAtCheckpoint: early.knownAtCheckpoint })
    Object.assign(proof.question, { knownAt: at(1600) })
    Reflect.deleteProperty(last(proof.events), 'backdated')
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'backdating' })
  })

  it('cannot be said to be known later than it was, where that matters', async () => {
    const proof = draftOf(makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(4000) }))
    Object.assign(last(proof.events).backdated ?? {}, { has: proof.checkpoint })
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid' })
  })

  it('without a witness it cannot be judged', async () => {
    const proof = makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) })
    expect(await verify(proof, policyOfKeys([logVkey]))).toMatchObject({ verdict: 'undetermined', step: 'backdating' })
  })
})
