/** Answers with a public page. Such a page runs nothing, loads one style sheet of the ledger's own, and no page may frame it. */
import { hash } from 'node:crypto'
import { type Answer, type Call, header, ok } from '../http/call.ts'
import { readsSwedish } from '../http/language.ts'
import type { Html } from './html.ts'
import type { PageLanguage } from './page-frame.ts'

const contentSecurityPolicy = [
  ...["default-src 'none'", "style-src 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ')

/** The language in the address (`?lang=`), otherwise that of the reader's browser. Any other language is read as English. */
export function languageOfReader(call: Call): PageLanguage {
  const asked = call.event.queryStringParameters?.lang ?? header(call, 'accept-language')
  return readsSwedish(asked) ? 'sv' : 'en'
}

/**
 * @param cacheControl of the page; it also varies by `Accept` and `Accept-Language`
 * @returns 304 without a body when the caller has this very page
 */
export function pageAnswer(call: Call, page: Html, language: string, cacheControl: string): Answer {
  // A weak tag, because the same text may be sent compressed.
  const etag = `W/"${hash('sha256', page.text, 'base64url')}"`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-language': language,
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    'cache-control': cacheControl,
    vary: 'accept, accept-language',
    etag,
  }
  if (header(call, 'if-none-match') === etag) return { statusCode: 304, body: undefined, headers }
  return ok(page.text, headers)
}
