/** The client of KMS, and what its errors mean to the ledger. Tested against a local double; not run against AWS. */
import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'
import { LedgerError } from '../../shared/errors.ts'
import { type AttemptOptions, attempts, isNamed, refusedBy } from './attempts.ts'

/** The key cannot be used now; nothing is wrong with the request, and its owner can change that. */
const keyOutOfUse: ReadonlySet<string> = new Set(['DisabledException', 'KMSInvalidStateException'])

const service = { name: 'The key service' }

/** Tries again what passes; throws `unavailable` or, when KMS says no, `internal`. Nothing of the answer is in a message. */
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
  /** Another address than AWS's: any credentials do there. */
  readonly endpoint?: string
  readonly credentials?: KMSClientConfig['credentials']
  readonly connectionTimeoutMs?: number
  readonly requestTimeoutMs?: number
}

/** One for each process: its connections are kept. */
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
  // It copies every request and answer, secrets among them, for a logger that there is not.
  client.middlewareStack.remove('loggerMiddleware')
  return client
}
