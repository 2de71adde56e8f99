/** The content of one leaf, from its entry bundle. It counts only if it hashes to the leaf that the tree has. */
import { decodeUtf8, equalBytes } from '../../../shared/tlog/encoding.ts'
import { parseBundle } from '../../../shared/tlog/entry-bundle.ts'
import { type Hash, leafHash } from '../../../shared/tlog/merkle.ts'
import { fullWidth, tileWidth } from '../../../shared/tlog/tile.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { type LogSource, SourceError } from '../../../shared/verify/log-source.ts'

/** `closed`: the controller keeps entry bundles for auditors, and this reader has no session of one. `wrong`: it is not what was logged. */
export type LogEntry =
  | { readonly state: 'open'; readonly text: string }
  | { readonly state: 'closed' }
  | { readonly state: 'wrong'; readonly says: string }
  | { readonly state: 'unread'; readonly says: string }

/**
 * @param size of a tree that has the leaf and whose checkpoint was published
 * @param hash the leaf's hash in that tree
 */
export async function readEntry(
  source: Pick<LogSource, 'bundle'>,
  size: number,
  index: number,
  hash: Hash,
): Promise<LogEntry> {
  const bundle = Math.floor(index / fullWidth)
  const width = tileWidth(0, bundle, size)
  try {
    const entry = parseBundle(await source.bundle({ index: bundle, width }), width)[index % fullWidth]
    if (entry === undefined || !equalBytes(leafHash(entry), hash))
      return { state: 'wrong', says: `the entry does not have the hash of leaf ${index}` }
    return { state: 'open', text: decodeUtf8(entry, 'malformed-bundle') }
  } catch (error) {
    if (error instanceof TlogError) return { state: 'wrong', says: error.message }
    if (!(error instanceof SourceError)) throw error
    return error.code === 'forbidden' ? { state: 'closed' } : { state: 'unread', says: error.message }
  }
}
