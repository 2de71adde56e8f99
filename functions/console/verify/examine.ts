/** Examines a file with the reader's keys: whatever `consent-ledger verify` takes, and the random sample that `consent-ledger sample` takes. */
import './without-eval.ts'
import { encodeHex } from '../../../shared/tlog/encoding.ts'
import { type CheckedSample, checkSample, type RefutedSample } from '../../../shared/verify/check-sample.ts'
import { maxFileCharacters } from '../../../shared/verify/exact-json.ts'
import type { Said } from '../../../shared/verify/say.ts'
import { type Verification, verifyBytes } from '../../../shared/verify/verify.ts'
import { contentOf, type ProofContent } from '../proof/proof-content.ts'
import { controllerOf } from './log-of-file.ts'
import { readTrustedKeys } from './trusted-keys.ts'

export interface Examination {
  readonly file: Blob
  /** As `readTrustedKeys` takes them. */
  readonly keys: string
  /** The instant of the verification, RFC 3339. */
  readonly now: string
}

export type Found =
  | { readonly kind: 'keys-refused'; readonly reason: Said }
  | {
      readonly kind: 'file'
      /** Lower-case hex. */
      readonly sha256: string
      readonly verification: Verification
      /** For a consent proof in which every check passed. */
      readonly proof?: ProofContent
    }
  | {
      readonly kind: 'sample'
      readonly sha256: string
      readonly sample: CheckedSample | RefutedSample
    }

export async function examine({ file, keys, now }: Examination): Promise<Found> {
  const policy = readTrustedKeys(keys)
  if ('refused' in policy) return { kind: 'keys-refused', reason: policy.refused }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const sha256 = encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const text = bytes.length > maxFileCharacters ? '' : new TextDecoder().decode(bytes)
  if (isSample(text)) return { kind: 'sample', sha256, sample: await checkSample(text, policy) }
  const verification = await verifyBytes(bytes, policy, { now })
  const isProven = verification.verdict === 'valid' || verification.verdict === 'pending'
  const isProof = isProven && verification.kind === 'consent-proof@1'
  return { kind: 'file', sha256, verification, ...(isProof && { proof: contentOf(JSON.parse(text)) }) }
}

/** The controller whose log the file is of. */
export async function examineController(file: Blob): Promise<string | undefined> {
  return file.size > maxFileCharacters ? undefined : controllerOf(await file.text())
}

function isSample(text: string): boolean {
  if (!text.includes('"consent-sample@1"')) return false
  try {
    return JSON.parse(text)?.schemaVersion === 'consent-sample@1'
  } catch {
    return false
  }
}
