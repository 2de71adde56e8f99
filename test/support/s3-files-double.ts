/**
 * What S3 does for the bucket of files (`functions/aws/s3-transfer-files.ts`), for the double of S3: plain and presigned PUT, ranges, HEAD,
 * DELETE, lists in pages, multipart uploads. From S3's documentation: a presigned upload whose length is not the signed one is refused (403
 * `SignatureDoesNotMatch`), one that came too late too (403 `AccessDenied`); the parts of an upload are an object once it is completed,
 * and all but the last have 5 MiB or more (400 `EntityTooSmall`). Signatures are not recomputed here; `s3-presign.test.ts` does that.
 */
import { createHash } from 'node:crypto'
import type { DoubleAnswer, DoubleRequest } from './http-double.ts'

export interface FilesBucket {
  readonly stored: Map<string, Buffer>
  /** Multipart uploads that are neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>
  operationOf(request: Pick<DoubleRequest, 'method' | 'query'>): string
  answer(request: DoubleRequest, key: string): DoubleAnswer
}

export interface FilesBucketOptions {
  readonly pageSize?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

const minPartBytes = 5 * 1024 * 1024

export function filesBucket({ pageSize = 1000, now = Date.now }: FilesBucketOptions = {}): FilesBucket {
  const stored = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()

  function refusedPresigned({ query, headers }: DoubleRequest): DoubleAnswer | undefined {
    const date = query.get('X-Amz-Date')
    if (date === null) return undefined
    const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    if (now() > at + Number(query.get('X-Amz-Expires')) * 1000) return refusal(403, 'AccessDenied')
    const signed = query.get('X-Amz-SignedHeaders')?.split(';') ?? []
    return signed.every((name) => headers[name] !== undefined) ? undefined : refusal(403, 'SignatureDoesNotMatch')
  }

  function get(key: string, { method, headers }: DoubleRequest): DoubleAnswer {
    const bytes = stored.get(key)
    if (bytes === undefined) return method === 'HEAD' ? { status: 404 } : refusal(404, 'NoSuchKey')
    // Node sends the length of the body to a HEAD, and not the body.
    if (method === 'HEAD') return { status: 200, headers: { etag: etagOf(bytes) }, body: bytes }
    if (headers['if-match'] !== undefined && headers['if-match'] !== etagOf(bytes))
      return refusal(412, 'PreconditionFailed')
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
    if (first === undefined) return { status: 200, headers: { etag: etagOf(bytes) }, body: bytes }
    if (Number(first) >= bytes.length) return refusal(416, 'InvalidRange')
    const part = bytes.subarray(Number(first), Number(last) + 1)
    return { status: 206, headers: { etag: etagOf(bytes) }, body: part }
  }

  function complete(key: string, id: string, body: string): DoubleAnswer {
    const parts = uploads.get(id)
    if (parts === undefined) return refusal(404, 'NoSuchUpload')
    const numbers = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n))
    const bytes = numbers.map((n) => parts.get(n) ?? Buffer.alloc(0))
    if (bytes.slice(0, -1).some((part) => part.length < minPartBytes)) return refusal(400, 'EntityTooSmall')
    stored.set(key, Buffer.concat(bytes))
    uploads.delete(id)
    return xml(200, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`)
  }

  function list(query: URLSearchParams): DoubleAnswer {
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? ''
    const keys = [...stored.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, pageSize)
    const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>${stored.get(key)?.length}</Size></Contents>`)
    const next = page.length < keys.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    return xml(200, `<ListBucketResult>${contents.join('')}${next}</ListBucketResult>`)
  }

  return {
    stored,
    uploads,
    operationOf({ method, query }) {
      if (query.has('uploads')) return 'CreateMultipartUpload'
      if (query.has('uploadId')) {
        const operations = { PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' }
        return operations[method as keyof typeof operations]
      }
      if (method === 'DELETE') return 'DeleteObject'
      if (method === 'HEAD') return 'HeadObject'
      if (method === 'PUT') return 'PutObject'
      return query.has('list-type') ? 'ListObjectsV2' : 'GetObject'
    },
    answer(request, key) {
      const { operation, query, body } = request
      const id = query.get('uploadId') ?? ''
      const refused = refusedPresigned(request)
      if (refused) return refused
      switch (operation) {
        case 'CreateMultipartUpload': {
          const made = `upload-${uploads.size + stored.size + request.earlier}`
          uploads.set(made, new Map())
          return xml(200, `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`)
        }
        case 'UploadPart':
          uploads.get(id)?.set(Number(query.get('partNumber')), Buffer.from(body))
          return { status: 200, headers: { etag: etagOf(body) } }
        case 'CompleteMultipartUpload':
          return complete(key, id, body.toString())
        case 'AbortMultipartUpload':
          uploads.delete(id)
          return { status: 204 }
        case 'DeleteObject':
          stored.delete(key)
          return { status: 204 }
        case 'PutObject':
          stored.set(key, Buffer.from(body))
          return { status: 200, headers: { etag: etagOf(body) } }
        case 'ListObjectsV2':
          return list(query)
        default:
          return get(key, request)
      }
    },
  }
}

const etagOf = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`

function refusal(status: number, code: string): DoubleAnswer {
  return xml(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

function xml(status: number, content: string): DoubleAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>\n${content}` }
}
