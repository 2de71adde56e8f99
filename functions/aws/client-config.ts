/** Configuration that the clients of DynamoDB, KMS and S3 share: one attempt, because the adapters retry, and kept connections. */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'

export interface AwsClientOptions {
  readonly region: string
  /** Address of a local engine or double instead of AWS's. It accepts any credentials. */
  readonly endpoint?: string
  readonly credentials?: DynamoDBClientConfig['credentials']
  readonly connectionTimeoutMs?: number
  readonly requestTimeoutMs?: number
}

const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** A local engine is neither dual-stack nor FIPS, whatever the developer's AWS settings are. */
export function clientConfig(options: AwsClientOptions, maxSockets: number) {
  const { region, endpoint, credentials, connectionTimeoutMs = 1_000, requestTimeoutMs = 5_000 } = options
  const agent = { keepAlive: true, maxSockets }
  return {
    region,
    credentials,
    ...(endpoint !== undefined && {
      endpoint,
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      credentials: credentials ?? localCredentials,
    }),
    retryMode: 'standard' as const,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  }
}

/** Removes the middleware that copies every request and answer, including secrets, for a logger that does not exist. */
export function withoutLogger<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.remove('loggerMiddleware')
  return client
}
