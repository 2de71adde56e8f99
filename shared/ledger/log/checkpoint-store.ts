/**
 * Signs, stores and reads checkpoints. A checkpoint is a [signed note](https://c2sp.org/signed-note) with two signature lines: the log's own
 * (Ed25519, key name = origin) and a timestamped cosignature of the ledger's witness (`<host>/witness`), since the note carries no time. While one
 * checkpoint key replaces another there is a line of each (`checkpoint-keys.ts`).
 *
 * The write-once object is the checkpoint, one for each size. The row in the log table and the served object are copies of it. A crash leaves
 * copies missing, and `storeCheckpointCopies` adds them.
 */
import { LedgerError } from '../../errors.ts'
import { checkpointText, parseCheckpoint } from '../../tlog/checkpoint.ts'
import { cosignedMessage, formatCosignature } from '../../tlog/cosignature.ts'
import type { Hash } from '../../tlog/merkle.ts'
import { cosignatureTime, formatNote, type Note, parseNote, verifyNote } from '../../tlog/note.ts'
import { TlogError } from '../../tlog/tlog-error.ts'
import { signatureTypes, type VerifierKey, verifierKey } from '../../tlog/verifier-key.ts'
import type { LogWriter } from '../ledger.ts'
import { insertOne } from '../store.ts'
import { equalHashes, forkedLogError, type Tree } from './batches.ts'
import { checkpointPublicKeys, checkpointSigners } from './checkpoint-keys.ts'
import { checkpointFolder, checkpointItem, checkpointObject, originOf, witnessName } from './log-items.ts'
import { serveCheckpoint } from './serve-checkpoint.ts'

export interface SignedCheckpoint {
  readonly size: number
  readonly root: Hash
  /** The signed note as it is stored and served. */
  readonly note: string
  /** Time of the witness's cosignature, seconds since 1970; 0 when there is none. */
  readonly timeSeconds: number
}

export function logKey(host: string, controller: string, publicKey: Uint8Array): VerifierKey {
  return verifierKey(originOf(host, controller), signatureTypes.ed25519, publicKey)
}

export function witnessKey(host: string, publicKey: Uint8Array): VerifierKey {
  return verifierKey(witnessName(host), signatureTypes.cosignature, publicKey)
}

/** The checkpoint of greatest size in write-once storage, its signatures verified. */
export async function newestStoredCheckpoint(
  logWriter: LogWriter,
  controller: string,
): Promise<SignedCheckpoint | undefined> {
  const name = await logWriter.objects.first(checkpointFolder(controller))
  return name === undefined ? undefined : readCheckpoint(logWriter, controller, name)
}

async function readCheckpoint(logWriter: LogWriter, controller: string, name: string): Promise<SignedCheckpoint> {
  const bytes = await logWriter.objects.get(name)
  if (bytes === undefined) throw new LedgerError('unavailable', 'a checkpoint that is listed cannot be read')
  const signed = await verified(logWriter, controller, bytes).catch((error: unknown) => {
    throw error instanceof TlogError ? forkedLogError('a stored checkpoint is not one of this log', name, error) : error
  })
  if (checkpointObject(controller, signed.size) !== name)
    throw forkedLogError('a checkpoint of another size is stored under this name', name)
  return signed
}

/** Throws `TlogError` unless a log key of this controller signed the note. */
async function verified(logWriter: LogWriter, controller: string, bytes: Uint8Array): Promise<SignedCheckpoint> {
  const { host, witnessSigner } = logWriter
  const logs = checkpointPublicKeys(logWriter).map((publicKey) => logKey(host, controller, publicKey))
  const witness = witnessKey(host, witnessSigner.publicKey)
  const note = parseNote(bytes)
  const signers = await verifyNote(note, [...logs, witness])
  if (!logs.some((log) => signers.includes(log))) throw new TlogError('not-signed', 'no log key signed the note')
  return checkpointOf(note, bytes, originOf(host, controller), witness)
}

/** Reads a note without its signatures: for one that this process just made. */
export function unverifiedCheckpoint(
  { host, witnessSigner }: Pick<LogWriter, 'host' | 'witnessSigner'>,
  controller: string,
  bytes: Uint8Array,
): SignedCheckpoint {
  return checkpointOf(parseNote(bytes), bytes, originOf(host, controller), witnessKey(host, witnessSigner.publicKey))
}

function checkpointOf(note: Note, bytes: Uint8Array, expectedOrigin: string, witness: VerifierKey): SignedCheckpoint {
  const { origin, size, root } = parseCheckpoint(note.text)
  if (origin !== expectedOrigin) throw new TlogError('malformed-checkpoint', 'the checkpoint is of another log')
  return { size, root, note: Buffer.from(bytes).toString(), timeSeconds: cosignatureTime(note, witness) ?? 0 }
}

/**
 * Signs the tree and stores the checkpoint. The tree must extend every published one, and its tiles must be stored. When another publisher
 * stored this size first, its checkpoint is returned.
 */
export async function storeCheckpoint(
  logWriter: LogWriter,
  controller: string,
  { range: { size }, root }: Tree,
  timeSeconds: number,
): Promise<{ checkpoint: SignedCheckpoint; isOurs: boolean }> {
  const note = await sign(logWriter, controller, size, root, timeSeconds)
  const name = checkpointObject(controller, size)
  try {
    await logWriter.objects.put(name, Buffer.from(note))
  } catch (error) {
    if (!(error instanceof LedgerError && error.code === 'already-exists')) throw error
    const checkpoint = await readCheckpoint(logWriter, controller, name)
    if (!equalHashes(checkpoint.root, root)) throw forkedLogError('another tree of this size is published', size, error)
    return { checkpoint, isOurs: false }
  }
  return { checkpoint: { size, root, note, timeSeconds }, isOurs: true }
}

async function sign(
  logWriter: LogWriter,
  controller: string,
  size: number,
  root: Hash,
  seconds: number,
): Promise<string> {
  const { host, witnessSigner } = logWriter
  const text = checkpointText({ origin: originOf(host, controller), size, root, extensions: [] })
  const bySigner = checkpointSigners(logWriter).map(async ({ publicKey, sign: signWith }) => {
    const { name, keyId } = logKey(host, controller, publicKey)
    return { name, keyId, signature: await signWith(Buffer.from(text)) }
  })
  const [cosigned, ...signatures] = await Promise.all([witnessSigner.sign(cosignedMessage(seconds, text)), ...bySigner])
  const { name, keyId } = witnessKey(host, witnessSigner.publicKey)
  return formatNote({
    text,
    signatures: [...signatures, { name, keyId, signature: formatCosignature(seconds, cosigned) }],
  })
}

/**
 * Stores both copies. Throws when the row cannot be stored. `isServed` is false when the served copy could not be replaced, which the
 * sweep tries again.
 *
 * @returns `stored`: how many of the two copies were missing or old
 */
export async function storeCheckpointCopies(
  logWriter: LogWriter,
  controller: string,
  shown: Pick<SignedCheckpoint, 'size' | 'note'>,
): Promise<{ readonly isServed: boolean; readonly stored: number }> {
  const row = checkpointItem(controller, shown.size, shown.note)
  const [there] = await logWriter.log.get([row])
  if (there === undefined) await insertOne(logWriter.log, row)
  const rows = there === undefined ? 1 : 0
  return serveCheckpoint(logWriter.objects, controller, shown).then(
    (isReplaced) => ({ isServed: true, stored: rows + (isReplaced ? 1 : 0) }),
    () => ({ isServed: false, stored: rows }),
  )
}
