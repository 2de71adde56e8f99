/** The notice is served in the reader's language, however the page and the browser state it, and the token attests what was served. */
import { beforeAll, expect, test } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import { administer } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const locales = ['en', 'no', 'zh-Hans', 'zh-Hant', 'sv-SE']
const ledger = sharedLedger({ clockOnlyGoesOn: true })
beforeAll(async () => {
  const { policyId: _, effectiveFrom: __, ...draft } = world.tallmo.publications[0]?.draft ?? { policyId: '' }
  const texts = locales.map((locale) => ({ locale, mediaType: 'text/plain', text: `The text in ${locale}.` }))
  const reply = await administer(ledger, '/policies/many/versions', { ...draft, version: '1', purposes: [], texts })
  expect(reply.status, reply.text).toBe(201)
})

test.each<[stated: string | undefined, browser: string | undefined, served: string]>([
  ['nb-NO', undefined, 'no'],
  [undefined, 'nb-NO,nb;q=0.9,en;q=0.5', 'no'],
  ['zh-TW', undefined, 'zh-Hant'],
  ['zh', undefined, 'zh-Hans'],
  ['en_US', 'sv', 'en'],
  ['sv_SE.UTF-8', 'en', 'sv-SE'],
  ['{{ lang }}', 'sv,en', 'sv-SE'],
  ['', 'sv,en', 'sv-SE'],
  ['fi', 'fi,sv;q=0.8', 'sv-SE'],
  [undefined, 'en;q=0, sv', 'sv-SE'],
  [undefined, '*', 'en'],
  [undefined, undefined, 'en'],
])('a page of %j in a browser of %j is served %s', async (stated, browser, served) => {
  const query = new URLSearchParams({
    key: ledger.key('ljungsten/web'),
    ...(stated !== undefined && { locale: stated }),
  })
  const { status, json } = await ledger.get(
    `/v1/notices/many?${query}`,
    browser === undefined ? {} : { 'accept-language': browser },
  )
  expect(status).toBe(200)
  expect(json.text).toMatchObject({ locale: served, text: `The text in ${served}.` })
  const attested = JSON.parse(Buffer.from(json.noticeToken.split('.')[0], 'base64url').toString())
  expect(attested).toMatchObject({ locale: served, textSha256: json.text.sha256 })
})
