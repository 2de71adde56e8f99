/**
 * A small shop on Express that records consent on its server. The shop's own things (accounts, mail) are passed in; the ledger is
 * opened once, e.g.
 *
 *   const ledger = openLedger({ url, controller: 'acme', siteKey, token: (scope) => tokens.forScope(scope) })
 *   shop({ ledger, accounts, links: mailLinks(key), send, url: 'https://shop.example.org' }).listen(3000)
 */
import { ProblemError } from '@consent-ledger/server'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { type NewsletterOptions, newsletter } from './newsletter.ts'
import { html, page } from './page.ts'
import { type Accounts, signup, withCurrentTerms } from './signup.ts'

export interface ShopOptions extends NewsletterOptions {
  readonly accounts: Accounts
}

export function shop(options: ShopOptions): Express {
  const { ledger, accounts } = options
  const app = express()
  app.disable('x-powered-by')
  app.use(express.urlencoded({ extended: false, limit: '8kb' }))
  app.use(signup(ledger, accounts))
  app.use(newsletter(options))
  app.get('/account', withCurrentTerms(ledger, accounts), (_request, response) => {
    response.send(page('Your account', html`<p>Welcome.</p>`))
  })
  app.use(failed)
  return app
}

/** What could not be recorded is not acted on: the person is asked to try again. The message names nobody, so it may be logged. */
const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error instanceof ProblemError ? error.message : 'the shop failed')
  response.status(503).send(page('Please try again'))
}
