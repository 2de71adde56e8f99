/**
 * The small pages that links in letters open. They load nothing, run no script, can be framed by nobody, and are neither cached nor indexed.
 * Their address holds a token, so it is sent to no other page (`referrer-policy`).
 */
import { hash } from 'node:crypto'
import { escapeHtml } from '../../shared/consent/escape-html.ts'
import type { Answer } from '../http/call.ts'

const style =
  'body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}button{font:inherit;padding:.6rem 1.2rem}'

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    ...["default-src 'none'", `style-src 'sha256-${hash('sha256', style, 'base64')}'`],
    ...["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"],
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
}

export interface LetterPage {
  readonly language: 'sv' | 'en'
  readonly title: string
  readonly paragraphs: readonly string[]
  /** A button that posts one field to the page's own address. */
  readonly button?: { readonly label: string; readonly field: string; readonly value: string }
}

export function letterPage({ language, title, paragraphs, button }: LetterPage, statusCode = 200): Answer {
  const form =
    button &&
    `<form method="post"><input type="hidden" name="${escapeHtml(button.field)}" value="${escapeHtml(button.value)}"><button>${escapeHtml(button.label)}</button></form>`
  const body = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}${form ?? ''}</main></body></html>`
  return { statusCode, body, headers: { ...headers, 'content-language': language } }
}
