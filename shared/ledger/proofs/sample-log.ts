/**
 * A random sample of a controller's log as of one of its checkpoints: the leaves that `drawSample` draws, each with its proof. What a leaf
 * commits to stays closed: a leaf names no key, so only whoever knows the person can open it (`askProof`, or the person's receipt).
 */
import { LedgerError } from '../../errors.ts'
import { drawSample } from '../../tlog/sample.ts'
import { batchesFrom } from '../log/batches.ts'
import { withCosignatures } from '../log/cosignatures.ts'
import { timeLeaf, timePk } from '../log/log-items.ts'
import { checkpointBefore, type LogReader } from '../log/log-reader.ts'
import { viewLogAt } from '../log/log-view.ts'

export interface SampleQuestion {
  /** The size of a published checkpoint. */
  readonly size: number
  /** 16 to 64 bytes. */
  readonly seed: Uint8Array
  readonly count: number
}

export interface SampledLeaf {
  readonly index: number
  /** Kind of the leaf, e.g. `event`. */
  readonly kind: string
  /** `c2sp.org/tlog-proof@v1`, with the leaf as its extra data. */
  readonly tlogProof: string
}

export interface LogSample {
  /** The signed note. */
  readonly checkpoint: string
  /** In the order in which they were drawn. */
  readonly leaves: readonly SampledLeaf[]
}

/**
 * Draws the sample and proves each of its leaves. Costs a query for each leaf, at most 100.
 *
 * @throws `not-found` when no checkpoint of this size was published; `invalid-request` when the log has fewer leaves
 */
export async function sampleLog(
  reader: LogReader,
  controller: string,
  { size, seed, count }: SampleQuestion,
): Promise<LogSample> {
  const published = await checkpointBefore(reader, controller, size)
  if (published?.size !== size)
    throw new LedgerError('not-found', 'no checkpoint of this size was published', {
      ...{ field: '/size', given: size },
      allowed: 'a size of GET /log/{controller}/checkpoints',
    })
  if (count > size)
    throw new LedgerError('invalid-request', 'the log has fewer leaves', {
      field: '/count',
      given: count,
      allowed: size,
    })
  const checkpoint = await withCosignatures(reader, controller, published)
  const view = viewLogAt(reader, controller, checkpoint)
  const drawn = drawSample({ size, root: view.root, seed, count })
  const leaves = await Promise.all(
    drawn.map(async (index) => {
      const leaf = await leafAt(reader, controller, index)
      return { index, leaf, extra: JSON.stringify({ leaf }) }
    }),
  )
  const proofs = await view.proofs(leaves)
  return {
    checkpoint: checkpoint.note,
    leaves: leaves.map(({ index, leaf }, i) => ({ index, kind: kindOf(leaf), tlogProof: proofs[i] ?? '' })),
  }
}

/** The leaf of an index, as it was hashed into the log. */
async function leafAt(reader: LogReader, controller: string, index: number): Promise<string> {
  for await (const { first, entries } of batchesFrom(reader.log, controller, index, 1)) {
    const logged = entries[index - first]
    if (logged === undefined) break
    const { pk, sk } = logged.key
    const [item] = pk === timePk(controller) ? [] : await reader.entries.get([logged.key])
    const leaf = pk === timePk(controller) ? timeLeaf(sk) : item?.values.leaf
    // Compared with its proof by the caller.
    if (typeof leaf === 'string') return leaf
    throw new LedgerError('log-forked', 'an entry differs from its leaf in the log', { given: index })
  }
  throw new LedgerError('log-forked', 'the log table ends before a size that is published', { given: index })
}

/** A leaf that was logged is JSON with a kind; it was compared with its hash. */
function kindOf(leaf: string): string {
  return String(JSON.parse(leaf).kind)
}
