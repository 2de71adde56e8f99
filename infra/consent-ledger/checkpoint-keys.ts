/** The keys that sign checkpoints, and those that did, as a stage states them. A key stays in the list, because what it signed is verified with it. */
import type { IKey } from 'aws-cdk-lib/aws-kms'

export type CheckpointKey =
  | {
      /** Id of its construct. */
      readonly id: string
      /** False once it is retired: it signs no more, and what it signed is verified with it. */
      readonly signs: boolean
    }
  /** A retired key that KMS no longer has: 32 bytes, base64. The last part of its verifier key is one byte and then these. */
  | { readonly publicKey: string }

/** A checkpoint key that another one replaces. */
export type EarlierCheckpointKey = { readonly key: IKey; readonly signs: boolean } | { readonly publicKey: string }

/** Id of the key that a ledger has when it states none. */
export const firstCheckpointKey = 'CheckpointKey'

/** @throws Error at synthesis when the newest does not sign, or the first one is forgotten */
export function checkpointKeysIn(
  keys: readonly CheckpointKey[] = [{ id: firstCheckpointKey, signs: true }],
): [Extract<CheckpointKey, { id: string }>, ...CheckpointKey[]] {
  const [newest, ...earlier] = keys
  if (newest === undefined || !('id' in newest) || !newest.signs)
    throw new Error('checkpointKeys: the first one is the newest, and signs')
  for (const each of earlier)
    if ('publicKey' in each && Buffer.from(each.publicKey, 'base64').length !== 32)
      throw new Error('checkpointKeys: a public key has 32 bytes, in base64')
  if (!keys.some((each) => 'publicKey' in each || each.id === firstCheckpointKey))
    throw new Error(
      'checkpointKeys: keep the first key, CheckpointKey, with signs: false; what it signed is verified with it',
    )
  return [newest, ...earlier]
}
