/**
 * The outbox of letters on AWS: each letter is an event on an EventBridge bus (`PutEvents`,
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html), from which a rule of the operator's takes it to what sends e-mail.
 * EventBridge delivers at least once. One call of one shape needs no client: it is signed as the SDK's clients sign. Tested against a double
 * of the HTTP protocol; not run against AWS.
 */
import { Hash } from '@smithy/core/serde'
import { SignatureV4 } from '@smithy/signature-v4'
import type { LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'
import { type AttemptOptions, attempts, refusedBy } from './attempts.ts'

export interface EventBusOptions extends AttemptOptions {
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  /** Name or ARN. */
  readonly bus: string
  /** Address of a double instead of AWS's. */
  readonly endpoint?: string
}

/** What rules match on. */
export const letterEvent = { source: 'consent-ledger', detailType: 'Letter' } as const

const service = {
  name: 'The event bus',
  passing: new Set(['ThrottlingException', 'InternalException', 'InternalFailure', 'ServiceUnavailable', 'TypeError']),
}

export function eventBusOutbox({ region, credentials, bus, endpoint, ...options }: EventBusOptions): LetterOutbox {
  const url = new URL(endpoint ?? `https://events.${region}.amazonaws.com`)
  // Bound to its algorithm, because the signer passes the secret only; with one it is an HMAC.
  const signer = new SignatureV4({ service: 'events', region, credentials, sha256: Hash.bind(null, 'sha256') })
  const attempt = attempts(service, options)

  async function send(body: string, signal: AbortSignal): Promise<void> {
    const signed = await signer.sign({
      ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path: '/', query: {}, body },
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSEvents.PutEvents',
      },
    })
    // The platform sets the host itself.
    const { host: _, ...headers } = signed.headers
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const answer = await response.json()
    if (!response.ok)
      throw failure(
        String(answer.__type ?? 'UnknownError')
          .split('#')
          .at(-1),
        response.status,
      )
    if (answer.FailedEntryCount > 0) throw failure(answer.Entries?.[0]?.ErrorCode, response.status)
  }

  return {
    async put(letter) {
      const entry = { EventBusName: bus, Source: letterEvent.source, DetailType: letterEvent.detailType }
      const body = JSON.stringify({ Entries: [{ ...entry, Detail: JSON.stringify(letter) }] })
      try {
        await attempt((signal) => send(body, signal))
      } catch (error) {
        throw refusedBy(service, error)
      }
    },
  }
}

/** The name is the service's code; its message may quote the letter. */
function failure(name = 'UnknownError', status: number): Error {
  return Object.assign(new Error(`PutEvents failed with status ${status}`), {
    name,
    $metadata: { httpStatusCode: status },
  })
}
