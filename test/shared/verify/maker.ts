/**
 * Makes logs and proofs for the tests of the verifier, by itself and not by the ledger: so it can also make what an honest ledger
 * never would. Hosts, keys and salts are made from seeds, so that a failure comes back.
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto'
import { judgeTimes } from '../../../shared/consent/effective-time.ts'
import type { Identity, RecordedDecision, RecordedEvent } from '../../../shared/consent/event.ts'
import { claimsOf, disclosureJson, eventLeaf } from '../../../shared/consent/leaf.ts'
import { type Evidence, linkPolicy } from '../../../shared/consent/link.ts'
import {
  historyKnownAt,
  inForce,
  type PolicyHistory,
  type PolicyVersion,
  type Presentation,
  type Retraction,
  statedInForce,
} from '../../../shared/consent/policy.ts'
import type { Backdating, ConsentProof, Logged, PendingEntry } from '../../../shared/consent/proof-file.ts'
import { presentationLeaf, retractionLeaf, sha256Hex, versionLeaf } from '../../../shared/consent/published-leaf.ts'
import { withoutPending } from '../../../shared/consent/sentence.ts'
import { statusOf } from '../../../shared/consent/status.ts'
import type { FoldEvent } from '../../../shared/consent/status-answer.ts'
import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { consistencyProof } from '../../../shared/tlog/consistency.ts'
import { cosignedMessage, formatCosignature } from '../../../shared/tlog/cosignature.ts'
import { encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { inclusionProof, type NodeId } from '../../../shared/tlog/inclusion.ts'
import { appendLeaves, emptyRange, type Hash, leafHash, nodeHash, rootOf } from '../../../shared/tlog/merkle.ts'
import { formatNote, type NoteSignature } from '../../../shared/tlog/note.ts'
import { formatTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { formatVerifierKey, signatureTypes, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { purpose } from '../consent/scenario.ts'

export const host = 'ledger.example'
export const controller = 'acme'
export const origin = `${host}/${controller}`
export const start = Date.parse('2026-03-01T10:00:00.000Z')
/** Seconds after the start of the story, as an instant. */
export const at = (seconds: number) => new Date(start + seconds * 1000).toISOString()
const secondsOf = (instant: string) => Math.floor(Date.parse(instant) / 1000)

export class TestKey {
  readonly #key: KeyObject
  readonly publicKey: Uint8Array

  constructor(seed: string) {
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
    const der = Buffer.concat([prefix, hash('sha256', seed, 'buffer')])
    this.#key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const spki = createPublicKey(this.#key).export({ type: 'spki', format: 'der' })
    this.publicKey = Uint8Array.from(spki.subarray(-32))
  }

