/**
 * The keys that sign checkpoints. One key replaces another without a new log, because a log is known by its origin: a checkpoint may carry
 * several signatures, of which readers ignore those by keys they do not know (https://c2sp.org/tlog-checkpoint), and a policy may list several keys of
 * one log (https://c2sp.org/tlog-policy). The replacement has three states, each of which is a deployment:
 *
 *   one key          it signs
 *   both             the new key signs, and the earlier one beside it: for as long as there are readers who know the earlier key only
 *   the new key      the earlier one is retired. It signs no more, and stays in the policy: older checkpoints and certificates have its signature
 *
 * Every component accepts a stored checkpoint that any of the keys signed. So instances of two neighbouring states may run at once, and
 * neither takes what the other stored for a fork. From one key straight to another there is no such overlap.
 */
import type { LogWriter } from '../ledger.ts'
import type { Signer } from '../store.ts'

type Keys = Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys'>

/** The keys that sign each checkpoint, newest first. */
export function checkpointSigners({ checkpointSigner, earlierCheckpointKeys = [] }: Keys): readonly Signer[] {
  return [
    checkpointSigner,
    ...earlierCheckpointKeys.flatMap(({ publicKey, sign }) => (sign ? [{ publicKey, sign }] : [])),
  ]
}

/** Public keys, newest first. */
export function checkpointPublicKeys({ checkpointSigner, earlierCheckpointKeys = [] }: Keys): readonly Uint8Array[] {
  return [checkpointSigner, ...earlierCheckpointKeys].map(({ publicKey }) => publicKey)
}

/** A certificate has one signature only, by the oldest key that still signs, because most readers know it. */
export function certificateSigner(keys: Keys): Signer {
  return checkpointSigners(keys).at(-1) ?? keys.checkpointSigner
}
