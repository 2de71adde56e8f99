/**
 * Puts messages on an EventBridge bus of the operator's (`PutEvents`,
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html): source `consent-ledger`, the message's type as detail type, and the
 * message as detail. Up to ten messages that are sent at once share a call; each of them succeeds or fails by itself. The signature of a webhook
 * is not in it: who may put events on the bus is a matter of its policy. Tested against a double of the HTTP protocol; not run against AWS.
 */
import { Hash } from '@smithy/core/serde'
import { SignatureV4 } from '@smithy/signature-v4'
import type { ReadyMessage } from '../../shared/ledger/fan-out/message-source.ts'
import type { Attempt, Send } from '../../shared/ledger/fan-out/send-lanes.ts'

export interface MessageBusOptions {
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string | undefined
  }
  /** Name or ARN. */
  readonly bus: string
  /** Address of a double instead of AWS's. */
  readonly endpoint?: string
}

const entriesPerCall = 10
/** Shorter than a worker's time (`delivery-step.ts`); what fails is tried again by the schedule of its message. */
const timeoutMs = 15_000

interface Waiting {
  readonly message: ReadyMessage
  readonly done: (attempt: Attempt) => void
}

export function eventBusMessages({ region, credentials, bus, endpoint }: MessageBusOptions): Send {
  const url = new URL(endpoint ?? `https://events.${region}.amazonaws.com`)
  // Bound to its algorithm, because the signer passes the secret only; with one it is an HMAC.
  const signer = new SignatureV4({ service: 'events', region, credentials, sha256: Hash.bind(null, 'sha256') })
  let waiting: Waiting[] = []

  async function put(messages: readonly ReadyMessage[]): Promise<readonly Attempt[]> {
    const entries = messages.map(({ body }) => ({
      ...{ EventBusName: bus, Source: 'consent-ledger', DetailType: String(JSON.parse(body).type), Detail: body },
    }))
    const body = JSON.stringify({ Entries: entries })
    const signed = await signer.sign({
      ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', query: {}, body },
      headers: { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
    })
    // The platform sets the host itself.
    const { host: _, ...headers } = signed.headers
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
    const answer = await response.json()
    if (!response.ok) return messages.map(() => ({ isDelivered: false, status: response.status, error: 'bus-refused' }))
    return messages.map((_, i) =>
      answer.Entries?.[i]?.EventId ? { isDelivered: true, status: 200 } : { isDelivered: false, error: 'bus-refused' },
    )
  }

  async function flush(): Promise<void> {
    const taken = waiting
    waiting = []
    for (let at = 0; at < taken.length; at += entriesPerCall) {
      const some = taken.slice(at, at + entriesPerCall)
      const attempts = await put(some.map(({ message }) => message)).catch((): readonly Attempt[] => [])
      some.forEach(({ done }, i) => {
        done(attempts[i] ?? { isDelivered: false, error: 'bus-unreachable' })
      })
    }
  }

  return (_url, message) =>
    new Promise((done) => {
      waiting.push({ message, done })
      // What other lanes send in the same turn of the event loop goes with it.
      if (waiting.length === 1) setImmediate(flush)
    })
}