  sign(message: Uint8Array | string): Uint8Array {
    return Uint8Array.from(sign(null, Buffer.from(message), this.#key))
  }

  vkey(name: string, type: number = signatureTypes.ed25519): string {
    return formatVerifierKey(verifierKey(name, type, this.publicKey))
  }
}

export const logKey = new TestKey('log')
export const ownWitness = new TestKey('own witness')
export const outsideWitness = new TestKey('outside witness')
export const logVkey = logKey.vkey(origin)
export const ownVkey = ownWitness.vkey(`${host}/witness`, signatureTypes.cosignature)
export const outsideVkey = outsideWitness.vkey('witness.example/w1', signatureTypes.cosignature)

export interface Published {
  readonly size: number
  readonly note: string
  readonly seconds: number
}

/** A log held in memory: leaves in order, and every checkpoint that was signed. */
export class TestLog {
  readonly leaves: string[] = []
  readonly checkpoints: Published[] = []
  readonly origin: string

  constructor(logOrigin = origin) {
    this.origin = logOrigin
  }

  append(leaf: string): number {
    this.leaves.push(leaf)
    return this.leaves.length - 1
  }

  /** Signs the tree as it is, or as it was at `size`; `outside` is when another witness saw it. */
  publish(
    instant: string,
    { outside, size = this.leaves.length }: { outside?: string; size?: number } = {},
  ): Published {
    const text = checkpointText({ origin: this.origin, size, root: this.root(size), extensions: [] })
    const note = signedNote(
      text,
      this.origin,
      secondsOf(instant),
      outside === undefined ? undefined : secondsOf(outside),
    )
    const published = { size, note, seconds: secondsOf(instant) }
    this.checkpoints.push(published)
    return published
  }

  root(size: number): Hash {
    return rootOf(appendLeaves(emptyRange, this.hashes().slice(0, size)))
  }

  hashes(): Hash[] {
    return this.leaves.map((leaf) => leafHash(Buffer.from(leaf)))
  }

  proof(index: number, { size, note }: Published, extra?: object): string {
    return formatTlogProof({
      index,
      hashes: inclusionProof(index, size, this.#node()),
      checkpoint: note,
      ...(extra && { extra: Buffer.from(JSON.stringify(extra)) }),
    })
  }

  consistency(oldSize: number, newSize: number): string[] {
    return consistencyProof(oldSize, newSize, this.#node()).map(encodeBase64)
  }

  #node(): (id: NodeId) => Hash {
    const hashes = this.hashes()
    const node = ({ level, index }: NodeId): Hash =>
      level === 0
        ? (hashes[index] ?? new Uint8Array(32))
        : nodeHash(node({ level: level - 1, index: index * 2 }), node({ level: level - 1, index: index * 2 + 1 }))
    return node
  }
}

export function signedNote(text: string, name: string, seconds: number, outsideSeconds?: number): string {
  const signature = (signer: string, type: number, key: TestKey, bytes: Uint8Array): NoteSignature => ({
    name: signer,
    keyId: verifierKey(signer, type, key.publicKey).keyId,
    signature: bytes,
  })
  const cosigned = (signer: string, key: TestKey, when: number) =>
    signature(signer, signatureTypes.cosignature, key, formatCosignature(when, key.sign(cosignedMessage(when, text))))
  return formatNote({
    text,
    signatures: [
      signature(name, signatureTypes.ed25519, logKey, logKey.sign(text)),
      cosigned(`${host}/witness`, ownWitness, seconds),
      ...(outsideSeconds === undefined ? [] : [cosigned('witness.example/w1', outsideWitness, outsideSeconds)]),
    ],
  })
}

export const texts = { '1': 'We send you news.', '2': 'We send you news and offers.', '3': 'Vi skickar nyheter.' }

export function policyVersion(
  name: '1' | '2' | '3',
  published: string,
  more: Partial<PolicyVersion> = {},
): PolicyVersion {
  return {
    policyId: 'privacy',
    kind: 'privacy',
    version: name,
    scope: ['web'],
    title: { en: 'Privacy' },
    effectiveFrom: published,
    publishedAt: published,
    notBefore: name === '1' ? published : new Date(Date.parse(published) + 60_000).toISOString(),
    retroactive: false,
    texts: [
      { locale: 'en', mediaType: 'text/plain', sha256: sha256Hex(texts[name]) },
      { locale: 'sv-SE', mediaType: 'text/plain', sha256: sha256Hex(`${texts[name]} (sv)`) },
    ],
    purposes: [purpose(), purpose({ purposeId: 'statistics', globalPrivacyControl: true })],
    level: 'minor',
    changes: [],
    ground: 'business',
    summary: { en: 'what changed' },
    ...(name !== '1' && { comparedWith: '1' }),
    ...more,
  }
}

const allTexts = new Map(
  Object.values(texts).flatMap((text) => [text, `${text} (sv)`].map((t) => [sha256Hex(t), t] as const)),
)

export interface TestEvent {
  readonly recorded: string
  readonly occurred?: string
  readonly decisions: readonly RecordedDecision[]
  readonly evidence?: Evidence
  readonly identity?: Identity
  readonly more?: Partial<Pick<RecordedEvent, 'who' | 'how'>>
}

export const subject: Identity = { type: 'device', id: hash('sha256', 'a device secret', 'base64url') }
export const sub = hash('sha256', 'a pseudonym', 'base64url')

export interface MadeEvent {
  readonly event: RecordedEvent
  readonly leaf: string
  readonly disclosures: ReadonlyMap<string, string>
}

let made = 0

export function makeEvent(given: TestEvent, history: PolicyHistory): MadeEvent {
  const { recorded, occurred = recorded, decisions, evidence, identity = subject, more = {} } = given
  const number = ++made
  const who = { actor: { role: 'self' as const }, assurance: 'anonymous' as const, ...more.who }
  const asserted = ['operator', 'imported', 'confirmed'].includes(who.assurance)
  const times = judgeTimes({
    occurredAt: occurred,
    sentAt: asserted ? undefined : recorded,
    recordedAt: recorded,
    asserted,
    noticeIssuedAt: evidence?.kind === 'token' ? evidence.claims.issuedAt : undefined,
  })
  const known = historyKnownAt(history, recorded)
  const event: RecordedEvent = {
    eventId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    site: 'web',
    decisions,
    times,
    who,
    identity,
    link: [linkPolicy(known, times.effectiveAt, evidence, who.assurance === 'imported' ? statedInForce : inForce)],
    how: { channel: 'web', act: 'button', control: 'single', ...more.how },
    context: { userAgent: 'test' },
  }
  return sealed(event, number)
}

export function sealed(event: RecordedEvent, number = ++made, ofSub = sub): MadeEvent {
  const disclosures = new Map(
    claimsOf(event).map((claim) => {
      const salt = hash('sha256', `${number} ${claim.name}`, 'buffer').subarray(0, 16).toString('base64url')
      return [claim.name, Buffer.from(disclosureJson(salt, claim)).toString('base64url')]
    }),
  )
  const digests = [...disclosures.values()].map((disclosure) => hash('sha256', disclosure, 'base64url'))
  return { event, disclosures, leaf: eventLeaf(ofSub, digests) }
}

/** Everything in a log, with where it is and, for what came late, why. */
export interface Story {
  readonly log: TestLog
  readonly history: PolicyHistory
  readonly events: readonly MadeEvent[]
  readonly late?: ReadonlyMap<string, { readonly marking: Backdating; readonly knownFrom: string }>
}

export type Asked = Pick<ConsentProof['question'], 'purposeId' | 'policyId' | 'at' | 'knownAt'>

/**
 * The proof that an honest ledger makes of the story, against its newest checkpoint: as known at most at the end of the second of that.
 * Of the story's events those that the log does not have are pending.
 */
export function makeProof(story: Story, given: Asked): ConsentProof {
  const { log, history, events: recorded, late = new Map() } = story
  const newest = log.checkpoints.at(-1)
  if (newest === undefined) throw new Error('a story without a checkpoint')
  const isLogged = ({ leaf }: MadeEvent) => log.leaves.indexOf(leaf) >= 0 && log.leaves.indexOf(leaf) < newest.size
  const events = recorded.filter(isLogged)
  const covered = [
    new Date(newest.seconds * 1000 + 999).toISOString(),
    ...events.map(({ event }) => event.times.recordedAt),
    ...history.versions.map(({ publishedAt }) => publishedAt),
  ].reduce((a, b) => (a > b ? a : b))
  const isBeyond = given.knownAt > covered
  const asked = isBeyond ? { ...given, knownAt: covered } : given
  const pending = recorded.filter((e) => !isLogged(e) && e.event.times.recordedAt <= given.knownAt).map(pendingEvent)
  const knownFrom = (leaf: string, stated: string) => late.get(leaf)?.knownFrom ?? stated
  const isKnown = (leaf: string, stated: string) => knownFrom(leaf, stated) <= asked.knownAt
  const logged = (leaf: string): Logged => {
    const backdated = late.get(leaf)?.marking
    return { leaf, tlogProof: log.proof(log.leaves.indexOf(leaf), newest), ...(backdated && { backdated }) }
  }
  const target = asked.purposeId ?? `policy/${asked.policyId}`
  const covers = ({ disclosures }: MadeEvent) => disclosures.has(`decision:${target}`)
  const known = events
    .filter((e) => isKnown(e.leaf, e.event.times.recordedAt))
    .sort((a, b) => (a.event.times.recordedAt < b.event.times.recordedAt ? -1 : 1))
  const versions = history.versions.filter((v: PolicyVersion) => isKnown(versionLeaf(v), v.publishedAt))
  const leafOf = (r: Retraction) => retractionLeaf(history.policyId, r)
  const retractions = history.retractions.filter((r: Retraction) => isKnown(leafOf(r), r.retractedAt))
  const presentations = history.presentations.filter((p: Presentation) =>
    known.some((e) => covers(e) && e.event.how.presentationId === p.presentationId),
  )
  const marked = <T extends object>(one: T, leaf: string) => {
    const from = late.get(leaf)?.knownFrom
    return { ...one, ...(from !== undefined && { knownFrom: from }) }
  }
  const folded: PolicyHistory = {
    ...history,
    versions: versions.map((v) => marked(v, versionLeaf(v))),
    retractions: retractions.map((r) => marked(r, leafOf(r))),
  }
  const answer = withoutPending(
    statusOf(
      asked,
      known.map((e): FoldEvent => marked({ event: e.event }, e.leaf)),
      folded,
    ),
    pending.length,
  )
  const always = ['field:covers', 'field:times', 'field:who']
  const whenCovered = ['field:link', 'field:how', 'field:identity', `decision:${target}`]
  const knownAtMs = Date.parse(asked.knownAt)
  const then = log.checkpoints.findLast((c) => c.seconds * 1000 <= knownAtMs)
  const links = known.filter(covers).flatMap((e) => e.event.link)
  const wanted = [...new Set([answer.shown, inForce(historyKnownAt(folded, asked.knownAt), asked.at)?.version])]
  return {
    format: 'consent-proof@1',
    origin: log.origin,
    question: { controller, subject, ...asked, ...(isBeyond && { askedKnownAt: given.knownAt }) },
    answer,
    limits: { completeness: 'not-proven', provisional: knownAtMs > (newest.seconds - 120) * 1000 },
    ...(pending.length > 0 && { pending }),
    checkpoint: newest.note,
    ...(then &&
      then !== newest && {
        knownAtCheckpoint: { checkpoint: then.note, consistency: log.consistency(then.size, newest.size) },
      }),
    events: known.map((e) => ({
      ...logged(e.leaf),
      disclosures: (covers(e) ? [...always, ...whenCovered] : always).map((name) => e.disclosures.get(name) ?? ''),
    })),
    versions: versions.map((version) => ({ ...logged(versionLeaf(version)), version })),
    retractions: retractions.map((retraction) => ({ ...logged(leafOf(retraction)), retraction })),
    presentations: presentations.map((presentation) => ({ ...logged(presentationLeaf(presentation)), presentation })),
    texts: wanted.flatMap((name) => {
      const all = versions.find((v) => v.version === name)?.texts ?? []
      const locales = new Set(links.filter((l) => l.shown === name).map((l) => l.locale))
      const shown = all.filter((t) => locales.has(t.locale))
      return (shown.length > 0 ? shown : all).map((t) => ({
        ...t,
        version: String(name),
        localeShown: shown.length > 0,
        text: allTexts.get(t.sha256) ?? '',
      }))
    }),
  }
}

function pendingEvent({ leaf, event }: MadeEvent): PendingEntry {
  const { recordedAt } = event.times
  return {
    kind: 'event',
    receiptId: hash('sha256', event.eventId, 'base64url').slice(0, 22),
    leafHash: Buffer.from(leafHash(Buffer.from(leaf))).toString('base64url'),
    recordedAt,
    promisedBy: new Date(Date.parse(recordedAt) + 120_000).toISOString(),
  }
}

export const given = (version: string): Evidence => ({
  kind: 'reference',
  reference: { policyId: 'privacy', version, locale: 'en' },
})

export function served(version: '1' | '2' | '3', issuedAt: string): Evidence {
  const expiresAt = new Date(Date.parse(issuedAt) + 86_400_000).toISOString()
  const textSha256 = sha256Hex(texts[version])
  const claims = { policyId: 'privacy', version, locale: 'en', textSha256, issuedAt, expiresAt }
  return { kind: 'token', claims: { ...claims, servedTo: 'this-subject' } }
}

/** A consent, an unrelated decision, and a withdrawal; two versions and strangers' leaves in between. */
export function plainStory(): Story {
  const log = new TestLog()
  const history: PolicyHistory = {
    policyId: 'privacy',
    versions: [policyVersion('1', at(0)), policyVersion('2', at(3600))],
    retractions: [],
    presentations: [
      {
        presentationId: 'banner',
        policyId: 'privacy',
        publishedAt: at(1),
        wording: { en: 'Yes or no?' },
        controls: [{ purposeId: 'newsletter', label: { en: 'News' }, initially: 'off' }],
        refusal: { label: { en: 'No' }, layer: 1 },
      },
    ],
  }
  const events = [
    makeEvent(
      {
        recorded: at(100),
        occurred: at(90),
        decisions: [
          { purposeId: 'newsletter', verb: 'given' },
          { purposeId: 'statistics', verb: 'refused' },
        ],
        evidence: served('1', at(60)),
        more: { how: { channel: 'web', act: 'checkbox', control: 'single', presentationId: 'banner' } },
      },
      history,
    ),
    makeEvent({ recorded: at(200), decisions: [{ purposeId: 'statistics', verb: 'given' }] }, history),
    makeEvent(
      { recorded: at(5000), decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }], evidence: given('2') },
      history,
    ),
  ]
  const [first, second, third] = history.versions
  const stranger = (n: number) =>
    eventLeaf(hash('sha256', `stranger ${n}`, 'base64url'), [hash('sha256', `${n}`, 'base64url')])
  log.publish(at(-10))
  if (first) log.append(versionLeaf(first))
  for (const p of history.presentations) log.append(presentationLeaf(p))
  log.publish(at(5))
  for (let n = 0; n < 5; n++) log.append(stranger(n))
  for (const e of events.slice(0, 2)) log.append(e.leaf)
  log.publish(at(210))
  if (second) log.append(versionLeaf(second))
  log.publish(at(3605))
  for (let n = 5; n < 9; n++) log.append(stranger(n))
  if (events[2]) log.append(events[2].leaf)
  log.publish(at(5010), { outside: at(5015) })
  return { log, history, events: third === undefined ? events : [] }
}
