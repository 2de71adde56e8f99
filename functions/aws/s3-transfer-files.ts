/**
 * The files of imports and exports in an S3 bucket of their own. Tested against a local double of the HTTP protocol; not run against AWS.
 *
 * A file of up to 8 MiB is one PUT. A longer one is a multipart upload
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html) with one part in memory: its object appears when it is completed,
 * and a lifecycle rule of the bucket removes the parts of one that a crash left. A file is read in ranges, each a call of its own that is
 * retried, because a reader may pause for longer than a connection lasts.
 *
 * URLs are presigned with the role's own credentials (Signature Version 4 in the query,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html), so they permit no more than the role may. An upload is one PUT
 * whose `Content-Length` is signed; `S3Client` of the SDK has no presigner, and its package adds nothing to what the signer does here.
 */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Hash } from '@smithy/core/serde'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Clock } from '../../shared/ledger/store.ts'
import {
  checkTransferFolder,
  checkTransferName,
  noSuchFile,
  ReplacedFile,
  type TransferFile,
  type TransferFiles,
  type TransferUrl,
  transferUrlMs,
} from '../../shared/ledger/transfers/transfer-files.ts'
import { type AttemptOptions, attempts, isNamed, refusedBy } from './attempts.ts'

const service = { name: 'The store of files', passing: new Set(['RequestTimeout', 'OperationAborted']) }
const absent: ReadonlySet<string> = new Set(['NoSuchKey', 'NotFound'])
const replaced: ReadonlySet<string> = new Set(['PreconditionFailed'])
const beyondTheEnd: ReadonlySet<string> = new Set(['InvalidRange'])
const pieceBytes = 8 * 1024 * 1024

export interface S3FilesOptions extends AttemptOptions {
  readonly region: string
  readonly bucket: string
  /** Address of a double instead of AWS's. */
  readonly endpoint?: string
  /** Milliseconds since 1970. */
  readonly now?: Clock
}

