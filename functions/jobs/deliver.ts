/**
 * Each minute: sends messages to the endpoints of all controllers, and looks again every two seconds until the minute is nearly over, so that a
 * receiver hears of a withdrawal within seconds. Where no controller has an endpoint a run ends at once. It holds no key: what it sends
 * comes signed from the function `messages`, and it is the only function that reaches addresses which others chose.
 */
import type { Objects, Randomness } from '../../shared/ledger/store.ts'
import { type DeliveryPass, deliverAll, newMemory, type PassCounts } from '../delivery/deliver-all.ts'
import type { LogEvent, Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

export interface DeliverDependencies extends Omit<DeliveryPass, 'onFault' | 'memory'> {
  readonly telemetry: Telemetry
  /** For its reports. */
  readonly objects: Pick<Objects, 'put'>
  readonly random: Randomness
  readonly sleep?: (ms: number) => Promise<void>
}

/** No pass, step or message is begun after this time. The function's timeout is two minutes. */
const budgetMs = 50_000
const everyMs = 2_000
/** A receiver that fails for longer is told to a person. */
const failingMs = 3_600_000

export function createDeliverHandler(job: DeliverDependencies) {
  return createJobHandler('deliver', job, (run, _event?: unknown) => deliver(job, run))
}

async function deliver(job: DeliverDependencies, run: JobRun): Promise<void> {
  const { clock, sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = job
  const startMs = clock()
  const mayGoOn = () => !run.dryRun && clock() - startMs < budgetMs
  const failing = new Set<string>()
  const trouble = (event: LogEvent, controller: string, count: number) => {
    if (count === 0) return
    run.telemetry.add('DeliveryTrouble', count)
    run.telemetry.log({ level: 'info', event, controller, count })
  }
  const pass: DeliveryPass = {
    ...job,
    memory: newMemory(),
    onFault(controller, code) {
      run.telemetry.add('DeliveryTrouble', 1)
      run.telemetry.log({ level: 'error', event: 'not-delivered', controller, code })
    },
    onDelivered(controller, { dead, late, failingSince }) {
      trouble('dead-deliveries', controller, dead)
      trouble('late-completions', controller, late)
      const isFailing = failingSince !== undefined && clock() - Date.parse(failingSince) > failingMs
      // Once in a run, for each controller.
      if (isFailing && !failing.has(controller)) trouble('endpoint-failing', controller, 1)
      if (isFailing) failing.add(controller)
    },
  }
  let [delivered, failed] = [0, 0]
  let last: PassCounts
  do {
    last = await deliverAll(pass, mayGoOn)
    delivered += last.delivered
    failed += last.failed
    if (last.endpoints > 0 && mayGoOn()) await sleep(everyMs)
  } while (last.endpoints > 0 && mayGoOn())
  run.counted('endpoints', last.endpoints)
  run.counted('deliveries', delivered)
  run.counted('failed attempts', failed)
  run.counted('leaves behind', last.behind)
  run.done('delivered', delivered)
}
