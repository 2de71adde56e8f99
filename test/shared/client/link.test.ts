/** `@consent-ledger/client/link`: what it sends, that it links once, and that no token or secret stands in an address. */
import { expect, it } from 'vitest'
import { openConsent } from '../../../shared/client/client.ts'
import { withLinks } from '../../../shared/client/link.ts'
import { memoryStorage } from '../../support/client-world.ts'

const token = `e30.${Buffer.from(JSON.stringify({ sub: 'kim' })).toString('base64url')}.c2ln`
const secret = '0f'.repeat(24)

function aPage(answer: { status: number; body: object }, stored: Record<string, unknown> = {}) {
  const items = new Map(
    Object.entries(stored).map(([name, value]) => [`consent-ledger:site_1:${name}`, JSON.stringify(value)]),
  )
  const sent: { url: string; init: RequestInit }[] = []
  const errors: string[] = []
  const options = {
    url: 'https://ledger.example/',
    key: 'site_1',
    storage: memoryStorage(items),
    fetch: async (url: string | URL | Request, init: RequestInit = {}) => {
      sent.push({ url: String(url), init })
      return Response.json(answer.body, { status: answer.status })
    },
    onError: ({ code }: { code: string }) => void errors.push(code),
  }
  return { consent: withLinks(openConsent(options), options), sent, errors, items }
}

const made = { status: 201, body: { linkId: 'a-link', recordedAt: '2026-11-30T12:00:00.000Z', stands: true } }
const device = { device: secret, 'notice:privacy-policy': { noticeToken: 'a-token' } }

it('links a device with the account once, under the notice that it was shown', async () => {
  const page = aPage(made, device)
  const notice = { shown: ['privacy-policy', { policyId: 'terms', version: '2' }], presentationId: 'account-link' }
  expect(await page.consent.link(token, notice)).toMatchObject({ linkId: 'a-link' })
  expect(await page.consent.link(token, notice)).toBeUndefined()
  expect(page.sent.map(({ url }) => url)).toEqual(['https://ledger.example/v1/me/link?key=site_1'])
  const { headers, body } = page.sent[0]?.init ?? {}
  expect(headers).toMatchObject({ authorization: `Bearer ${token}` })
  expect(JSON.parse(String(body))).toEqual({
    deviceSecret: secret,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    shown: [{ noticeToken: 'a-token' }, { policyId: 'terms', version: '2' }],
    presentationId: 'account-link',
  })
})

it('has nothing to link on a device that never decided anything', async () => {
  const page = aPage(made)
  expect(await page.consent.link(token, { shown: ['privacy-policy'] })).toBeUndefined()
  expect(page.sent).toEqual([])
})

it('reports a refusal, and tries again with the next page', async () => {
  const page = aPage({ status: 400, body: { code: 'unknown-policy' } }, device)
  expect(await page.consent.link(token, { shown: ['privacy-policy'] })).toBeUndefined()
  expect(await page.consent.link(token, { shown: ['privacy-policy'] })).toBeUndefined()
  expect([page.errors, page.sent.length]).toEqual([['unknown-policy', 'unknown-policy'], 2])
})

it('ends a link, after which the device can be linked anew', async () => {
  const page = aPage(made, device)
  await page.consent.link(token, { shown: ['privacy-policy'] })
  await page.consent.unlink('a-link')
  expect(page.sent[1]).toMatchObject({
    url: 'https://ledger.example/v1/me/unlink?key=site_1',
    init: { headers: { authorization: `Device ${secret}` } },
  })
  expect(await page.consent.link(token, { shown: ['privacy-policy'] })).toMatchObject({ linkId: 'a-link' })
})
