/**
 * Every audit read is recorded as two items: an entry with the reader, the question and the time, and a row with the subject.
 *
 *   entry  PK `<controller>#read#<day>`     SK 128 random bits, hex
 *     leaf     {"_sd":[digest, ...sorted],"_sd_alg":"sha-256","kind":"read","v":1}: of field:question, field:reader, field:subject,
 *              field:times
 *     reader   the reader's pseudonym               hour  as of an event
 *     payload  question (without its subject), reader, times: sealed under the reader's key of the year
 *   row    PK `<controller>#read#<sub>`     SK 128 other random bits, hex
 *     payload  read (key of the entry), question, times, subject (disclosure of field:subject): sealed under the subject's `reads` key
 *
 * The reader's keys open no name of a subject, and the subject's keys no name of a reader. So either can be erased alone, and no
 * remaining key then opens the erased name. The salt of field:subject is random and only in the row; derived from the reader's keys, it
 * would let them confirm a guess. One query lists the reads about a subject. Nothing in clear links a row to its entry. The row has no
 * leaf and is not an event.
 *
 * A read about an unknown subject leaves items of the same kind and size: its row has a random pseudonym, and is sealed under a random
 * key that is thrown away.
 *
 * Both items are stored before the answer is given, so that no read goes unrecorded. A crash may leave only one of them; then nothing was
 * answered. Reads in the earlier form have no row, and their question names the subject: see `hasEarlierReads` (controllers.ts) and the
 * self-audit's `read-names-unknown`.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Identity } from '../consent/event.ts'
import { type Claim, disclosureJson } from '../consent/leaf.ts'
import type { ControllerBook } from './controllers.ts'
import { keyBytes } from './keys.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { disclosureDigest, makeDisclosure, yearKeys, yearOf } from './sealed-event.ts'
import { openPayload, sealPayload } from './sealed-payload.ts'
import type { Item, Key, Randomness } from './store.ts'
import { type ReadsKey, readsKeyFor, subjectKeysForWriting } from './vault.ts'

/** Identity of a token's holder as a reader. It includes the issuer, because a subject is unique within its issuer only. */
export function readerIdentity({ issuer, subject }: { readonly issuer: string; readonly subject: string }): Identity {
  return { type: 'reader', id: JSON.stringify([issuer, subject]) }
}

/** The question without its subject. Nothing in it may name a person, because the reader's keys open it. */
export type ReadQuestion = Readonly<Record<string, unknown>> & { readonly subject?: never }

/** The content that the row of a subject seals. */
export interface SubjectRead {
  readonly read: Key
  readonly question: ReadQuestion
  readonly times: { readonly readAt: string }
  /** Disclosure of `field:subject`, whose digest is in the leaf of the read. */
  readonly subject: string
}

/** Longer than nearly every question, so that the length of a payload does not show what was asked. */
const paddedBytes = { read: 256, row: 320 }
const saltBytes = 16

export async function recordRead(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  reader: Identity,
  subject: Identity,
  question: ReadQuestion,
): Promise<void> {
  const scope = { controller, secrets }
  const times = { readAt: timestamp(ledger.clock) }
  const year = yearOf(times.readAt)
  const [keys, known] = await Promise.all([
    subjectKeysForWriting(ledger, scope, reader, year, false),
    readsKeyFor(ledger, scope, subject),
  ])
  const { proof } = yearKeys(keys, year)
  const { random } = ledger
  const read = { pk: `${controller}#read#${times.readAt.slice(0, 10)}`, sk: randomSk(random) }
  const disclosure = subjectDisclosure(subject, random)
  const digests = readerClaims({ question, reader, times }).map((claim) =>
    disclosureDigest(makeDisclosure(read.sk, claim, proof.salt)),
  )
  const leaf = readLeaf([...digests, disclosureDigest(disclosure)])
  const payload = sealPayload({ question, reader, times }, proof.seal, read, random, paddedBytes.read)
  const row = subjectRow(
    controller,
    known ?? throwawayKey(random),
    { read, question, times, subject: disclosure },
    random,
  )
  // The keys are random: what exists is ours, and the answer to a first try was lost.
  const outcomes = await ledger.entries.insert([
    { ...read, values: { leaf, reader: keys.sub, hour: times.readAt.slice(0, 13), payload } },
    row,
  ])
  for (const result of outcomes) if (result.outcome === 'error') throw result.error
}

/** The content that the reader's payload seals. */
interface ReadContent {
  readonly question: unknown
  readonly reader: unknown
  readonly times: { readonly readAt?: string }
}

/** The claims of a read that its reader's payload opens. */
export function readerClaims(content: ReadContent): Claim[] {
  return (['question', 'reader', 'times'] as const).map((name) => ({ name: `field:${name}`, value: content[name] }))
}

export function readLeaf(digests: readonly string[]): string {
  return JSON.stringify({ _sd: [...digests].sort(), _sd_alg: 'sha-256', kind: 'read', v: 1 })
}

/** Throws when the row is not one that was sealed for the subject of this key. */
export function openSubjectRead({ pk, sk, values: { payload } }: Item, key: KeyObject): SubjectRead {
  if (!(payload instanceof Uint8Array)) throw new Error('a read without payload')
  return openPayload(payload, key, { pk, sk }) as SubjectRead
}

/** The partition of the reads that are about a subject. */
export const readsPk = (controller: string, sub: string): string => `${controller}#read#${sub}`

function subjectRow(controller: string, { sub, key }: ReadsKey, content: SubjectRead, random: Randomness): Item {
  const at = { pk: readsPk(controller, sub), sk: randomSk(random) }
  return { ...at, values: { payload: sealPayload(content, key, at, random, paddedBytes.row) } }
}

function subjectDisclosure(subject: Identity, random: Randomness): string {
  const salt = Buffer.from(random(saltBytes)).toString('base64url')
  return Buffer.from(disclosureJson(salt, { name: 'field:subject', value: subject })).toString('base64url')
}

/** A random pseudonym and key for the row of an unknown subject. They are not stored, so nothing opens the row. */
function throwawayKey(random: Randomness): ReadsKey {
  return { sub: Buffer.from(random(keyBytes)).toString('base64url'), key: createSecretKey(random(keyBytes)) }
}

function randomSk(random: Randomness): string {
  return Buffer.from(random(16)).toString('hex')
}
