/** Ways in which whoever holds a valid proof can change it, each with the step that must notice. */
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { sha256Hex } from '../../../shared/consent/published-leaf.ts'
import { decodeBase64, encodeBase64 } from '../../../shared/tlog/encoding.ts'
import type { StepId, Verdict } from '../../../shared/verify/verify.ts'
import { at, sub } from './maker.ts'

export const asked = { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }
export const earlier = { purposeId: 'newsletter', at: at(1000), knownAt: at(2000) }

/** Mutable all the way down. */
export type Loose<T> = T extends object ? { -readonly [K in keyof T]: Loose<T[K]> } : T
export type Draft = Loose<ConsentProof>
export const draftOf = (proof: ConsentProof): Draft => JSON.parse(JSON.stringify(proof))

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

export const named = (all: readonly Case[]) =>
  all.map(([name, tamper, step, verdict, of]) => ({ name, tamper, step, verdict, of }))

export type Case = readonly [
  name: string,
  tamper: (p: Draft) => void,
  step: StepId,
  verdict?: Verdict,
  of?: typeof asked,
]

export const first = <T>(list: T[]): T => {
  const [one] = list
  if (one === undefined) throw new Error('nothing there')
  return one
}
export const last = <T>(list: T[]): T => first(list.slice(-1))
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

export const tamperedProofs = named([
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
])

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
