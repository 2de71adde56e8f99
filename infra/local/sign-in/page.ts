/** The page on which one chooses who to be: rendered here, without a script. No other page may frame it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { escapeHtml } from '../../../shared/consent/escape-html.ts'
import { localPeople } from './people.ts'
import { en, type SignInWords, sv } from './words.ts'

export type Language = 'sv' | 'en'

const words: Readonly<Record<Language, SignInWords>> = { en, sv }

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  // With `no-referrer` browsers would post the form with `Origin: null`.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** What the page shows of a request that waits. */
export interface Choice {
  /** Name of the waiting request; only this page knows it, so no other page can post the form. */
  readonly ticket: string
  readonly controller: { readonly id: string; readonly name: string }
  readonly scopes: readonly string[]
  /** Subject that is filled in for someone else. */
  readonly subject: string
}

export function choicePage(language: Language, { ticket, controller, scopes, subject }: Choice) {
  const its = words[language]
  const offered = localPeople(controller.id).flatMap(({ role, subject: name, scopes: all }) => {
    const granted = all.filter((scope) => scopes.includes(scope))
    if (granted.length === 0) return []
    const lines = [its[`${role}May`], name, granted.join(', ')].map((line) => `<span>${escapeHtml(line)}</span>`)
    return [
      `<button class="person" name="as" value="${role}"><strong>${escapeHtml(its[role])}</strong>${lines.join('')}</button>`,
    ]
  })
  const boxes = scopes.map(
    (scope) => `<label class="scope"><input type="checkbox" name="scope" value="${scope}" checked> ${scope}</label>`,
  )
  const permits =
    boxes.length > 0 ? `<fieldset><legend>${escapeHtml(its.scopes)}</legend>${boxes.join('')}</fieldset>` : ''
  return page(
    language,
    its.title,
    `<p class="notice">${escapeHtml(its.forDevelopment)}</p>
<p>${escapeHtml(its.asks(controller.name))}</p>
<form method="post" action="authorize">
<input type="hidden" name="ticket" value="${ticket}">
${offered.join('\n')}
<section aria-labelledby="other"><h2 id="other">${escapeHtml(its.someoneElse)}</h2>
<label for="subject">${escapeHtml(its.subject)}</label>
<input id="subject" name="subject" maxlength="256" autocomplete="off" spellcheck="false" value="${escapeHtml(subject)}">
${permits}
<button name="as" value="other">${escapeHtml(its.signIn)}</button></section>
<button class="quiet" name="as" value="nobody">${escapeHtml(its.cancel)}</button>
</form>`,
  )
}

/** @param why what went wrong */
export function refusalPage(language: Language, why: 'notTheConsole' | 'usedUp' | 'notUnderstood') {
  const its = words[language]
  const text = `<p>${escapeHtml(its[why])}</p><p><a href="../console/">${escapeHtml(its.backToConsole)}</a></p>`
  return page(language, its.refused, text, 400)
}

function page(language: Language, title: string, main: string, statusCode = 200): APIGatewayProxyStructuredResultV2 {
  const body = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="../console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="sign-in.css">
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${main}
</main>
</body>
</html>
`
  return { statusCode, headers: { ...headers, 'content-language': language }, body }
}

const design = join(import.meta.dirname, '..', '..', '..', 'functions', 'design')
const sheets = [join(design, 'tokens.css'), join(design, 'dark-pages.css'), join(import.meta.dirname, 'sign-in.css')]

export async function styleSheet(): Promise<APIGatewayProxyStructuredResultV2> {
  const texts = await Promise.all(sheets.map((sheet) => readFile(sheet, 'utf8')))
  const type = { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return { statusCode: 200, headers: { ...type, 'cache-control': 'no-cache' }, body: texts.join('\n') }
}
