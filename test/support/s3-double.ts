/**
 * S3 as far as the ledger asks for it, over HTTP, so that the unmodified client of the SDK is what is tested: buckets in
 * memory, path style, PutObject with conditions and checksums, GetObject, ListObjectsV2. Signatures are not checked.
 *
 * From S3's documentation: 412 `PreconditionFailed` when a condition does not hold, 404 `NoSuchKey` for `If-Match` on a name that
 * has no object, 409 `ConditionalRequestConflict` for a collision (only when a test decides so), 501 for any `If-None-Match` but
 * `*`, 400 for a body that differs from its checksum, lists in the byte order of names. From the policies of the ledger's buckets:
 * no write without a condition; in the bucket of objects only with `If-None-Match`, and nothing below `served/` and `audit/`; in the bucket of
 * served copies nothing else; otherwise 403 `AccessDenied`.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Behaviour, type Double, type DoubleAnswer, type DoubleRequest, startDouble } from './http-double.ts'
import { type FilesBucket, filesBucket } from './s3-files-double.ts'

export interface StoredObject {
  readonly bytes: Buffer
  /** With its quotes, as S3 gives and takes it. */
  readonly etag: string
  readonly contentType: string | undefined
  readonly cacheControl: string | undefined
}

export interface S3Double extends Double {
  /** Bucket of what is written once. */
  readonly bucket: string
  /** As `s3Objects` takes them. */
  readonly names: { readonly objects: string; readonly served: string }
  /** Contents of the bucket of what is written once. */
  readonly stored: Map<string, StoredObject>
  /** Contents of the bucket of served copies. */
  readonly served: Map<string, StoredObject>
  /** Further ones are a test's to add. */
  readonly buckets: Map<string, Map<string, StoredObject>>
  /** The bucket of imports' and exports' files, `<bucket>-files`. */
  readonly files: FilesBucket
}

const messages: Readonly<Record<string, string>> = {
  AccessDenied: 'Access Denied',
  BadDigest: 'The CRC32 you specified did not match the calculated checksum.',
  ConditionalRequestConflict:
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
  InternalError: 'We encountered an internal error. Please try again.',
  NoSuchBucket: 'The specified bucket does not exist',
  NoSuchKey: 'The specified key does not exist.',
  NotImplemented: 'A header you provided implies functionality that is not implemented',
  PreconditionFailed: 'At least one of the pre-conditions you specified did not hold',
  SlowDown: 'Please reduce your request rate.',
  XAmzContentSHA256Mismatch: "The provided 'x-amz-content-sha256' header does not match what was computed.",
}

