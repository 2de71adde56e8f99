/**
 * Asks outside witnesses to cosign the newest checkpoint of a log (https://c2sp.org/tlog-witness, v1.0.0), and stores what verifies. It runs
 * apart from the publisher, so no witness can hold up a publication. Asked are only those that have not cosigned that size.
 *
 * A witness is believed in nothing. A cosignature counts when it verifies over the checkpoint that was sent, with the key that was
 * configured, and its time agrees with the clock. The size of a 409 counts when the log published it, and is followed once.
 */
import { isAhead } from '../../consent/clocks.ts'
import { type AddCheckpoint, type Cosignature, cosignatureIn, type WitnessAnswer } from '../../tlog/add-checkpoint.ts'
import { TlogError } from '../../tlog/tlog-error.ts'
import { hexKeyId, parseVerifierKey, signatureTypes, type VerifierKey } from '../../tlog/verifier-key.ts'
import type { LogWriter } from '../ledger.ts'
import { lastCosigned, maxWitnesses, storeCosignature, withCosignatures } from './cosignatures.ts'
import { checkpointBefore, type LogReader, type PublishedCheckpoint } from './log-reader.ts'
import { viewLogAt } from './log-view.ts'
import { serveCosigned } from './serve-checkpoint.ts'

/** An outside witness: who it is, and below which address it is asked. */
export interface Witness {
  readonly key: VerifierKey
  readonly url: string
}

/** Why a witness did not answer with what it is asked for: a word of the caller's, such as `timeout`. */
export class WitnessUnreachable extends Error {}

/**
 * Sends one call, within the caller's limits of time and bytes.
 *
 * @throws WitnessUnreachable
 */
export type AskWitness = (url: string, call: AddCheckpoint, signal: AbortSignal) => Promise<WitnessAnswer>

export interface WitnessRound extends LogReader, Pick<LogWriter, 'clock'> {
  readonly log: LogWriter['log']
  readonly witnesses: readonly Witness[]
  readonly ask: AskWitness
  /** For each witness and log, of a call and its repetition. */
  readonly deadlineMs: number
}

/** What came of asking one witness. `fault` is a stable word; absent when its cosignature was stored. */
export interface Asked {
  /** Name of the witness's key. */
  readonly witness: string
  readonly fault?: string
  /** Whether it is no fault to look into: silence, another run that was faster, or a log that the witness does not have. */
  readonly isPassing?: boolean
}

const passing: ReadonlySet<string> = new Set(['refused', 'size-again', 'unknown-log'])

/** @param text `<verifier key> <address>` of a witness with an Ed25519 key; @throws TlogError */
export function parseWitness(text: string): Witness {
  const [vkey = '', url = '', ...more] = text.trim().split(/\s+/)
  const key = parseVerifierKey(vkey)
  const address = URL.parse(url)
  if (more.length > 0 || address === null || address.username !== '' || address.search !== '' || address.hash !== '')
    throw new TlogError('malformed-policy', 'a witness is a verifier key and an address, https://..., without a query')
  if (key.type !== signatureTypes.cosignature)
    throw new TlogError('malformed-policy', `a witness of signature type ${key.type}; allowed is 4, Ed25519`)
  return { key, url: url.replace(/\/+$/, '') }
}

/** @throws TlogError for more than 16, or for a key twice */
export function parseWitnesses(texts: readonly string[]): Witness[] {
  const witnesses = texts.map(parseWitness)
  if (witnesses.length > maxWitnesses)
    throw new TlogError('malformed-policy', `${witnesses.length} witnesses; allowed are ${maxWitnesses}`)
  const ids = new Set(witnesses.map(({ key }) => hexKeyId(key)))
  if (ids.size < witnesses.length) throw new TlogError('malformed-policy', 'two witnesses have one key')
  return witnesses
}

/**
 * Asks each witness about the newest checkpoint of the log, all at once.
 *
 * @returns what came of each that was asked: none for an empty log, or when all have cosigned
 * @throws when the log itself cannot be read or written
 */
