/** The pages for an unknown address and for a ledger that does not answer. */
import { html } from '../../../functions/public/html.ts'
import { layout } from './layout.ts'
import type { Reply, Site, Visit } from './site.ts'

export async function notFound(site: Site, visit: Visit): Promise<Reply> {
  const { say, to } = visit.words
  const title = say('Sidan finns inte', 'Page not found')
  const main = html`<h1>${title}</h1><p><a href="${to('/')}">${say('Till startsidan', 'To the start page')}</a></p>`
  return { page: await layout(site, visit, { title, main }), status: 404 }
}

/** Says what was not done. The demo's controls are left out, because they need the ledger. */
export function unavailable({ words, path }: Visit): Reply {
  const { say, to, language } = words
  const title = say('Det går inte just nu', 'This is not possible right now')
  return {
    status: 503,
    page: html`<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} – Ljungsten Inkasso</title><link rel="stylesheet" href="/site.css"></head>
<body><main><div class="wide"><h1>${title}</h1>
<p>${say(
      'Vi kunde inte göra det du bad om. Inget konto har skapats, inget har godkänts och inget brev har skickats. Försök igen om en stund.',
      'We could not do what you asked. No account was opened, nothing was accepted and no message was sent. Please try again in a while.',
    )}</p><p><a href="${to(path)}">${say('Försök igen', 'Try again')}</a></p></div></main></body></html>`,
  }
}