export async function startS3Double(bucket = 'ledger-objects'): Promise<S3Double> {
  const names = { objects: bucket, served: `${bucket}-served` }
  const stored = new Map<string, StoredObject>()
  const served = new Map<string, StoredObject>()
  const buckets = new Map([
    [names.objects, stored],
    [names.served, served],
  ])

  function put(
    bucketName: string,
    stored: Map<string, StoredObject>,
    key: string,
    { headers, body }: DoubleRequest,
  ): DoubleAnswer {
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch, 'x-amz-checksum-crc32': crc } = headers
    if (headers['content-encoding']?.includes('aws-chunked')) return refusal(501, 'NotImplemented', key)
    if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) {
      return refusal(400, 'XAmzContentSHA256Mismatch', key)
    }
    if (crc !== undefined && crc !== crc32Of(body)) return refusal(400, 'BadDigest', key)
    const isOfServed = bucketName === names.served
    const isConditional = ifNoneMatch !== undefined || (isOfServed && ifMatch !== undefined)
    if (!isConditional || /^(served|audit)\//.test(key) !== isOfServed) return refusal(403, 'AccessDenied', key)
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') return refusal(501, 'NotImplemented', key)
    const current = stored.get(key)
    if (ifNoneMatch !== undefined && current !== undefined) return refusal(412, 'PreconditionFailed', key)
    if (ifMatch !== undefined && current === undefined) return refusal(404, 'NoSuchKey', key)
    if (ifMatch !== undefined && ifMatch !== current?.etag) return refusal(412, 'PreconditionFailed', key)
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    const { 'content-type': contentType, 'cache-control': cacheControl } = headers
    stored.set(key, { bytes: Buffer.from(body), etag, contentType, cacheControl })
    const checksum = { 'x-amz-checksum-crc32': crc32Of(body), 'x-amz-checksum-type': 'FULL_OBJECT' }
    return { status: 200, headers: { ...standard, etag, ...checksum } }
  }

  function get(stored: Map<string, StoredObject>, key: string, { headers }: DoubleRequest): DoubleAnswer {
    const object = stored.get(key)
    if (object === undefined) return refusal(404, 'NoSuchKey', key)
    const wantsChecksum = headers['x-amz-checksum-mode'] === 'ENABLED'
    return {
      status: 200,
      headers: {
        ...standard,
        etag: object.etag,
        'accept-ranges': 'bytes',
        'last-modified': new Date(0).toUTCString(),
        'content-type': object.contentType ?? 'binary/octet-stream',
        ...(object.cacheControl !== undefined && { 'cache-control': object.cacheControl }),
        ...(wantsChecksum && {
          'x-amz-checksum-crc32': crc32Of(object.bytes),
          'x-amz-checksum-type': 'FULL_OBJECT',
        }),
      },
      body: object.bytes,
    }
  }

  function list(name: string, stored: Map<string, StoredObject>, { query }: DoubleRequest): DoubleAnswer {
    const prefix = query.get('prefix') ?? ''
    const maxKeys = Number(query.get('max-keys') ?? 1000)
    const all = [...stored.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(utf8(a), utf8(b)))
    const page = all.slice(0, maxKeys)
    const isTruncated = page.length < all.length
    const contents = page.map((key) => {
      const { etag, bytes } = stored.get(key) ?? { etag: '', bytes: Buffer.of() }
      const facts = `<ETag>${escaped(etag)}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass>`
      return `<Contents><Key>${escaped(key)}</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified>${facts}</Contents>`
    })
    const next = isTruncated ? '<NextContinuationToken>next</NextContinuationToken>' : ''
    return xml(
      200,
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name>` +
        `<Prefix>${escaped(prefix)}</Prefix>${next}<KeyCount>${page.length}</KeyCount><MaxKeys>${maxKeys}</MaxKeys>` +
        `<IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}</ListBucketResult>`,
    )
  }

  const filesName = `${bucket}-files`
  const files = filesBucket()
  const service: Behaviour = {
    operationOf: ({ method, path, query }) => {
      if (path.startsWith(`/${filesName}`)) return files.operationOf({ method, query })
      if (method === 'PUT') return 'PutObject'
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'GetObject'
    },
    answer(request) {
      const [, name = '', ...rest] = request.path.split('/')
      const key = rest.join('/')
      if (name === filesName) return files.answer(request, key)
      const held = buckets.get(name)
      if (held === undefined) return refusal(404, 'NoSuchBucket', key)
      if (request.operation === 'ListObjectsV2') return list(name, held, request)
      return request.operation === 'PutObject' ? put(name, held, key, request) : get(held, key, request)
    },
    refusal,
  }
  return Object.assign(await startDouble(service), { bucket, names, stored, served, buckets, files })
}

const standard = { 'x-amz-request-id': '0A49CE4060975EAC', 'x-amz-id-2': 'host', server: 'AmazonS3' }

const utf8 = (text: string): Buffer => Buffer.from(text)
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function crc32Of(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(bytes))
  return checksum.toString('base64')
}

function refusal(status: number, code: string, key?: string): DoubleAnswer {
  const message = `<Code>${code}</Code><Message>${escaped(messages[code] ?? code)}</Message>`
  const about = key === undefined ? '' : `<Key>${escaped(key)}</Key>`
  return xml(status, `<Error>${message}${about}<RequestId>0A49CE4060975EAC</RequestId><HostId>host</HostId></Error>`)
}

function xml(status: number, content: string): DoubleAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${content}`
  return { status, headers: { ...standard, 'content-type': 'application/xml' }, body }
}
