/**
 * Sign-up with terms: the form shows the text in force, and its token comes back with the acceptance, which proves what was shown.
 * No record, no account. Who accepted an older text is asked again before they go on.
 */
import { randomUUID } from 'node:crypto'
import type { ServerLedger } from '@consent-ledger/server'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { html, page } from './page.ts'

export interface Accounts {
  /** The account that is signed in. */
  of(request: Request): string | undefined
  begin(response: Response, account: string): void
}

const terms = 'general-terms'

export function signup(ledger: ServerLedger, accounts: Accounts): Router {
  const router = Router()

  router.get('/signup', async (_request, response) => {
    const notice = await ledger.getNotice(terms, { locale: 'en' })
    response.send(
      page(
        'Sign up',
        html`<article lang="${notice.text.locale}">${notice.text.text}</article>
<form method="post">
  <input type="hidden" name="noticeToken" value="${notice.noticeToken}">
  <label><input type="checkbox" name="accepted" value="yes" required> I accept version ${notice.version}</label>
  <button>Sign up</button>
</form>`,
      ),
    )
  })

  router.post('/signup', async (request, response) => {
    if (request.body.accepted !== 'yes') return response.redirect(303, '/signup')
    const account = accounts.of(request) ?? randomUUID()
    await ledger.recordEvents({
      subject: { identifier: { type: 'account', id: account } },
      decisions: [{ policyId: terms, verb: 'accepted' }],
      shown: [{ noticeToken: String(request.body.noticeToken) }],
      actor: { role: 'self' },
      channel: 'web',
      surface: 'signup',
      act: 'checkbox',
    })
    accounts.begin(response, account)
    response.redirect(303, '/account')
  })

  return router
}

/**
 * Lets pass who has accepted the terms in force, or a version that differs from them in nothing of weight. Each question to the
 * ledger is recorded, so a shop with more pages asks once a session.
 */
export function withCurrentTerms(ledger: ServerLedger, accounts: Accounts): RequestHandler {
  return async (request, response, next) => {
    const account = accounts.of(request)
    if (account === undefined) return response.redirect(303, '/signup')
    const { consents } = await ledger.askConsents({ subject: { type: 'account', id: account }, policyId: terms })
    if (consents[0]?.status === 'Accepted' && consents[0].current) return next()
    response.redirect(303, '/signup')
  }
}
