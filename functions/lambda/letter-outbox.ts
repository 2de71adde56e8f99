/** The outbox of the function `letters`. A file of its own, so that no other function's bundle has its code. */
import type { LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'
import { variable } from './environment.ts'

/** Loaded with the first letter; `undefined` where the deployment has no bus. */
export function letterOutboxOnAws(): LetterOutbox | undefined {
  const bus = variable('letterBus')
  if (bus === 'none') return undefined
  let loaded: Promise<LetterOutbox> | undefined
  const load = async () => {
    const { eventBusOutbox } = await import('../aws/event-bus-outbox.ts')
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL_EVENTBRIDGE } =
      process.env
    return eventBusOutbox({
      region: AWS_REGION ?? '',
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
        ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
      },
      bus,
      ...(AWS_ENDPOINT_URL_EVENTBRIDGE !== undefined && { endpoint: AWS_ENDPOINT_URL_EVENTBRIDGE }),
    })
  }
  return {
    async put(letter) {
      loaded ??= load()
      await (await loaded).put(letter)
    },
  }
}
