/**
 * Proofs from a large log: for an entry's key its `c2sp.org/tlog-proof@v1` against the newest checkpoint (`tlogProofs`: the checkpoint,
 * the index row, the tiles), one at a time, for entries picked at random. Cold: a new tile cache for each proof; warm: one for all, of
 * the ledger's own size. Every proof is checked.
 */
import { randomInt } from 'node:crypto'
import { tlogProofs } from '../../shared/ledger/log/log-view.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { verifyInclusion } from '../../shared/tlog/inclusion.ts'
import { leafHash } from '../../shared/tlog/merkle.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parseTlogProof } from '../../shared/tlog/tlog-proof.ts'
import { type EngineLog, tallyBetween } from './engine-log.ts'
import { quantile } from './load.ts'
import type { LogSample } from './log-sample.ts'

export interface ProofFigures {
  /** Leaves of the tree. */
  readonly size: number
  readonly cold: ProofTimes
  readonly warm: ProofTimes
}

export interface ProofTimes {
  readonly proofs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly callsPerProof: number
  readonly objectReadsPerProof: number
}

const coldProofs = 1_000
const warmProofs = 3_000
const warmUps = 600

export async function measureProofs(
  log: EngineLog,
  sample: LogSample,
  controller: string,
  events: number,
): Promise<ProofFigures> {
  let size = 0

  async function proveOne(tiles: ReturnType<typeof objectCache>): Promise<number> {
    const key = sample.keyOf(controller, randomInt(events))
    const leaf = String(sample.entryOf(key).values.leaf)
    const startedAt = performance.now()
    const [proof] = await tlogProofs({ ...log.logWriter, cached: tiles }, controller, [{ key, leaf }])
    const ms = performance.now() - startedAt
    if (proof === undefined) throw new Error('an entry of the log without a proof')
    size = check(proof, leaf)
    return ms
  }

  async function proveMany(proofs: number, tilesOf: () => ReturnType<typeof objectCache>): Promise<ProofTimes> {
    const before = log.tally()
    const times: number[] = []
    for (let n = 0; n < proofs; n++) times.push(await proveOne(tilesOf()))
    times.sort((a, b) => a - b)
    const spent = tallyBetween(before, log.tally())
    return {
      proofs,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      callsPerProof: spent.calls / proofs,
      objectReadsPerProof: spent.objectReads / proofs,
    }
  }

  const shared = objectCache()
  await proveMany(warmUps, () => shared)
  const warm = await proveMany(warmProofs, () => shared)
  const cold = await proveMany(coldProofs, () => objectCache())
  return { size, cold, warm }
}

/** The size of the tree that it proves the leaf to be in. */
function check(proof: string, leaf: string): number {
  const { index, hashes, checkpoint } = parseTlogProof(proof)
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text)
  verifyInclusion(index, size, leafHash(Buffer.from(leaf)), hashes, root)
  return size
}
