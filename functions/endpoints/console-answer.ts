/**
 * How the console's files are served. The page may run its own scripts and styles, call the ledger that served it, and nothing else;
 * nobody may frame it, since a withdrawal is one click. Scripts and styles are for pages of every origin.
 */
import { hash } from 'node:crypto'
import { LedgerError } from '../../shared/errors.ts'
import { type Answer, type Call, header, ok, pathParameter } from '../http/call.ts'

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

const always = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'public, max-age=300',
}

let files: Promise<ReadonlyMap<string, string>> | undefined

/** The page is also found without its ending. */
export async function consoleAnswer(call: Call): Promise<Answer> {
  files ??= import('./console-files.ts').then(async ({ consoleFiles }) => new Map(Object.entries(await consoleFiles())))
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
  // Weak: the same text may be sent compressed.
  const etag = `W/"${hash('sha256', text, 'base64url')}"`
  const headers = { ...always, etag, 'content-type': mediaType }
  if (header(call, 'if-none-match') === etag) return { statusCode: 304, body: undefined, headers }
  return ok(text, headers)
}
