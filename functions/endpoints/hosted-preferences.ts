/**
 * The hosted preference centre: its page for the site whose key the address has. Without such a key the answer is a page as well, because
 * it is a person who followed a link.
 */
import { inForce } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { type SiteAccess, siteOf } from '../http/access.ts'
import { type Call, type Endpoint, header } from '../http/call.ts'
import { scriptedPage } from '../http/content-security-policy.ts'
import { wordsIn } from '../http/language.ts'
import { languageOfReader, pageAnswer } from '../public/page-answer.ts'
import { noSitePage, preferencesPage, wayBack } from './preferences-page.ts'

/** The page depends on the site that the person came from, so nobody else keeps it. */
const headers = {
  'content-security-policy': scriptedPage(),
  'cache-control': 'private, no-cache',
  vary: 'accept-language, referer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
}

const kinds = ['cookie', 'privacy', 'terms', 'other']

export const hostedPreferencesEndpoints = {
  async getPreferencesPage(call) {
    const language = languageOfReader(call)
    const access = await knownSite(call)
    if (access === undefined) {
      const page = noSitePage(language)
      return { statusCode: 404, body: page.text, headers: { ...pageAnswer(call, page, language, headers).headers } }
    }
    const { key = '', from } = call.event.queryStringParameters ?? {}
    const { snapshot, site } = access
    const page = preferencesPage({
      ...{ language, key },
      controller: snapshot.controller,
      policies: policiesInForce(snapshot, timestamp(call.instance.ledger.clock), language),
      back: wayBack(site, [from, header(call, 'referer')], header(call, 'host')),
    })
    return pageAnswer(call, page, language, headers)
  },
} satisfies Record<string, Endpoint>

/** `undefined` for a key that no site has, or no longer. */
async function knownSite(call: Call): Promise<SiteAccess | undefined> {
  try {
    return await siteOf(call)
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'unauthenticated') return undefined
    throw error
  }
}

function policiesInForce({ policies }: ControllerSnapshot, now: string, language: string) {
  return [...policies.values()]
    .flatMap((history) => inForce(history, now) ?? [])
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
    .map(({ policyId, title }) => ({ policyId, title: wordsIn(title, language) }))
}
