/**
 * One pass over the endpoints of all controllers, several at once: a receiver that is slow holds up nobody else's messages. An endpoint that
 * fails for a reason of ours, such as a state that cannot be read, is reported, and the others go on.
 */
import { codeOf } from '../../shared/errors.ts'
import { type Delivered, deliverTo } from '../../shared/ledger/fan-out/deliver.ts'
import type { Delivering } from '../../shared/ledger/fan-out/delivery-step.ts'
import { endpointPk } from '../../shared/ledger/fan-out/endpoint-entries.ts'
import type { ListedEndpoint } from '../../shared/ledger/fan-out/message-source.ts'

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

/** @param mayGoOn false ends the pass before the next step of any endpoint */
export async function deliverAll(pass: DeliveryPass, mayGoOn: () => boolean): Promise<PassCounts> {
  const work: { readonly controller: string; readonly listed: ListedEndpoint }[] = []
  for (const controller of await pass.controllers()) {
    const listed = await endpointsOf(pass, controller)
    work.push(...listed.map((each) => ({ controller, listed: each })))
  }
  const results: Delivered[] = []
  const waiting = [...work]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && mayGoOn(); next = waiting.shift()) {
      const { controller, listed } = next
      const done = await deliverTo(pass, controller, listed, mayGoOn).catch((error: unknown) => {
        pass.onFault(controller, codeOf(error))
        return undefined
      })
      if (done && listed.isEnabled) {
        results.push(done)
        pass.onDelivered?.(controller, done)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(endpointsAtOnce, work.length) }, worker))
  const sum = (name: 'delivered' | 'failed' | 'behind') => results.reduce((total, each) => total + each[name], 0)
  return { endpoints: work.length, delivered: sum('delivered'), failed: sum('failed'), behind: sum('behind') }
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
