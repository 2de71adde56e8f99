/**
 * The call `POST <prefix>/add-checkpoint` of [tlog-witness](https://c2sp.org/tlog-witness) v1.0.0, read and written, without HTTP: a log asks
 * a witness to cosign a checkpoint and proves that the tree extends the one that the witness cosigned last.
 *
 *   request   `old <size>`, a line of base64 for each hash of the consistency proof, an empty line, the signed checkpoint
 *   200       signature lines of cosignatures; those of keys that are not known, such as ML-DSA-44's, are ignored
 *   409       the size that the witness cosigned last, as `text/x.tlog.size`
 *
 * Nothing that a witness answers is believed: a cosignature counts once it verifies over the text that was sent, with the witness's key.
 */
import { parseCheckpoint } from './checkpoint.ts'
import { parseCosignature } from './cosignature.ts'
import { decodeBase64, decodeUtf8, encodeBase64, parseDecimal } from './encoding.ts'
import { type Hash, hashLength } from './merkle.ts'
import { formatNote, maxNoteBytes, type NoteSignature, parseNote, verifyNote } from './note.ts'
import { TlogError } from './tlog-error.ts'
import type { VerifierKey } from './verifier-key.ts'

export interface AddCheckpoint {
  /** Size of the tree that the witness cosigned last; 0 for a log that is new to it. */
  readonly oldSize: number
  /** Shows the tree of that size to be the beginning of the checkpoint's. */
  readonly proof: readonly Hash[]
  /** The signed note. */
  readonly checkpoint: string
}

export const sizeType = 'text/x.tlog.size'
/** Bytes of a reply that are read. A line of ML-DSA-44 has 3,300. */
export const maxReplyBytes = 64_000
export const maxRequestBytes = maxNoteBytes
const maxProofHashes = 63

/** What an answer says by its status. `refused` is each other one, such as 500. */
export type WitnessAnswer =
  | { readonly says: 'cosigned'; readonly body: string }
  | { readonly says: 'size'; readonly size: number }
  | { readonly says: 'bad-request' | 'untrusted-key' | 'unknown-log' | 'bad-proof' | 'refused' }

/** A cosignature that was verified, and the time that it states. */
export interface Cosignature {
  readonly signature: NoteSignature
  readonly timeSeconds: number
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (proof.length > maxProofHashes) throw malformed(`${proof.length} hashes; allowed are ${maxProofHashes}`)
  return `${[`old ${oldSize}`, ...proof.map(encodeBase64), '', checkpoint].join('\n')}`
}

/** @throws TlogError of the part that is malformed */
export function parseAddCheckpoint(given: Uint8Array): AddCheckpoint {
  if (given.length > maxRequestBytes) throw malformed(`${given.length} bytes; allowed are ${maxRequestBytes}`)
  const text = decodeUtf8(given, 'malformed-note')
  const end = text.indexOf('\n\n')
  const [old = '', ...hashes] = text.slice(0, Math.max(0, end)).split('\n', maxProofHashes + 2)
  if (!old.startsWith('old ')) throw malformed('it does not begin with `old`, a size, a proof and an empty line')
  if (hashes.length > maxProofHashes) throw malformed(`more than ${maxProofHashes} hashes`)
  const proof = hashes.map(decodeBase64)
  if (proof.some(({ length }) => length !== hashLength)) throw malformed(`a hash has ${hashLength} bytes`)
  return { oldSize: parseDecimal(old.slice('old '.length)), proof, checkpoint: text.slice(end + 2) }
}

/**
 * @param contentType of the answer's header
 * @throws TlogError for a 409 without a size
 */
export function readWitnessAnswer(status: number, contentType: string, body: Uint8Array): WitnessAnswer {
  switch (status) {
    case 200:
      return { says: 'cosigned', body: decodeUtf8(body, 'malformed-note') }
    case 400:
      return { says: 'bad-request' }
    case 403:
      return { says: 'untrusted-key' }
    case 404:
      return { says: 'unknown-log' }
    case 409:
      return { says: 'size', size: sizeIn(contentType, body) }
    case 422:
      return { says: 'bad-proof' }
    default:
      return { says: 'refused' }
  }
}

function sizeIn(contentType: string, body: Uint8Array): number {
  if (contentType.split(';', 1)[0]?.trim().toLowerCase() !== sizeType) throw malformed(`a 409 that is not ${sizeType}`)
  return parseDecimal(decodeUtf8(body, 'malformed-number').replace(/\n$/, ''))
}

/**
 * The witness's own cosignature among the lines of an answer.
 *
 * @param checkpoint the signed note that was sent
 * @throws TlogError `malformed-note` for what are no signature lines, `not-signed` when none is the witness's, `bad-signature` when one of
 * its does not verify: it is of another checkpoint, or of nobody
 */
export async function cosignatureIn(lines: string, checkpoint: string, witness: VerifierKey): Promise<Cosignature> {
  if (lines.includes('\n\n') || !lines.startsWith('\u2014 ')) throw malformed('the answer has no signature lines')
  const answered = parseNote(`${parseNote(checkpoint).text}\n${lines}`)
  await verifyNote(answered, [witness])
  const signature = answered.signatures.find(({ name, keyId }) => name === witness.name && keyId === witness.keyId)
  if (signature === undefined) throw new TlogError('not-signed', 'no line is of the witness')
  return { signature, timeSeconds: parseCosignature(signature.signature).timeSeconds }
}

/** The signature line as it stands in a note and in an answer, with its newline. */
export function formatSignatureLine(signature: NoteSignature): string {
  return formatNote({ text: '\n', signatures: [signature] }).slice(2)
}

/** The note with these signature lines after its own. A line that it has is not added twice. */
export function withSignatureLines(note: string, lines: readonly string[]): string {
  const { text } = parseNote(note)
  const own = note.slice(text.length + 1).split('\n')
  return note + lines.filter((line) => !own.includes(line.slice(0, -1))).join('')
}

/** Whether it is the checkpoint of a tree. @returns its size */
export function sizeOfNote(note: string): number {
  return parseCheckpoint(parseNote(note).text).size
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-note', `not a call of add-checkpoint: ${why}`)
}
