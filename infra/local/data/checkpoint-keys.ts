/**
 * The checkpoint keys of a ledger on one machine (`shared/ledger/log/checkpoint-keys.ts`), in its folder of keys:
 *
 *   checkpoint.key, checkpoint-2.key, …     private: each signs, and the last is the newest
 *   checkpoint.pub, checkpoint-2.pub, …     base64 of a public key that was retired; its private key is deleted afterwards
 *
 * A crash between the two leaves both files, and the key counts as retired; the same command deletes the private one.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import type { Signer } from '../../../shared/ledger/store.ts'
import { keyFileSigner } from './key-files.ts'
import { readIfThere, writeOnce } from './write-once-file.ts'

type CheckpointKeys = Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys'>

const fileOf = (keysFolder: string, number: number) =>
  join(keysFolder, number === 1 ? 'checkpoint' : `checkpoint-${number}`)

/** Makes the first key when there is none. */
export async function openCheckpointKeys(keysFolder: string): Promise<CheckpointKeys> {
  const all: (Signer | Pick<Signer, 'publicKey'>)[] = []
  const count = await countKeys(keysFolder)
  for (let number = count; number >= 1; number--) {
    const file = fileOf(keysFolder, number)
    const retired = await readIfThere(`${file}.pub`)
    all.push(
      retired
        ? { publicKey: Uint8Array.from(Buffer.from(retired.toString(), 'base64')) }
        : await keyFileSigner(`${file}.key`),
    )
  }
  const [checkpointSigner, ...earlier] = all
  if (checkpointSigner === undefined || !('sign' in checkpointSigner))
    throw new Error(`the newest checkpoint key in ${keysFolder} is retired`)
  return { checkpointSigner, ...(earlier.length > 0 && { earlierCheckpointKeys: earlier }) }
}

/** Makes a key that signs beside the present one. @returns its number; that of the newest when two sign already */
export async function addCheckpointKey(keysFolder: string): Promise<number> {
  const { earlierCheckpointKeys = [] } = await openCheckpointKeys(keysFolder)
  const count = await countKeys(keysFolder)
  if (earlierCheckpointKeys.some((key) => 'sign' in key)) return count
  await keyFileSigner(`${fileOf(keysFolder, count + 1)}.key`)
  return count + 1
}

/** Retires all keys but the newest: keeps their public halves and deletes the private ones. @returns how many keys there were to retire */
export async function retireCheckpointKeys(keysFolder: string): Promise<number> {
  const { earlierCheckpointKeys = [] } = await openCheckpointKeys(keysFolder)
  const count = await countKeys(keysFolder)
  for (const [i, { publicKey }] of earlierCheckpointKeys.entries()) {
    const file = fileOf(keysFolder, count - 1 - i)
    await writeOnce(`${file}.pub`, Buffer.from(`${Buffer.from(publicKey).toString('base64')}\n`))
    await rm(`${file}.key`, { force: true })
  }
  return earlierCheckpointKeys.filter((key) => 'sign' in key).length
}

/** At least one: the first is made when it is opened. */
async function countKeys(keysFolder: string): Promise<number> {
  let count = 1
  for (;;) {
    const next = fileOf(keysFolder, count + 1)
    if (!(await readIfThere(`${next}.pub`)) && !(await readIfThere(`${next}.key`))) return count
    count++
  }
}
