/**
 * The hosted pages and their scripts, below `/console`. A page may run its own scripts and styles and call the ledger that served it.
 * No page may frame it, because a withdrawal takes one click. Scripts and styles may be loaded by pages of every origin.
 */
import { hash } from 'node:crypto'
import { LedgerError } from '../../shared/errors.ts'
import { type Endpoint, header, ok, pathParameter } from '../http/call.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

const contentSecurityPolicy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "connect-src 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"],
].join('; ')

const commonHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'public, max-age=300',
}

/** The files are read at the first request. A failure is not cached. */
export function pageEndpoints() {
  let files: Promise<ReadonlyMap<string, string>> | undefined
  return {
    /** A page is also found without its ending: `preferences` is `preferences.html`. */
    async getConsoleFile(call) {
      files ??= import('./console-files.ts').then(
        async ({ consoleFiles }) => new Map(Object.entries(await consoleFiles())),
      )
      const all = await files.catch((error: unknown) => {
        files = undefined
        throw error
      })
      const asked = pathParameter(call, 'file')
      const name = all.has(asked) ? asked : `${asked}.html`
      const text = all.get(name)
      const mediaType = mediaTypes[name.split('.').at(-1) ?? '']
      if (text === undefined || mediaType === undefined) {
        throw new LedgerError('not-found', 'no such file', { given: asked, allowed: [...all.keys()] })
      }
      // A weak tag, because the same text may be sent compressed.
      const etag = `W/"${hash('sha256', text, 'base64url')}"`
      const headers = { ...commonHeaders, etag, 'content-type': mediaType }
      if (header(call, 'if-none-match') === etag) return { statusCode: 304, body: undefined, headers }
      return ok(text, headers)
    },
  } satisfies Record<string, Endpoint>
}
