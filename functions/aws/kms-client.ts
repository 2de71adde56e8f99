/** The KMS client, its retries and its errors. Tested against a local double of the HTTP protocol; not run against AWS. */
import { KMSClient } from '@aws-sdk/client-kms'
import { LedgerError } from '../../shared/errors.ts'
import { type AttemptOptions, attempts, isNamed, refusedBy } from './attempts.ts'
import { type AwsClientOptions, clientConfig, withoutLogger } from './client-config.ts'

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

/** Create one for each process: its connections are kept alive. */
export function createKmsClient(options: AwsClientOptions): KMSClient {
  return withoutLogger(new KMSClient(clientConfig(options, 16)))
}
