/**
 * The source of messages on AWS: the function `messages`, called by the function `deliver` and waited for (Lambda's `Invoke`,
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). One call of one shape needs no client: it is signed as the SDK's clients sign. Tested
 * against a double of the HTTP protocol; not run against AWS.
 */
import { Hash } from '@smithy/core/serde'
import { SignatureV4 } from '@smithy/signature-v4'
import { LedgerError } from '../../shared/errors.ts'
import type { MessageSource } from '../../shared/ledger/fan-out/message-source.ts'
import { type AttemptOptions, attempts, refusedBy } from './attempts.ts'

export interface InvokedOptions extends AttemptOptions {
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string | undefined
  }
  /** ARN of the function, or of its alias. */
  readonly functionArn: string
  /** Address of a double instead of AWS's. */
  readonly endpoint?: string
}

const service = {
  name: 'The function that makes messages',
  passing: new Set(['TooManyRequestsException', 'ServiceException', 'ResourceConflictException', 'TypeError']),
}
/** A call may have to wait for a start and for a walk over 500 leaves. */
const deadlineMs = 30_000

export function invokedMessages({
  region,
  credentials,
  functionArn,
  endpoint,
  ...options
}: InvokedOptions): MessageSource {
  const url = new URL(endpoint ?? `https://lambda.${region}.amazonaws.com`)
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`
  // Bound to its algorithm, because the signer passes the secret only; with one it is an HMAC.
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Hash.bind(null, 'sha256') })
  const attempt = attempts(service, { deadlineMs, retryMs: 10_000, ...options })

  async function invoke(body: string, signal: AbortSignal): Promise<unknown> {
    const signed = await signer.sign({
      ...{ method: 'POST', protocol: url.protocol, hostname: url.hostname, path, query: {}, body },
      headers: { host: url.host, 'content-type': 'application/json' },
    })
    // The platform sets the host itself.
    const { host: _, ...headers } = signed.headers
    const response = await fetch(new URL(path, url), { method: 'POST', headers, body, signal })
    const answer: unknown = await response.json()
    if (!response.ok) throw failure(response.headers.get('x-amzn-errortype')?.split(':')[0], response.status)
    // The function threw. Its message stays where it is: in its own log.
    if (response.headers.get('x-amz-function-error') !== null)
      throw new LedgerError('unavailable', 'the function that makes messages failed')
    return answer
  }

  async function call<T>(event: object): Promise<T> {
    try {
      // Only that function answers, and both are of one release.
      return (await attempt((signal) => invoke(JSON.stringify(event), signal))) as T
    } catch (error) {
      throw refusedBy(service, error)
    }
  }
  return {
    endpoints: (controller) => call({ call: 'endpoints', controller }),
    messages: (request) => call({ call: 'messages', request }),
  }
}

function failure(name = 'UnknownError', status: number): Error {
  return Object.assign(new Error(`Invoke failed with status ${status}`), {
    name,
    $metadata: { httpStatusCode: status },
  })
}
