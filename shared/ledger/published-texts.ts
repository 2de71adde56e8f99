/** The texts of policy versions, which are stored as objects under their SHA-256. */
import { hash } from 'node:crypto'
import type { Ledger } from './ledger.ts'
import { damagedLogError } from './log/damage.ts'

export const textObject = (sha256: string) => `texts/${sha256}`

/** The text that has the hash; `undefined` when none is stored. Another text under its name is `log-damaged`, and not handed out. */
export async function readPublishedText(
  objects: Pick<Ledger['objects'], 'get'>,
  sha256: string,
): Promise<string | undefined> {
  const bytes = await objects.get(textObject(sha256))
  if (bytes === undefined) return undefined
  if (hash('sha256', bytes, 'hex') !== sha256)
    throw damagedLogError('texts', 'a published text is not the one with its hash')
  return Buffer.from(bytes).toString()
}