export async function askWitnesses(round: WitnessRound, controller: string): Promise<Asked[]> {
  const newest = await checkpointBefore(round, controller, Number.MAX_SAFE_INTEGER)
  if (newest === undefined || newest.size === 0) return []
  const last = await lastCosigned(round.log, controller)
  const due = round.witnesses.filter(({ key }) => last.get(hexKeyId(key)) !== newest.size)
  const asked = await Promise.all(
    due.map(async (witness): Promise<Asked> => {
      const fault = await faultOf(round, controller, newest, witness, last.get(hexKeyId(witness.key)) ?? 0)
      const { name } = witness.key
      return fault === undefined ? { witness: name } : { witness: name, ...fault }
    }),
  )
  if (round.witnesses.length > 0)
    await serveCosigned(round.objects, controller, await withCosignatures(round, controller, newest))
  return asked
}

async function faultOf(
  round: WitnessRound,
  controller: string,
  newest: PublishedCheckpoint,
  witness: Witness,
  oldSize: number,
): Promise<Pick<Asked, 'fault' | 'isPassing'> | undefined> {
  try {
    const answered = await withRetry(round, controller, newest, witness, oldSize)
    if (answered.says !== 'cosigned') return { fault: answered.says, isPassing: passing.has(answered.says) }
    const cosignature = await cosignatureIn(answered.body, newest.note, witness.key)
    if (isOutOfTime(round, controller, newest, cosignature)) return { fault: 'implausible-time' }
    await storeCosignature(round.log, controller, newest.size, witness.key, cosignature)
    return undefined
  } catch (error) {
    if (error instanceof WitnessUnreachable) return { fault: error.message, isPassing: true }
    if (error instanceof TlogError) return { fault: error.code }
    throw error
  }
}

type Answered = Exclude<WitnessAnswer, { readonly says: 'size' }> | { readonly says: SizeFault }
/** `size-ahead`: of a tree that is larger than any that was published. `size-never-published`: of a size at which there was no checkpoint. */
type SizeFault = 'size-ahead' | 'size-never-published' | 'size-again'

async function withRetry(
  round: WitnessRound,
  controller: string,
  newest: PublishedCheckpoint,
  { url }: Witness,
  oldSize: number,
): Promise<Answered> {
  const signal = AbortSignal.timeout(round.deadlineMs)
  const callFrom = async (size: number): Promise<AddCheckpoint | undefined> => {
    const proof = await proofFrom(round, controller, newest, size)
    return proof && { oldSize: size, proof, checkpoint: newest.note }
  }
  const first = await callFrom(oldSize)
  const answer = await round.ask(url, first ?? { oldSize: 0, proof: [], checkpoint: newest.note }, signal)
  if (answer.says !== 'size') return answer
  if (answer.size > newest.size) return { says: 'size-ahead' }
  const again = await callFrom(answer.size)
  if (again === undefined) return { says: 'size-never-published' }
  const second = await round.ask(url, again, signal)
  return second.says === 'size' ? { says: 'size-again' } : second
}

/** Proof that the tree of this size begins the newest; `undefined` when no checkpoint of the size was published. */
async function proofFrom(round: WitnessRound, controller: string, newest: PublishedCheckpoint, size: number) {
  if (size === 0 || size === newest.size) return []
  const old = await checkpointBefore(round, controller, size)
  return old?.size === size ? viewLogAt(round, controller, newest).consistency(old) : undefined
}

/** A time that is not now is a lie, a replay of an earlier answer, or a clock that proves nothing. */
function isOutOfTime(
  round: WitnessRound,
  controller: string,
  newest: PublishedCheckpoint,
  { timeSeconds }: Cosignature,
): boolean {
  const madeMs = viewLogAt(round, controller, newest).seconds * 1000
  return isAhead(timeSeconds * 1000, round.clock()) || isAhead(madeMs, timeSeconds * 1000)
}
