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

export interface DeliveryPass extends Delivering {
  readonly controllers: () => Promise<readonly string[]>
  readonly onFault: (controller: string, code: string) => void
  /** What became of an endpoint in this pass. */
  readonly onDelivered?: (controller: string, done: Delivered) => void
}

export interface PassCounts {
  readonly endpoints: number
  readonly delivered: number
  readonly failed: number
  /** Leaves that wait for their messages, over all enabled endpoints. */
  readonly behind: number
}

const endpointsAtOnce = 8
const controllersAtOnce = 16

interface Queued {
  readonly controller: string
  readonly listed: ListedEndpoint
}

/** @param mayGoOn false ends the pass before the next message of any endpoint */
export async function deliverAll(pass: DeliveryPass, mayGoOn: () => boolean): Promise<PassCounts> {
  const work = await listedEndpoints(pass)
  const begin = Math.floor(pass.jitter() * work.length)
  const queue = [...work.slice(begin), ...work.slice(0, begin)]
  const counts = { endpoints: work.length, delivered: 0, failed: 0 }
  const behind = new Map<Queued, number>()
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined && mayGoOn(); next = queue.shift()) {
      const { controller, listed } = next
      const done = await deliverTo(pass, controller, listed, mayGoOn).catch((error: unknown) => {
        pass.onFault(controller, codeOf(error))
        return undefined
      })
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
