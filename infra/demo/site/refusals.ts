/** The pages for an unknown address and for a ledger that does not answer. */
import { html } from './html.ts'
import { layout } from './layout.ts'
import type { Reply, Site, Visit } from './site.ts'

export async function notFound(site: Site, visit: Visit): Promise<Reply> {
  const { say, to } = visit.words
  const title = say('Sidan finns inte', 'There is no such page')
  const main = html`<h1>${title}</h1><p><a href="${to('/')}">${say('Till startsidan', 'To the first page')}</a></p>`
  return { page: await layout(site, visit, { title, main }), status: 404 }
}

/** Says what has not happened. It asks the ledger for nothing, so it is without the demo's controls. */
export function unavailable({ words, path }: Visit): Reply {
  const { say, to, language } = words
  const title = say('Just nu går det inte', 'This is not possible at present')
  return {
    status: 503,
    page: html`<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} – Ljungsten Inkasso</title><link rel="stylesheet" href="/site.css"></head>
<body><main><div class="wide"><h1>${title}</h1>
<p>${say(
      'Det du ville göra är inte gjort: vi kunde inte anteckna det. Inget konto har skapats, inget har godkänts och inget brev har skickats. Försök igen om en stund.',
      'What you wanted to do has not been done: we could not record it. No account was opened, nothing was accepted and no message was sent. Please try again in a while.',
    )}</p><p><a href="${to(path)}">${say('Försök igen', 'Try again')}</a></p></div></main></body></html>`,
  }
}
