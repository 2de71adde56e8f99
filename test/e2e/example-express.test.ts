/** The Express example as its visitors have it: over HTTP, with a mailbox of its own, against a real ledger. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openLedger, type ServerLedger } from '@consent-ledger/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mailLinks } from '../examples/express/mail-link.ts'
import { type Mail, type NewsletterOptions, sendIssue } from '../examples/express/newsletter.ts'
import { type ShopOptions, shop } from '../examples/express/shop.ts'
import { noon } from '../support/demo-calls.ts'
import { type RunningLedger, siteKeyOf, startLedger } from '../support/running-ledger.ts'

let running: RunningLedger
let ledger: ServerLedger
let server: Server
let options: ShopOptions
let url: string
const mailbox: Mail[] = []

beforeAll(async () => {
  running = await startLedger()
  running.setClock(noon)
  ledger = openLedger({
    url: running.url,
    controller: 'ljungsten',
    siteKey: siteKeyOf(running, 'ljungsten/web'),
    token: (scope) => running.token(scope),
    clock: () => Date.parse(running.now()),
  })
  const accounts: ShopOptions['accounts'] = {
    of: (request) => /account=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1],
    begin: (response, account) => response.cookie('account', account, { httpOnly: true, sameSite: 'lax' }),
  }
  const links = mailLinks(crypto.getRandomValues(new Uint8Array(32)))
  const send = async (mail: Mail) => void mailbox.push(mail)
  options = { ledger, accounts, links, send, url: 'https://shop.example.org' }
  server = shop(options).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await running.close()
})
beforeEach(() => {
  mailbox.length = 0
})

async function get(path: string, headers = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url + path, { headers, redirect: 'manual' })
  return { status: response.status, text: await response.text() }
}

function post(path: string, form: Record<string, string>, headers = {}): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' })
}

const tokenIn = (form: string) => /name="noticeToken" value="([^"]+)"/.exec(form)?.[1] ?? ''
const linkIn = (mail: Mail | undefined) => /https:\/\/shop\.example\.org(\S+)/.exec(mail?.text ?? '')?.[1] ?? ''

async function statusOf(email: string): Promise<string | undefined> {
  const { consents } = await ledger.askConsents({ subject: { type: 'email', id: email }, purposeId: 'newsletter' })
  return consents[0]?.status
}

async function subscribe(email: string): Promise<string> {
  const noticeToken = tokenIn((await get('/newsletter')).text)
  const response = await post('/newsletter', { email, noticeToken })
  expect(response.status).toBe(202)
  expect(mailbox.at(-1)?.to).toBe(email)
  const link = linkIn(mailbox.at(-1))
  // Who subscribed sees nothing of what the mailbox got.
  const seen = (await response.text()) + JSON.stringify([...response.headers])
  expect(seen).not.toContain(link.split('=')[1])
  return link
}

describe('the newsletter', () => {
  it('asks, is confirmed from the mailbox, is sent, and is left with one click', async () => {
    const email = 'anna@example.org'
    const link = await subscribe(email)
    expect(await statusOf(email)).toBe('Requested')
    expect(await sendIssue(options, 'News', [email])).toBe(0)

    expect((await get(link)).status).toBe(200)
    expect(await statusOf(email)).toBe('Requested')
    expect((await post(link, {})).status).toBe(200)
    expect(await statusOf(email)).toBe('Given')

    expect(await sendIssue(options, 'News', [email, 'nobody@example.org'])).toBe(1)
    const { headers = {}, to } = mailbox.at(-1) ?? {}
    expect(to).toBe(email)
    const oneClick = /<https:\/\/shop\.example\.org(.+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1] ?? ''
    expect((await post(oneClick, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
    expect(await statusOf(email)).toBe('Withdrawn')
    expect(await sendIssue(options, 'News', [email])).toBe(0)

    // The old link does not bring it back.
    expect((await post(link, {})).status).toBe(200)
    expect(await statusOf(email)).toBe('Withdrawn')
  })

  it('is evidence: by whom, how, and what was shown', async () => {
    const email = 'bo@example.org'
    await post(await subscribe(email), {})
    const subject = { type: 'email', id: email }
    const { events } = await ledger.askTimeline({ subject, purposeId: 'newsletter' })
    expect(events).toMatchObject([
      {
        who: { assurance: 'operator', actor: { role: 'self' } },
        link: [{ policyId: 'privacy-policy', shown: '2', grade: 'served-unbound' }],
        how: { act: 'button', surface: 'form' },
      },
      { who: { assurance: 'confirmed', actor: { role: 'self' } }, decisions: [{ verb: 'confirmed' }] },
    ])
  })

  it('takes no link that was made for something else, by somebody else, or too long ago', async () => {
    const email = 'cleo@example.org'
    await subscribe(email)
    const link = { email, eventId: crypto.randomUUID() }
    const strangers = mailLinks(crypto.getRandomValues(new Uint8Array(32)))
    const { links }: NewsletterOptions = options
    const tokens = [
      await links.make('unsubscribe', link),
      await links.make('confirm', link, '-1 minute'),
      await strangers.make('confirm', link, '2 days'),
      '',
      'a.b.c',
    ]
    for (const token of tokens) {
      expect((await post(`/newsletter/confirm?token=${token}`, {})).status).toBe(410)
      expect((await get(`/newsletter/confirm?token=${token}`)).status).toBe(410)
    }
    expect(await statusOf(email)).toBe('Requested')
  })
})

describe('sign-up', () => {
  it('records the acceptance of the text that was shown, and lets in', async () => {
    expect((await get('/account')).status).toBe(303)
    const form = (await get('/signup')).text
    const answer = await post('/signup', { noticeToken: tokenIn(form), accepted: 'yes' })
    expect(answer.headers.get('location')).toBe('/account')
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await get('/account', { cookie })).text).toContain('Welcome')

    const subject = { type: 'account', id: cookie.split('=')[1] ?? '' }
    const { consents } = await ledger.askConsents({ subject, policyId: 'general-terms' })
    expect(consents).toMatchObject([{ status: 'Accepted', grade: 'served-unbound', demonstrable: true, current: true }])
  })

  it('records nothing without the tick', async () => {
    const answer = await post('/signup', { noticeToken: 'x' })
    expect([answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual(['/signup', null])
  })

  it('makes no account when the ledger does not answer', async () => {
    const away = openLedger({
      url: 'http://127.0.0.1:1',
      controller: 'x',
      siteKey: 'x',
      token: () => 'x',
      maxAttempts: 1,
    })
    const orphan = shop({ ...options, ledger: away }).listen(0, '127.0.0.1')
    await once(orphan, 'listening')
    const { port } = orphan.address() as AddressInfo
    const body = new URLSearchParams({ accepted: 'yes', noticeToken: 'x' })
    const answer = await fetch(`http://127.0.0.1:${port}/signup`, { method: 'POST', body })
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([503, null])
    orphan.close()
  })
})
