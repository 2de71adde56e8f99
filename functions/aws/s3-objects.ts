/**
 * The `Objects` port on S3. Tested against a local double of the HTTP protocol (`test/support/s3-double.ts`); not run against AWS.
 *
 * Every write is conditional: write-once objects with `If-None-Match: *`, served copies with the ETag that was read. So the bucket policy
 * can refuse all other writes (`s3:if-none-match`, `s3:if-match`). S3 compares with the current version only, and a delete marker would free
 * the name again, so the policy denies deletes too. S3 is strongly consistent and lists names in byte order.
 * The role needs `s3:ListBucket`, because without it S3 answers 403 instead of 404 for a name that does not exist.
 * Objects that are replaced are in their own bucket, because object lock on the other bucket would keep each state of a copy for years.
 * The SDK sends a CRC32 of each body, which S3 checks and stores; the SDK checks it again on each read.
 */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { LedgerError } from '../../shared/errors.ts'
import {
  checkObjectFolder,
  checkObjectName,
  checkServedName,
  checkWriteOnceName,
  isReplacedObject,
} from '../../shared/ledger/object-names.ts'
import type { Objects, ServedCopy } from '../../shared/ledger/store.ts'
import { type AttemptOptions, attempts, isNamed, refusedBy } from './attempts.ts'
import { type AwsClientOptions, clientConfig, withoutLogger } from './client-config.ts'

/** 409: another write of the same name was in progress. Nothing was stored, and a retry may succeed. */
const collided: ReadonlySet<string> = new Set(['ConditionalRequestConflict', 'OperationAborted'])
const failedCondition: ReadonlySet<string> = new Set(['PreconditionFailed'])
/** From a read, and from a write with `If-Match` when the object no longer exists. */
const absent: ReadonlySet<string> = new Set(['NoSuchKey'])

const service = { name: 'The object store', passing: new Set([...collided, 'RequestTimeout']) }

export interface BucketNames {
  /** Bucket of the objects that are written once. */
  readonly objects: string
  /** Bucket of the copies below `served/`. Absent for a function that neither reads nor replaces them. */
  readonly served?: string
}

export function s3Objects(client: S3Client, buckets: BucketNames, options: AttemptOptions = {}): Objects {
  const attempt = attempts(service, options)
  const bucketOf = (name: string): string => {
    if (!isReplacedObject(name)) return buckets.objects
    if (buckets.served !== undefined) return buckets.served
    throw new LedgerError('internal', 'this function was not given the bucket of served copies', { given: name })
  }

  async function ask<Result>(send: (abortSignal: AbortSignal) => Promise<Result>): Promise<Result> {
    try {
      return await attempt(send)
    } catch (error) {
      throw refusedBy(service, error)
    }
  }

  const write = (
    name: string,
    bytes: Uint8Array,
    condition: Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>,
    abortSignal: AbortSignal,
  ) =>
    client.send(
      new PutObjectCommand({ Bucket: bucketOf(name), Key: name, Body: bytes, ...headersOf(name), ...condition }),
      {
        abortSignal,
      },
    )

  async function read(name: string, abortSignal: AbortSignal): Promise<ServedCopy | undefined> {
    try {
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucketOf(name), Key: name }), {
        abortSignal,
      })
      if (Body === undefined || ETag === undefined) throw new Error('an object without body or ETag')
      return { bytes: await Body.transformToByteArray(), tag: ETag }
    } catch (error) {
      if (isNamed(error, absent)) return undefined
      throw error
    }
  }

  return {
    async put(name, bytes) {
      checkWriteOnceName(name)
      await ask(async (signal) => {
        try {
          await write(name, bytes, { IfNoneMatch: '*' }, signal)
        } catch (error) {
          if (!isNamed(error, failedCondition)) throw error
          const stored = await read(name, signal)
          if (stored === undefined) throw new LedgerError('internal', 'a write-once object is gone', { given: name })
          if (Buffer.compare(stored.bytes, bytes) !== 0) throw otherBytes(name)
        }
      })
    },
    async get(name) {
      checkObjectName(name)
      return (await ask((signal) => read(name, signal)))?.bytes
    },
    async first(prefix) {
      checkObjectFolder(prefix)
      const list = new ListObjectsV2Command({ Bucket: bucketOf(prefix), Prefix: prefix, MaxKeys: 1 })
      return (await ask((abortSignal) => client.send(list, { abortSignal }))).Contents?.[0]?.Key
    },
    async readServed(name) {
      checkServedName(name)
      return ask((signal) => read(name, signal))
    },
    async replaceServed(name, bytes, tag) {
      checkServedName(name)
      const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag }
      let mayBeOurs = false
      return ask(async (signal) => {
        try {
          await write(name, bytes, condition, signal)
          return true
        } catch (error) {
          const isOther = isNamed(error, failedCondition) || isNamed(error, absent)
          if (!mayBeOurs && (isOther || isNamed(error, collided))) return false
          // An earlier attempt had no answer and may have stored the bytes that this one collides with.
          if (isOther) return Buffer.compare((await read(name, signal))?.bytes ?? Buffer.of(), bytes) === 0
          mayBeOurs = true
          throw error
        }
      })
    },
  }
}

function otherBytes(name: string): LedgerError {
  return new LedgerError('already-exists', 'an object is written once, and this name holds other bytes', {
    given: name,
  })
}

/**
 * Headers with which a static file server returns the object. Without `public`: answers to requests without authorization are cacheable
 * anyway, and entry bundles, which auditors fetch with authorization, must not be cached by shared caches.
 */
function headersOf(name: string): { readonly ContentType: string; readonly CacheControl: string } {
  const text = 'text/plain; charset=utf-8'
  if (isReplacedObject(name)) return { ContentType: text, CacheControl: 'max-age=5' }
  const isText = name.startsWith('texts/') || /^log\/[^/]+\/checkpoints\//.test(name)
  return { ContentType: isText ? text : 'application/octet-stream', CacheControl: 'max-age=31536000, immutable' }
}

/**
 * Create one for each process: its connections are kept alive. With an endpoint, bucket names go into the path. `requestTimeoutMs` is also
 * the longest pause within an answer.
 */
export function createS3Client(options: AwsClientOptions): S3Client {
  const config = clientConfig(options, 64)
  const { requestHandler } = config
  return withoutLogger(
    new S3Client({
      ...config,
      ...(options.endpoint !== undefined && { forcePathStyle: true }),
      requestChecksumCalculation: 'WHEN_SUPPORTED',
      responseChecksumValidation: 'WHEN_SUPPORTED',
      requestHandler: { ...requestHandler, socketTimeout: requestHandler.requestTimeout },
    }),
  )
}
