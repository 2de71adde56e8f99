/**
 * The pages that the links in letters open. For an unknown or expired token the page says so and changes nothing; for a used one it says
 * what became of it. A link to unsubscribe does not expire, and a mail program can use it in one call, without a question
 * (https://www.rfc-editor.org/rfc/rfc8058).
 */
import { html } from './html.ts'
import { layout } from './layout.ts'
import { sendWelcome } from './letters.ts'
import { type Handler, nowOf, type Pages, type Reply, type Site, type Visit } from './site.ts'
import type { SentLink } from './site-records.ts'

const confirmableMs = 2 * 24 * 3600 * 1000
const email = (link: SentLink) => ({ type: 'email', id: link.email })

export const newsletterLinkPages: Pages = {
  'GET /newsletter/confirm': forLink('confirm', async (site, visit) => {
    const { say } = visit.words
    return asks(site, visit, {
      title: say('Vill du ha nyhetsbrevet?', 'Do you want the newsletter?'),
      text: say('Ett brev i månaden, tills du avslutar det.', 'One issue a month, until you unsubscribe.'),
      button: say('Ja, bekräfta', 'Yes, confirm'),
    })
  }),

  'POST /newsletter/confirm': forLink('confirm', async (site, visit, link) => {
    const { words } = visit
    link.openedAt ??= nowOf(site)
    await site.records.save()
    await site.ledger.recordEvents({
      eventId: link.eventId,
      occurredAt: link.openedAt,
      subject: { identifier: email(link), assurance: 'confirmed' },
      decisions: [{ purposeId: 'newsletter', verb: 'confirmed', ground: 'link in the letter opened' }],
      channel: 'web',
      surface: 'letter',
      act: 'button',
    })
    if (!link.isDone) {
      link.isDone = true
      site.records.recipients[link.email] = link.openedAt
      await sendWelcome(site, link.email, words)
    }
    return { goTo: words.to('/newsletter/confirmed') }
  }),

  'GET /newsletter/confirmed': (site, visit) => {
    const { say } = visit.words
    return says(
      site,
      visit,
      say('Adressen är bekräftad', 'The address is confirmed'),
      say(
        'Du får nyhetsbrevet en gång i månaden. I varje brev finns en länk för att avsluta det.',
        'You get the newsletter once a month. Each issue has a link to unsubscribe.',
      ),
    )
  },

  'GET /newsletter/unsubscribe': forLink('unsubscribe', async (site, visit) => {
    const { say } = visit.words
    return asks(site, visit, {
      title: say('Avsluta nyhetsbrevet?', 'Unsubscribe from the newsletter?'),
      text: say(
        'Du får inga fler brev från oss om fakturering, ränta och rättsläget.',
        'You will get no more e-mail from us on invoicing, interest and the law.',
      ),
      button: say('Avsluta nyhetsbrevet', 'Unsubscribe'),
    })
  }),

  'POST /newsletter/unsubscribe': forLink('unsubscribe', async (site, { words, form }, link) => {
    await unsubscribe(site, link.email, 'letter')
    // Mail programs do not follow redirects.
    if (form.get('List-Unsubscribe') === 'One-Click') return { body: '', mediaType: 'text/plain' }
    return { goTo: words.to('/newsletter/unsubscribed') }
  }),

  'GET /newsletter/unsubscribed': (site, visit) => {
    const { say } = visit.words
    return says(
      site,
      visit,
      say('Nyhetsbrevet är avslutat', 'You are unsubscribed'),
      say(
        'Vi skickar inga fler. Du kan anmäla dig igen när du vill.',
        'We will send no more. You can sign up again at any time.',
      ),
    )
  },
}

/** Takes the address off the list before it calls the ledger, because a no counts from when it was made, even if that call fails. */
export async function unsubscribe(site: Site, address: string, surface: 'letter' | 'account'): Promise<void> {
  delete site.records.recipients[address]
  // A confirming link that was sent earlier must not work after this.
  for (const link of Object.values(site.records.links)) if (link.email === address) link.isDone = true
  await site.records.save()
  await site.ledger.recordEvents({
    subject: { identifier: { type: 'email', id: address } },
    decisions: [{ purposeId: 'newsletter', verb: 'withdrawn' }],
    channel: 'web',
    surface,
    act: 'button',
    control: 'single',
    actor: { role: 'self' },
  })
}

function forLink(
  does: SentLink['does'],
  handle: (site: Site, visit: Visit, link: SentLink) => Promise<Reply>,
): Handler {
  return async (site, visit) => {
    const { say, to } = visit.words
    const link = site.records.linkOf(visit.query.get('token') ?? '')
    if (link === undefined || link.does !== does)
      return says(
        site,
        visit,
        say('Länken gäller inte', 'The link is not valid'),
        say(
          'Kontrollera att hela länken kom med. Inget har ändrats.',
          'Check that the whole link was copied. Nothing was changed.',
        ),
        404,
      )
    if (does === 'unsubscribe') return handle(site, visit, link)
    if (link.isDone) {
      if (site.records.recipients[link.email] !== undefined) return { goTo: to('/newsletter/confirmed') }
      return says(
        site,
        visit,
        say('Länken är redan använd', 'The link has been used'),
        say(
          'Adressen får inte nyhetsbrevet. Anmäl dig på nytt om du vill ha det.',
          'The address does not get the newsletter. Sign up again if you want it.',
        ),
        410,
      )
    }
    if (site.clock.now() - Date.parse(link.sentAt) > confirmableMs)
      return says(
        site,
        visit,
        say('Länken är för gammal', 'The link is too old'),
        say(
          'Inget har ändrats. Anmäl dig på nytt om du vill ha nyhetsbrevet.',
          'Nothing was changed. Sign up again if you want the newsletter.',
        ),
        410,
      )
    return handle(site, visit, link)
  }
}

async function asks(
  site: Site,
  visit: Visit,
  { title, text, button }: Readonly<Record<'title' | 'text' | 'button', string>>,
): Promise<Reply> {
  const { words, path, query } = visit
  const action = words.to(path, { token: query.get('token') ?? '' })
  const main = html`<h1>${title}</h1><p class="intro">${text}</p><form method="post" action="${action}"><p class="actions"><button>${button}</button></p></form>`
  return { page: await layout(site, visit, { title, main }) }
}

async function says(site: Site, visit: Visit, title: string, text: string, status = 200): Promise<Reply> {
  const { say, to } = visit.words
  const main = html`<h1>${title}</h1><p class="intro">${text}</p><p><a href="${to('/newsletter')}">${say('Till nyhetsbrevet', 'To the newsletter')}</a></p>`
  return { page: await layout(site, visit, { title, main }), status }
}
