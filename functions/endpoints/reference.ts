/**
 * The API reference, `/reference`: a page with the OpenAPI document in Swagger UI, and the files of that page. They are 0.5 MB compressed, so
 * they are read with the first request for one.
 */
import { hash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { LedgerError } from '../../shared/errors.ts'
import { type Call, type Endpoint, header, ok, pathParameter } from '../http/call.ts'
import { acceptsGzip } from '../http/compression.ts'
import { languageOfReader, pageAnswer } from '../public/page-answer.ts'
import { referencePage } from '../public/reference-page.ts'

/**
 * The page runs its own script, which turns no text into markup (Trusted Types) and calls this ledger only. Swagger UI's style sheet has
 * images in `data:` addresses.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:"],
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"],
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
}

const cached = { 'cache-control': 'public, max-age=300' }

interface File {
  /** In gzip. */
  readonly bytes: Buffer
  readonly etag: string
}

/** The files are read once. A failure is not cached. */
export function referenceEndpoints() {
  let files: Promise<ReadonlyMap<string, File>> | undefined

  async function read(): Promise<ReadonlyMap<string, File>> {
    const { referenceFiles } = await import('./reference-files.ts')
    const tagged = [...(await referenceFiles())].map(([name, bytes]): [string, File] => {
      // A weak tag, because the same text may be sent uncompressed.
      return [name, { bytes, etag: `W/"${hash('sha256', bytes, 'base64url')}"` }]
    })
    return new Map(tagged)
  }

  return {
    async getReference(call) {
      const language = languageOfReader(call)
      return pageAnswer(call, referencePage(language), language, {
        'content-security-policy': contentSecurityPolicy,
        ...cached,
      })
    },

    async getReferenceFile(call) {
      files ??= read()
      const all = await files.catch((error: unknown) => {
        files = undefined
        throw error
      })
      const name = pathParameter(call, 'file')
      const file = all.get(name)
      const type = mediaTypes[name.split('.').at(-1) ?? '']
      if (file === undefined || type === undefined)
        throw new LedgerError('not-found', 'no such file', { given: name, allowed: [...all.keys()] })
      return fileAnswer(call, file, { 'content-type': type, etag: file.etag, ...cached })
    },
  } satisfies Record<string, Endpoint>
}

function fileAnswer(call: Call, { bytes, etag }: File, headers: Record<string, string>) {
  if (header(call, 'if-none-match') === etag) return { statusCode: 304, body: undefined, headers }
  return acceptsGzip(header(call, 'accept-encoding'))
    ? ok(bytes, { ...headers, 'content-encoding': 'gzip' })
    : ok(gunzipSync(bytes).toString(), headers)
}
