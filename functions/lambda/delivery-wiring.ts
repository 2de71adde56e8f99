/** Dependencies of the function `deliver`. A file of its own, so that no other function's bundle has its code. */
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { eventBusMessages } from '../aws/event-bus-messages.ts'
import { invokedMessages } from '../aws/invoked-messages.ts'
import { httpSender } from '../delivery/http-sender.ts'
import { sendByScheme } from '../delivery/send-by-scheme.ts'
import type { DeliverDependencies } from '../jobs/deliver.ts'
import { variable } from './environment.ts'
import { clock, credentials, objects, random, region, table, telemetry } from './wiring.ts'

/** Addresses of doubles in tests, under the names that the AWS SDKs use. */
const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL_EVENTBRIDGE } = process.env

export function deliveryOnAws(): DeliverDependencies {
  const [entries, log] = [table('entries'), table('log')]
  const account = { region, credentials }
  const bus = variable('messageBus')
  return {
    ...{ entries, log, clock, random, jitter: Math.random, telemetry: telemetry(), objects: objects() },
    controllers: () => claimedControllers(entries),
    source: invokedMessages({
      ...account,
      functionArn: variable('messagesFunction'),
      ...(AWS_ENDPOINT_URL_LAMBDA !== undefined && { endpoint: AWS_ENDPOINT_URL_LAMBDA }),
    }),
    send: sendByScheme(
      httpSender({ allowsLoopback: false }),
      bus === 'none'
        ? undefined
        : eventBusMessages({
            ...{ ...account, bus },
            ...(AWS_ENDPOINT_URL_EVENTBRIDGE !== undefined && { endpoint: AWS_ENDPOINT_URL_EVENTBRIDGE }),
          }),
    ),
  }
}
