/** Deliveries of a local ledger: the same pass as on AWS, every second, in the process of the server. Closing waits for what is being sent. */
import { type DeliveryPass, deliverAll } from '../../functions/delivery/deliver-all.ts'
import { httpSender } from '../../functions/delivery/http-sender.ts'
import { sendByScheme } from '../../functions/delivery/send-by-scheme.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { type MessageMaker, messageSource } from '../../shared/ledger/fan-out/make-messages.ts'
import type { Send } from '../../shared/ledger/fan-out/send-lanes.ts'
import type { Table } from '../../shared/ledger/store.ts'

export interface DeliveryRunner {
  /** Delivers what there is now; resolves when nothing is left that could be sent now. */
  run(): Promise<void>
  close(): Promise<void>
}

export interface DeliveryOptions {
  /** Whether messages go to addresses of this machine, and without TLS: for tests and development. */
  readonly allowsLoopback: boolean
  /** Where messages of endpoints with the URL `bus:` go. */
  readonly bus?: Send
  readonly onFault?: (controller: string, code: string) => void
}

const everyMs = 1_000

export function startDeliveries(
  maker: MessageMaker & { readonly entries: Table },
  { allowsLoopback, bus, onFault = () => {} }: DeliveryOptions,
): DeliveryRunner {
  const { entries, log, clock } = maker
  const pass: DeliveryPass = {
    ...{ entries, log, clock, onFault, source: messageSource(maker), jitter: Math.random },
    isAlone: true,
    send: sendByScheme(httpSender({ allowsLoopback }), bus),
    controllers: () => claimedControllers(entries),
  }
  let isClosed = false
  let last: Promise<void> = Promise.resolve()
  let timer = schedule()

  function schedule(): NodeJS.Timeout {
    return setTimeout(async () => {
      await run().catch(() => undefined)
      if (!isClosed) timer = schedule()
    }, everyMs).unref()
  }

  function run(): Promise<void> {
    const next = last.then(async () => {
      await deliverAll(pass, () => !isClosed)
    })
    last = next.catch(() => undefined)
    return next
  }

  return {
    run,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await last
    },
  }
}
