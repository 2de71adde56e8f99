/** The KMS client, its retries and its errors. Tested against a local double of the HTTP protocol; not run against AWS. */
import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'
import { LedgerError } from '../../shared/errors.ts'
import { type AttemptOptions, attempts, isNamed, refusedBy } from './attempts.ts'

/** The key cannot be used now, and its owner can change that; the request is correct. */
const keyOutOfUse: ReadonlySet<string> = new Set(['DisabledException', 'KMSInvalidStateException'])

const service = { name: 'The key service' }

/** Retries transient errors. @throws LedgerError `unavailable`, or `internal` when KMS refuses. Messages contain nothing of the answer */
export function kmsAsk(
  options: AttemptOptions,
): <Result>(send: (signal: AbortSignal) => Promise<Result>) => Promise<Result> {
  const attempt = attempts(service, options)
  return async (send) => {
    try {
      return await attempt(send)
    } catch (error) {
      if (!isNamed(error, keyOutOfUse)) throw refusedBy(service, error)
      throw new LedgerError('unavailable', 'The key is disabled or about to be deleted.', {}, error)
    }
  }
}

export interface KmsClientOptions {
  readonly region: string
  /** An address other than AWS's, which accepts any credentials. */
  readonly endpoint?: string
  readonly credentials?: KMSClientConfig['credentials']
  readonly connectionTimeoutMs?: number
  readonly requestTimeoutMs?: number
}

/** Create one for each process: its connections are kept alive. */
export function createKmsClient(options: KmsClientOptions): KMSClient {
  const { region, endpoint, connectionTimeoutMs = 1_000, requestTimeoutMs = 5_000 } = options
  const agent = { keepAlive: true, maxSockets: 16 }
  const client = new KMSClient({
    region,
    credentials: options.credentials,
    ...(endpoint !== undefined && {
      endpoint,
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      credentials: options.credentials ?? { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
    retryMode: 'standard',
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
  // It copies every request and answer, including secrets, for a logger, and there is none.
  client.middlewareStack.remove('loggerMiddleware')
  return client
}
