/** Answers with a public page. */
import { hash } from 'node:crypto'
import { type Answer, type Call, header, ok } from '../http/call.ts'
import { readsSwedish } from '../http/language.ts'
import type { Html } from './html.ts'
import type { PageLanguage } from './page-frame.ts'
import { pageHeaders } from './page-headers.ts'

/** The language in the address (`?lang=`), otherwise that of the reader's browser. Any other language is read as English. */
export function languageOfReader(call: Call): PageLanguage {
  const asked = call.event.queryStringParameters?.lang ?? header(call, 'accept-language')
  return readsSwedish(asked) ? 'sv' : 'en'
}

/**
 * @param page whole, as `pageFrame` makes it
 * @param headers in addition to those of every page, or in place of them: `cache-control`, or a policy of a page with scripts
 */
export function pageAnswer(
  call: Call,
  page: Html,
  language: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  return taggedAnswer(call, page.text, { ...pageHeaders(language), ...headers })
}

/** An answer with an entity tag (RFC 9110, section 8.8.3); 304 without a body when the caller has this very text. */
export function taggedAnswer(call: Call, text: string, headers: Readonly<Record<string, string>>): Answer {
  // A weak tag, because the same text may be sent compressed.
  const etag = `W/"${hash('sha256', text, 'base64url')}"`
  const all = { ...headers, etag }
  return header(call, 'if-none-match') === etag ? { statusCode: 304, body: undefined, headers: all } : ok(text, all)
}
