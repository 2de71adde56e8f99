/**
 * What the log adds to events, by running the sequencer over records of the stream. One instance of it never publishes: its calls are
 * batches. Another one publishes with each batch: what it asks more than the first is a checkpoint.
 *
 * What a checkpoint reads depends on its place in the last level-0 tile, from whose beginning on it reads the batches, and a batch's
 * units on how many hashes sum up the tree before it: small ones go once round a tile. The large ones complete a tile wherever they
 * begin, and the second of them has one as large before it.
 */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { RawItem } from '../../../functions/aws/attributes.ts'
import type { Batch, Counted, Usage } from '../../../infra/cost/usage.ts'
import { fullWidth } from '../../../shared/tlog/tile.ts'
import { controller, newVisitor } from '../../bench/visits.ts'
import { storedItems } from '../../support/stored-items.ts'
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
/** The second of each run is counted: it has another of its size before it, as in a steady log. */
const handedOverRuns = [large, 1]
const never = String(24 * 60 * 60)

export async function countLog(
  deployment: Deployment,
  ingest: Instance,
): Promise<Pick<Usage, 'batches' | 'checkpoint'>> {
  const next = nextEntries(deployment, ingest)
  const batches = await countBatches(deployment, next, batchRuns, never)
  const published = await countBatches(deployment, next, publishedRuns, '0.001')
  return { batches, checkpoint: checkpointOf(batches, published) }
}

/** What an instance that hands entries over, and then one that gets them, ask more than one that sequences them at once. */
export async function countHandOver(
  deployment: Deployment,
  ingest: Instance,
  batches: readonly Batch[],
): Promise<Usage['handOver']> {
  const next = nextEntries(deployment, ingest)
  const entry = () => import('../../../functions/lambda/sequence.ts')
  const { handler } = await deployment.load(entry, { publishEvery: never, handovers: 'handovers' })
  const handedOver = async (records: DynamoDBRecord[]) => {
    await sequence(handler, records)
    await sequence(handler, deployment.takeHandovers().map(handoverRecord))
  }
  // The first records announce all that is there already.
  await next(1)
  const counts: Batch[] = []
  for (const events of handedOverRuns) {
    await handedOver(await next(events))
    const records = await next(events)
    const { usage } = await deployment.metered(() => handedOver(records))
    counts.push({ events, ...usage })
  }
  const [ofOne, ofLarge] = [1, large].map((events) => moreIn(counts, batches, events)) as [Counted, Counted]
  // What is put is replaced by the next or deleted, so no bytes are kept of it.
  const perEvent = { ...mapped(ofLarge, (count, name) => (count - ofOne[name]) / (large - 1)), tableBytes: 0 }
  return { perBatch: { ...mapped(ofOne, (count, name) => count - perEvent[name]), tableBytes: 0 }, perEvent }
}

function handoverRecord({ pk = { S: '' }, keys = { S: '' } }: RawItem, i: number): DynamoDBRecord {
  const Keys = { pk: { S: String(pk.S) } }
  const NewImage = { ...Keys, keys: { S: String(keys.S) } }
  return { eventName: 'MODIFY', dynamodb: { Keys, NewImage, SequenceNumber: String(i + 1) } }
}

/** Records so many events; resolves to the records of the stream that announce them. */
function nextEntries(deployment: Deployment, ingest: Instance) {
  const stream = entryStream(deployment.engineEndpoint)
  const visitor = newVisitor(() => '')
  return async (count: number): Promise<DynamoDBRecord[]> => {
    await submit(deployment, ingest, visitor, count)
    return stream.read()
  }
}

/** Begins in the middle of a tile, so that the counts do not depend on how many leaves the demo's log has. */
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
  const missing = fullWidth - ((fullWidth / 2 + (await sizeOfLog(deployment))) % fullWidth)
  await sequence(handler, await next(missing))
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

async function sizeOfLog({ engineEndpoint }: Deployment): Promise<number> {
  const rows = await storedItems(engineEndpoint, 'log')
  const indexes = rows.flatMap(({ pk, values }) => (pk.startsWith(`${controller}#`) ? Number(values.index ?? -1) : []))
  return Math.max(...indexes) + 1
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
  const [ofSmall, ofLarge] = [small, large].map((events) => moreIn(published, batches, events)) as [Counted, Counted]
  const perTile = mapped(ofLarge, (count, name) => Math.max(0, ((count - ofSmall[name]) * fullWidth) / (large - small)))
  const each = mapped(ofSmall, (count, name) => count - (perTile[name] * small) / fullWidth)
  return { each, perTile }
}

/** What a batch of so many events asks more among these than among those. */
function moreIn(these: readonly Batch[], those: readonly Batch[], events: number): Counted {
  const [withIt, without] = [these, those].map((counts) => counts.find((batch) => batch.events === events))
  if (without === undefined || withIt === undefined) throw new Error(`no batch of ${events} events was counted`)
  const { events: _, ...counts } = withIt
  return mapped(counts, (count, name) => count - without[name])
}
