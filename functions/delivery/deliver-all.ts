/**
 * One pass over the endpoints of all controllers, several at once and in turns: an endpoint that has more to send after its turn goes to the end of the
 * queue, so receivers that are slow hold up nobody else's messages. A pass begins at a place of its own. An endpoint that fails for a reason of ours, such as a state that cannot be read, is reported, and the others go on.
 */
import { codeOf } from '../../shared/errors.ts'
import { type Delivered, deliverTo } from '../../shared/ledger/fan-out/deliver.ts'
import type { Delivering } from '../../shared/ledger/fan-out/delivery-step.ts'
import { endpointPk } from '../../shared/ledger/fan-out/endpoint-entries.ts'
import type { ListedEndpoint } from '../../shared/ledger/fan-out/message-source.ts'
import { atOnce } from '../../shared/ledger/log/at-once.ts'
import { lastBatch } from '../../shared/ledger/log/batches.ts'
import { batchEnd } from '../../shared/ledger/log/log-items.ts'

export interface DeliveryPass extends Delivering {
  readonly controllers: () => Promise<readonly string[]>
  readonly onFault: (controller: string, code: string) => void
  /** What became of an endpoint in this pass. */
  readonly onDelivered?: (controller: string, done: Delivered) => void
  /** Absent: each pass looks at everything. */
  readonly memory?: PassMemory
}

/**
 * What a run remembers from pass to pass, so that a look at endpoints with nothing to do is one query for each log and no call of another function.
 * Up to 10 s old: a new endpoint or a redelivery may start that late. Messages do not wait, because each pass reads the log's size.
 */
export interface PassMemory {
  listed?: { readonly work: readonly Queued[]; readonly atMs: number }
  readonly quiet: Map<Queued, Pick<Delivered, 'size' | 'behind' | 'nextDueMs'> & { readonly atMs: number }>
}

export const newMemory = (): PassMemory => ({ quiet: new Map() })
const rememberedMs = 10_000

export interface PassCounts {
  readonly endpoints: number
  readonly delivered: number
  readonly failed: number
  /** Leaves that wait for their messages, over all enabled endpoints. */
  readonly behind: number
}

const endpointsAtOnce = 8
const controllersAtOnce = 16

export interface Queued {
  readonly controller: string
  readonly listed: ListedEndpoint
}

/** @param mayGoOn false ends the pass before the next message of any endpoint */
export async function deliverAll(pass: DeliveryPass, mayGoOn: () => boolean): Promise<PassCounts> {
  const work = await workOf(pass)
  const begin = Math.floor(pass.jitter() * work.length)
  const queue = [...work.slice(begin), ...work.slice(0, begin)]
  const counts = { endpoints: work.length, delivered: 0, failed: 0 }
  const behind = new Map<Queued, number>()
  const sizes = new Map<string, Promise<number>>()
  const sizeOf = (controller: string) => {
    const size = sizes.get(controller) ?? lastBatch(pass.log, controller).then((last) => (last ? batchEnd(last) : 0))
    sizes.set(controller, size)
    return size
  }
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined && mayGoOn(); next = queue.shift()) {
      const { controller, listed } = next
      const quiet = await quietNow(pass, next, sizeOf)
      if (quiet) {
        if (listed.isEnabled) behind.set(next, quiet.behind)
        continue
      }
      const done = await deliverTo(pass, controller, listed, mayGoOn).catch((error: unknown) => {
        pass.onFault(controller, codeOf(error))
        return undefined
      })
      if (done !== undefined) pass.memory?.quiet.set(next, { ...done, atMs: pass.clock() })
      if (done === undefined || !listed.isEnabled) continue
      counts.delivered += done.delivered
      counts.failed += done.failed
      behind.set(next, done.behind)
      pass.onDelivered?.(controller, done)
      if (done.hasMore) queue.push(next)
    }
  }
  await Promise.all(Array.from({ length: Math.min(endpointsAtOnce, work.length) }, worker))
  return { ...counts, behind: behind.values().reduce((total, each) => total + each, 0) }
}

/** What an endpoint without anything to do now was like when it was looked at; `undefined` when it has to be looked at again. */
async function quietNow(
  { memory, clock, onFault }: DeliveryPass,
  of: Queued,
  sizeOf: (controller: string) => Promise<number>,
) {
  const seen = memory?.quiet.get(of)
  const nowMs = clock()
  if (seen === undefined || nowMs >= Math.min(seen.nextDueMs, seen.atMs + rememberedMs)) return undefined
  try {
    return (await sizeOf(of.controller)) === seen.size ? seen : undefined
  } catch (error) {
    onFault(of.controller, codeOf(error))
    return seen
  }
}

async function workOf(pass: DeliveryPass): Promise<readonly Queued[]> {
  const { memory, clock } = pass
  if (memory?.listed && clock() < memory.listed.atMs + rememberedMs) return memory.listed.work
  const atMs = clock()
  const work = await listedEndpoints(pass)
  if (memory) memory.listed = { work, atMs }
  memory?.quiet.clear()
  return work
}

async function listedEndpoints(pass: DeliveryPass): Promise<readonly Queued[]> {
  const ofEach = await atOnce(controllersAtOnce, await pass.controllers(), async (controller) =>
    (await endpointsOf(pass, controller)).map((listed) => ({ controller, listed })),
  )
  return ofEach.flat()
}

/** Most controllers have none, which one query shows. */
async function endpointsOf(pass: DeliveryPass, controller: string): Promise<readonly ListedEndpoint[]> {
  try {
    const { items } = await pass.entries.query(endpointPk(controller), { limit: 1 })
    return items.length === 0 ? [] : await pass.source.endpoints(controller)
  } catch (error) {
    pass.onFault(controller, codeOf(error))
    return []
  }
}