export function s3TransferFiles(client: S3Client, options: S3FilesOptions): TransferFiles {
  const { region, bucket, endpoint, now = Date.now } = options
  const attempt = attempts(service, options)
  const ask = <Result>(send: (abortSignal: AbortSignal) => Promise<Result>): Promise<Result> =>
    attempt(send).catch((error: unknown) => {
      throw error instanceof ReplacedFile ? error : refusedBy(service, error)
    })
  const root = new URL(endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`)
  // Bound to its algorithm, because the signer passes the secret only. S3 signs paths as they are in the URL.
  const signer = new SignatureV4({
    ...{ service: 's3', region, credentials: client.config.credentials, uriEscapePath: false },
    sha256: Hash.bind(null, 'sha256'),
  })

  async function presign(
    method: 'GET' | 'PUT',
    name: string,
    query: Record<string, string>,
    headers: Record<string, string>,
  ): Promise<TransferUrl> {
    const signedAt = now()
    const path = endpoint === undefined ? `/${name}` : `/${bucket}/${name}`
    const signed = await signer.presign(
      {
        ...{ method, protocol: root.protocol, hostname: root.hostname, path, query },
        headers: { host: root.host, ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      {
        signingDate: new Date(signedAt),
        expiresIn: transferUrlMs / 1000,
        unhoistableHeaders: new Set(['content-length']),
      },
    )
    const url = new URL(path, root)
    for (const [key, value] of Object.entries(signed.query ?? {})) url.searchParams.set(key, String(value))
    return { url: url.href, expiresAt: new Date(signedAt + transferUrlMs).toISOString() }
  }

  function head(name: string): Promise<HeadObjectCommandOutput | undefined> {
    checkTransferName(name)
    return ask(async (abortSignal) => {
      try {
        return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: name }), { abortSignal })
      } catch (error) {
        if (isNamed(error, absent)) return undefined
        throw error
      }
    })
  }

  async function writeParts(name: string, pieces: AsyncIterator<Buffer>, first: Buffer): Promise<number> {
    const target = { Bucket: bucket, Key: name }
    const { UploadId } = await ask((abortSignal) =>
      client.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }), { abortSignal }),
    )
    const upload = { ...target, UploadId }
    try {
      const parts: CompletedPart[] = []
      let bytes = 0
      for (let Body: Buffer | undefined = first; Body !== undefined; Body = (await pieces.next()).value) {
        const part = { ...upload, PartNumber: parts.length + 1, Body, ChecksumAlgorithm: 'CRC32' as const }
        const { ETag, ChecksumCRC32 } = await ask((abortSignal) =>
          client.send(new UploadPartCommand(part), { abortSignal }),
        )
        parts.push({ PartNumber: part.PartNumber, ETag, ChecksumCRC32 })
        bytes += Body.length
      }
      const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } })
      await ask((abortSignal) => client.send(complete, { abortSignal }))
      return bytes
    } catch (error) {
      // If this fails too, the bucket's lifecycle removes the parts.
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
      throw error
    }
  }

  return {
    async write(name, chunks) {
      checkTransferName(name)
      const pieces = inPieces(chunks)
      const first = (await pieces.next()).value ?? Buffer.alloc(0)
      if (first.length === pieceBytes) return writeParts(name, pieces, first)
      const put = new PutObjectCommand({ Bucket: bucket, Key: name, Body: first })
      await ask((abortSignal) => client.send(put, { abortSignal }))
      return first.length
    },
    async *read(name, offset = 0, version) {
      checkTransferName(name)
      let IfMatch = version
      for (let start = offset; ; start += pieceBytes) {
        const get = { Bucket: bucket, Key: name, Range: `bytes=${start}-${start + pieceBytes - 1}`, IfMatch }
        const piece = await ask(async (abortSignal) => {
          try {
            const { Body, ETag } = await client.send(new GetObjectCommand(get), { abortSignal })
            const bytes = await Body?.transformToByteArray()
            IfMatch ??= ETag
            return bytes ?? new Uint8Array()
          } catch (error) {
            if (isNamed(error, absent)) throw noSuchFile(name)
            if (isNamed(error, replaced)) throw new ReplacedFile()
            if (isNamed(error, beyondTheEnd)) return new Uint8Array()
            throw error
          }
        })
        if (piece.length > 0) yield piece
        if (piece.length < pieceBytes) return
      }
    },
    size: async (name) => (await head(name))?.ContentLength,
    version: async (name) => (await head(name))?.ETag,
    async list(folder) {
      checkTransferFolder(folder)
      const found: TransferFile[] = []
      let token: string | undefined
      do {
        const list = { Bucket: bucket, Prefix: folder, ...(token !== undefined && { ContinuationToken: token }) }
        const page = await ask((abortSignal) => client.send(new ListObjectsV2Command(list), { abortSignal }))
        for (const { Key = '', Size = 0 } of page.Contents ?? []) found.push({ name: Key, bytes: Size })
        token = page.NextContinuationToken
      } while (token !== undefined)
      return found
    },
    async remove(name) {
      checkTransferName(name)
      const command = new DeleteObjectCommand({ Bucket: bucket, Key: name })
      await ask((abortSignal) => client.send(command, { abortSignal }))
    },
    async uploadUrl(name, bytes) {
      checkTransferName(name)
      return presign('PUT', name, {}, { 'content-length': String(bytes) })
    },
    async downloadUrl(name) {
      checkTransferName(name)
      const disposition = `attachment; filename="${name.slice(name.lastIndexOf('/') + 1)}"`
      return presign('GET', name, { 'response-content-disposition': disposition }, {})
    },
  }
}

/** Pieces of exactly `pieceBytes`, and a last one that may be shorter. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, undefined> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    bytes += chunk.length
    if (bytes < pieceBytes) continue
    const all = Buffer.concat(held, bytes)
    let start = 0
    for (; bytes - start >= pieceBytes; start += pieceBytes) yield all.subarray(start, start + pieceBytes)
    held = [all.subarray(start)]
    bytes -= start
  }
  if (bytes > 0) yield Buffer.concat(held, bytes)
  return undefined
}
