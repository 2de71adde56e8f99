/**
 * A newsletter with double opt-in. Whoever types an address only asks for a letter to it; the consent stands once somebody who reads
 * that mailbox confirms it. The link is in the letter and nowhere else: neither the browser that subscribed nor the shop's staff sees it.
 */
import { randomUUID } from 'node:crypto'
import { type NewEvent, ProblemError, type ServerLedger } from '@consent-ledger/server'
import { Router } from 'express'
import type { LinkUse, MailLinks } from './mail-link.ts'
import { html, page } from './page.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface NewsletterOptions {
  readonly ledger: ServerLedger
  readonly links: MailLinks
  readonly send: (mail: Mail) => Promise<void>
  /** Address of this shop, e.g. `https://shop.example.org`. */
  readonly url: string
}

export function newsletter({ ledger, links, send, url }: NewsletterOptions): Router {
  const router = Router()

  // Who declares the purpose says what the letters are about: this is what was shown.
  router.get('/newsletter', async (_request, response) => {
    const { purposes, noticeToken } = await ledger.getNotice('privacy-policy', { locale: 'en' })
    const about = purposes.find(({ purposeId }) => purposeId === 'newsletter')?.description.en ?? ''
    response.send(
      page(
        'Newsletter',
        html`<p>${about}</p>
<form method="post">
  <input type="hidden" name="noticeToken" value="${noticeToken}">
  <label>E-mail <input type="email" name="email" required></label>
  <button>Subscribe</button>
</form>`,
      ),
    )
  })

  router.post('/newsletter', async (request, response) => {
    const email = String(request.body.email)
    await ledger.recordEvents({
      ...onNewsletter(email, 'given'),
      shown: [{ noticeToken: String(request.body.noticeToken) }],
      surface: 'form',
      act: 'button',
    })
    const token = await links.make('confirm', { email, eventId: randomUUID() }, '2 days')
    await send({
      to: email,
      subject: 'Please confirm our newsletter',
      text: `${url}/newsletter/confirm?token=${token}\n\nIt was not you? Then do nothing: we will not write again.`,
    })
    // The same answer to everybody: it does not reveal who was subscribed before.
    response.status(202).send(page('Look into your mailbox', html`<p>We sent a letter to confirm your address.</p>`))
  })

  // Mail scanners follow links, so following one does nothing yet: the button does.
  router.get('/newsletter/:use', async (request, response) => {
    const { use } = request.params
    const label = labels.get(use)
    const link = label && (await links.open(use as LinkUse, request.query.token))
    if (label === undefined || link === undefined) {
      response.status(410).send(goneBy)
      return
    }
    const action = `?token=${encodeURIComponent(String(request.query.token))}`
    response.send(page('Newsletter', html`<form method="post" action="${action}"><button>${label}</button></form>`))
  })

  router.post('/newsletter/confirm', async (request, response) => {
    const link = await links.open('confirm', request.query.token)
    if (link === undefined) {
      response.status(410).send(goneBy)
      return
    }
    const { email, eventId } = link
    const confirmed: NewEvent = {
      ...onNewsletter(email, 'confirmed'),
      eventId,
      subject: { identifier: { type: 'email', id: email }, assurance: 'confirmed' },
    }
    await ledger.recordEvents(confirmed).catch((error: unknown) => {
      // The link was followed before. It confirms nothing again, least of all after an unsubscription.
      if (!(error instanceof ProblemError && error.code === 'event-conflict')) throw error
    })
    response.send(page('Thank you', html`<p>Your address is confirmed.</p>`))
  })

  // Also what mail programs post for a click on "unsubscribe" (RFC 8058).
  router.post('/newsletter/unsubscribe', async (request, response) => {
    const link = await links.open('unsubscribe', request.query.token)
    if (link === undefined) {
      response.status(410).send(goneBy)
      return
    }
    await ledger.recordEvents(onNewsletter(link.email, 'withdrawn'))
    response.send(page('Done', html`<p>You get no more letters.</p>`))
  })

  return router
}

/** Sends an issue to those whose consent stands now, and says to how many. Whom the ledger cannot answer for gets none. */
export async function sendIssue(
  { ledger, links, send, url }: NewsletterOptions,
  text: string,
  emails: readonly string[],
): Promise<number> {
  let sent = 0
  for (const email of emails) {
    const { consents } = await ledger.askConsents({ subject: { type: 'email', id: email }, purposeId: 'newsletter' })
    if (consents[0]?.permittedByConsent !== true) continue
    const unsubscribe = `${url}/newsletter/unsubscribe?token=${await links.make('unsubscribe', { email, eventId: randomUUID() })}`
    const headers = { 'list-unsubscribe': `<${unsubscribe}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' }
    await send({ to: email, subject: 'News', text: `${text}\n\nUnsubscribe: ${unsubscribe}`, headers })
    sent += 1
  }
  return sent
}

function onNewsletter(email: string, verb: 'given' | 'confirmed' | 'withdrawn'): NewEvent {
  return {
    subject: { identifier: { type: 'email', id: email } },
    decisions: [{ purposeId: 'newsletter', verb }],
    actor: { role: 'self' },
    channel: 'web',
  }
}

const labels: ReadonlyMap<string, string> = new Map<LinkUse, string>([
  ['confirm', 'Yes, send me the newsletter'],
  ['unsubscribe', 'Stop the newsletter'],
])

const goneBy = page('This link does not work any more', html`<p>Please subscribe again.</p>`)
