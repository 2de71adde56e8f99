/**
 * Every audit read is recorded as two items: an entry with the reader, the question and the time, and a row with the subject.
 *
 *   entry  PK `<controller>#read#<day>`     form: `holder-entry.ts`
 *     leaf     commits to field:question, field:reader, field:subject, field:times
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
 * answered. Reads in the earlier form have no row, and their question names the subject: see `hasEarlierReads` (controller-snapshots.ts) and the
 * self-audit's `read-names-unknown`.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Identity } from '../../consent/event.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { keyBytes } from '../derived-keys.ts'
import { disclosureDigest, randomDisclosure } from '../disclosures.ts'
import { makeHolderEntry, randomSk } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import type { Item, Key, Randomness } from '../store.ts'
import { normaliseIdentity } from '../vault/identity-names.ts'
import { type ReadsKey, vaultScope } from '../vault/subject-keys.ts'
import { readsKeyOf, type StoredSubject, storedSubject } from '../vault/vault.ts'

/** The question without its subject. Nothing in it may name a person, because the reader's keys open it. */
export type ReadQuestion = Readonly<Record<string, unknown>> & { readonly subject?: never }

/** The content that the row of a subject seals. */
export interface SubjectRead {
  readonly read: Key
  readonly question: ReadQuestion
  readonly times: { readonly readAt: string }
  /** Disclosure of `field:subject`, whose digest is in the leaf of the read. Absent in the row of a batch of checks (`record-checks.ts`). */
  readonly subject?: string
}

export const paddedBytes = { read: 256, row: 320 }

/**
 * Returns the subject's rows in the vault, which the answer needs too; `undefined` for an unknown or erased subject: a read makes none.
 *
 * @param known the subject's rows, when they were read before: a linked subject, which goes by its link instead of its identifier
 */
export async function recordRead(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  reader: Identity,
  subject: Identity,
  question: ReadQuestion,
  known?: StoredSubject,
): Promise<StoredSubject | undefined> {
  const scope = vaultScope(snapshot)
  const times = { readAt: timestamp(ledger.clock) }
  const { random } = ledger
  const named = await normaliseIdentity(subject, scope.country)
  const disclosure = randomDisclosure({ name: 'field:subject', value: named }, random)
  const [entry, stored] = await Promise.all([
    makeHolderEntry(ledger, scope, {
      kind: 'read',
      holder: reader,
      at: times.readAt,
      content: { question, reader, times },
      otherDigests: [disclosureDigest(disclosure)],
      paddedBytes: paddedBytes.read,
    }),
    known ?? storedSubject(ledger, scope, subject),
  ])
  const read = { pk: entry.pk, sk: entry.sk }
  const content = { read, question, times, subject: disclosure }
  const key = readsKeyOf(scope, stored)
  const row = subjectRow(scope.controller, key ?? throwawayKey(random), content, random)
  // The keys are random: what exists is ours, and the answer to a first try was lost.
  const outcomes = await ledger.entries.insert([entry, row])
  for (const result of outcomes) if (result.outcome === 'error') throw result.error
  return stored
}

/** Throws when the row is not one that was sealed for the subject of this key. */
export function openSubjectRead({ pk, sk, values: { payload } }: Item, key: KeyObject): SubjectRead {
  if (!(payload instanceof Uint8Array)) throw new Error('a read without payload')
  return openPayload(payload, key, { pk, sk }) as SubjectRead
}

/** The partition of the reads that are about a subject. */
export const readsPk = (controller: string, sub: string): string => `${controller}#read#${sub}`

/** @param sk 32 hexadecimal digits, as every row of a read has */
export function subjectRow(
  controller: string,
  { sub, key }: ReadsKey,
  content: SubjectRead,
  random: Randomness,
  sk = randomSk(random),
): Item {
  const at = { pk: readsPk(controller, sub), sk }
  return { ...at, values: { payload: sealPayload(content, key, at, random, paddedBytes.row) } }
}

/** A random pseudonym and key for the row of an unknown subject. They are not stored, so nothing opens the row. */
function throwawayKey(random: Randomness): ReadsKey {
  return { sub: Buffer.from(random(keyBytes)).toString('base64url'), key: createSecretKey(random(keyBytes)) }
}
