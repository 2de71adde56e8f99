/**
 * A random sample that the page has checked: it draws the leaves itself from checkpoint and seed, compares them with the ledger's answer, and
 * verifies the proof of each (`shared/verify/check-sample.ts`).
 */

import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import { encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { drawSample, readSeed } from '../../../shared/tlog/sample.ts'
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import type { SampledLeaf } from '../../../shared/verify/check-sample.ts'
import { englishSentence, type Said } from '../../../shared/verify/say.ts'
import type { SignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'

export interface SampleInputs {
  readonly checkpoint: Pick<SignedCheckpoint, 'size' | 'root'>
  /** 16 to 64 bytes in lower-case hex. */
  readonly seed: string
  readonly count: number
}

export interface DrawnSample {
  /** The answer of the ledger, as text. */
  readonly answer: string
  readonly size: number
  /** Base64. */
  readonly root: string
  readonly seed: string
  readonly count: number
  /** In the order in which they were drawn. */
  readonly leaves: readonly SampledLeaf[]
}

/** The answer is not the sample that checkpoint and seed draw, or a proof in it does not hold. */
export class SampleRefuted extends Error {
  readonly failed: Said

  constructor(failed: Said) {
    super(englishSentence(failed))
    this.name = 'SampleRefuted'
    this.failed = failed
  }
}

/** 32 bytes of the browser's random numbers, in hex. */
export function newSeed(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The leaves that the inputs draw, without asking anyone. */
export function drawLocally({ checkpoint: { size, root }, seed, count }: SampleInputs): readonly number[] {
  return drawSample({ size, root, seed: readSeed(seed), count })
}

/**
 * Asks the ledger, which records the question as a read.
 *
 * @throws SampleRefuted, and what the call throws
 */
export async function askForSample(
  ledger: Pick<ServerLedger, 'askSample'>,
  policy: LogPolicy,
  inputs: SampleInputs,
): Promise<DrawnSample> {
  const { checkpoint, seed, count } = inputs
  const answer = JSON.stringify(await ledger.askSample({ size: checkpoint.size, seed, count }))
  return checkAnswer(answer, policy, inputs)
}

/**
 * Checks an answer that was kept.
 *
 * @param inputs what was asked for; absent: what the answer itself states, of which the kept findings are
 * @throws SampleRefuted
 */
export async function checkAnswer(answer: string, policy: LogPolicy, inputs?: SampleInputs): Promise<DrawnSample> {
  // Loaded here, since the page is there before: these modules bring the verifier's forms.
  await import('../verify/without-eval.ts')
  const { checkSample } = await import('../../../shared/verify/check-sample.ts')
  const { readSignedCheckpoint } = await import('../../../shared/verify/signed-checkpoint.ts')
  const asked = inputs && { ...inputs.checkpoint, seed: inputs.seed, count: inputs.count }
  const checked = await checkSample(answer, policy, asked)
  if ('failed' in checked) throw new SampleRefuted(checked.failed)
  const { root } = await readSignedCheckpoint(JSON.parse(answer).checkpoint, policy)
  const { size, seed, leaves } = checked
  return { answer, size, root: encodeBase64(root), seed, count: leaves.length, leaves }
}
