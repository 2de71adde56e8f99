/**
 * What the log adds to events, by running the sequencer over records of the stream. One instance of it never publishes: its calls are
 * batches. Another one publishes with each batch: what it asks more than the first is a checkpoint.
 *
 * What a checkpoint reads depends on its place in the last level-0 tile, from whose beginning on it reads the batches, and a batch's
 * units on how many hashes sum up the tree before it: small ones go once round a tile. The large ones complete a tile wherever they
 * begin, and the second of them has one as large before it.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Batch, Counted, Usage } from '../../../infra/cost/usage.ts'
import { fullWidth } from '../../../shared/tlog/tile.ts'
import { newVisitor } from '../../bench/visits.ts'
import type { Instance } from './api-calls.ts'
import type { Deployment } from './deployment.ts'
import { entryStream } from './entry-stream.ts'
import { submit } from './event-calls.ts'
import { mapped } from './rounding.ts'

interface Run {
  readonly events: number
  readonly batches: number
}

const small = 16
const large = fullWidth
/** The largest first: what is read of the batches before the small checkpoints is to be small. */
const batchRuns: readonly Run[] = [
  { events: 1_000, batches: 1 },
  { events: large, batches: 1 },
  { events: 1, batches: 4 },
  { events: small, batches: fullWidth / small },
]
const publishedRuns: readonly Run[] = [
  { events: small, batches: fullWidth / small },
  { events: large, batches: 2 },
]
const never = String(24 * 60 * 60)

export async function countLog(
  deployment: Deployment,
  ingest: Instance,
): Promise<Pick<Usage, 'batches' | 'checkpoint'>> {
  const stream = entryStream(deployment.engineEndpoint)
  const visitor = newVisitor(() => '')
  const next = async (count: number) => {
    await submit(deployment, ingest, visitor, count)
    return stream.read()
  }
  const batches = await countBatches(deployment, next, batchRuns, never)
  const published = await countBatches(deployment, next, publishedRuns, '0.001')
  return { batches, checkpoint: checkpointOf(batches, published) }
}

async function countBatches(
  deployment: Deployment,
  next: (count: number) => Promise<DynamoDBRecord[]>,
  runs: readonly Run[],
  publishEverySeconds: string,
): Promise<readonly Batch[]> {
  const entry = () => import('../../../functions/lambda/sequence.ts')
  const { handler } = await deployment.load(entry, { publishEvery: publishEverySeconds })
  // The hour's first batch has a time leaf besides.
  await sequence(handler, await next(1))
  const counts: Batch[] = []
  for (const { events, batches } of runs) {
    const records = await next(events * batches)
    const { usage } = await deployment.metered(async () => {
      for (let n = 0; n < batches; n++) await sequence(handler, records.slice(n * events, (n + 1) * events))
    })
    counts.push({ events, ...mapped(usage, (count) => count / batches) })
  }
  return counts.sort((a, b) => a.events - b.events)
}

async function sequence(
  handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
  records: DynamoDBRecord[],
): Promise<void> {
  const { batchItemFailures } = await handler({ Records: records })
  if (batchItemFailures.length > 0) throw new Error('a batch was not sequenced')
}

/** The line through the small and the large ones: what each asks, and what each tile's worth of entries adds, which is never less. */
function checkpointOf(batches: readonly Batch[], published: readonly Batch[]): Usage['checkpoint'] {
  const [ofSmall, ofLarge] = [small, large].map((events) => {
    const [without, withIt] = [batches, published].map((counts) => counts.find((batch) => batch.events === events))
    if (without === undefined || withIt === undefined) throw new Error(`no batch of ${events} events was counted`)
    const { events: _, ...counts } = withIt
    return mapped(counts, (count, name) => count - without[name])
  }) as [Counted, Counted]
  const perTile = mapped(ofLarge, (count, name) => Math.max(0, ((count - ofSmall[name]) * fullWidth) / (large - small)))
  const each = mapped(ofSmall, (count, name) => count - (perTile[name] * small) / fullWidth)
  return { each, perTile }
}
