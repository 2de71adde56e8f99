/**
 * Signed notes (https://c2sp.org/signed-note): a text ending in a newline, an empty line, and one or more signature lines
 * `(em dash) <key name> <base64 of key id and signature>`. Signatures cover the text with its final newline. Do not use the text before
 * `verifyNote` has found a signature by a trusted key.
 */
import { cosignedMessage, parseCosignature } from './cosignature.ts'
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, equalBytes, hasControls } from './encoding.ts'
import { excerpt, TlogError } from './tlog-error.ts'
import { checkKeyName, hexKeyId, readUint32, signatureTypes, type VerifierKey, writeUint32 } from './verifier-key.ts'

export interface NoteSignature {
  readonly name: string
  /** Unsigned 32 bits. */
  readonly keyId: number
  /** The bytes after the key id. */
  readonly signature: Uint8Array
}

export interface Note {
  /** With its final newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export const maxNoteBytes = 1_000_000
const maxSignatures = 100
const dash = '\u2014 '

export function parseNote(given: string | Uint8Array): Note {
  const whole = readText(given)
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) throw malformed('it has no empty line between text and signatures')
  if (!whole.endsWith('\n') || whole.length === split + 2) throw malformed('it does not end with a signature line')
  const lines = whole.slice(split + 2, -1)
  checkSignatureCount(countLines(lines))
  return { text: whole.slice(0, split + 1), signatures: lines.split('\n').map(parseSignatureLine) }
}

function readText(given: string | Uint8Array): string {
  if (given.length > maxNoteBytes) throw malformed(`it has ${given.length} bytes; allowed are ${maxNoteBytes}`)
  const bytes = typeof given === 'string' ? encodeUtf8(given, 'malformed-note') : given
  if (bytes.length > maxNoteBytes) throw malformed(`it has ${bytes.length} bytes; allowed are ${maxNoteBytes}`)
  const text = typeof given === 'string' ? given : decodeUtf8(bytes, 'malformed-note')
  if (hasControls(text)) throw malformed('it has a control character other than newline')
  return text
}

function countLines(lines: string): number {
  let count = 1
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) count++
  return count
}

function checkSignatureCount(count: number): void {
  if (count < 1 || count > maxSignatures)
    throw malformed(`it has ${count} signatures; allowed are 1 to ${maxSignatures}`)
}

function parseSignatureLine(line: string): NoteSignature {
  const space = line.indexOf(' ', dash.length)
  if (!line.startsWith(dash) || space < 0) throw malformed(`${excerpt(line)} is not a signature line`)
  const name = line.slice(dash.length, space)
  checkSignatureName(name)
  const bytes = decodeBase64(line.slice(space + 1))
  if (bytes.length < 5) throw malformed(`${excerpt(line)} has no signature after the key id`)
  return { name, keyId: readUint32(bytes), signature: bytes.subarray(4) }
}

function checkSignatureName(name: string): void {
  try {
    checkKeyName(name)
  } catch (cause) {
    throw new TlogError('malformed-note', `${excerpt(name)} in a signature line is not a key name`, cause)
  }
}

/** Writes a note that `parseNote` reads back unchanged. */
export function formatNote(note: Note): string {
  if (!note.text.endsWith('\n')) throw malformed('its text does not end with a newline')
  checkSignatureCount(note.signatures.length)
  const text = `${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`
  readText(text)
  return text
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  checkSignatureName(name)
  if (!Number.isInteger(keyId) || keyId < 0 || keyId >= 2 ** 32) throw malformed(`${keyId} is not a key id of 32 bits`)
  if (signature.length < 1) throw malformed(`the signature of ${excerpt(name)} is empty`)
  return `${dash}${name} ${encodeBase64(concatBytes(writeUint32(keyId), signature))}\n`
}

/**
 * Returns those of `keys` that signed, each once, in the order of their lines. Signatures by other keys are ignored, and so are keys whose
 * type cannot be verified here. A bad signature by one of the keys rejects the whole note, whatever other signatures it has.
 *
 * @throws TlogError `not-signed` if none of the keys signed, `bad-signature`, or `malformed-key`
 */
export async function verifyNote(note: Note, keys: readonly VerifierKey[]): Promise<VerifierKey[]> {
  const verifiable = keys.filter(({ type }) => type === signatureTypes.ed25519 || type === signatureTypes.cosignature)
  checkSignatureCount(note.signatures.length)
  const signers = new Set<VerifierKey>()
  for (const signature of note.signatures) {
    const key = findKey(verifiable, signature)
    if (!key) continue
    await verifySignature(note.text, signature, key)
    signers.add(key)
  }
  if (signers.size === 0)
    throw new TlogError(
      'not-signed',
      verifiable.length === 0
        ? 'none of the known keys is of a kind that can be verified here'
        : `the note is signed by ${namesOf(note.signatures)}; the known keys are of ${namesOf(verifiable)}, and none of them signed it`,
    )
  return [...signers]
}

/** Key names, which are origins of logs and names of witnesses, with key ids: the first few. */
function namesOf(all: readonly { readonly name: string; readonly keyId: number }[]): string {
  const names = [...new Set(all.map((each) => `${excerpt(each.name)} (${hexKeyId(each)})`))]
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and others` : names.join(', ')
}

/** The time at which the key cosigned the note; the earliest if it did so more than once. Verify the note with the key first. */
export function cosignatureTime(note: Note, key: VerifierKey): number | undefined {
  const times = note.signatures
    .filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
    .map(({ signature }) => parseCosignature(signature).timeSeconds)
  return times.length > 0 ? Math.min(...times) : undefined
}

/** Two different keys under one name and id cannot be told apart in a note, so neither can be trusted. */
function findKey(keys: readonly VerifierKey[], signature: NoteSignature): VerifierKey | undefined {
  const [key, ...others] = keys.filter((k) => k.keyId === signature.keyId && k.name === signature.name)
  if (key && others.some((other) => other.type !== key.type || !equalBytes(other.publicKey, key.publicKey)))
    throw new TlogError('malformed-key', `two keys have the name ${excerpt(key.name)} and the id ${hexKeyId(key)}`)
  return key
}

async function verifySignature(text: string, { signature }: NoteSignature, key: VerifierKey): Promise<void> {
  const timed = key.type === signatureTypes.cosignature ? parseCosignature(signature) : undefined
  const message = timed ? cosignedMessage(timed.timeSeconds, text) : encodeUtf8(text, 'malformed-note')
  if (!(await verifyEd25519(key, message, timed ? timed.signature : signature)))
    throw new TlogError('bad-signature', `the signature of ${excerpt(key.name)} (${hexKeyId(key)}) is not good`)
}

async function verifyEd25519(key: VerifierKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (signature.length !== 64) return false
  try {
    const { subtle } = globalThis.crypto
    const raw = new Uint8Array(key.publicKey)
    const imported = await subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
    return await subtle.verify({ name: 'Ed25519' }, imported, new Uint8Array(signature), new Uint8Array(message))
  } catch (cause) {
    throw new TlogError('bad-signature', `the signature of ${excerpt(key.name)} cannot be verified here`, cause)
  }
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-note', `not a signed note: ${why}`)
}
