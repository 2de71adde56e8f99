/** The small parts of the demo site's pages: templates, policy texts, forms, languages, and the letters that it sends. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html } from '../../../../functions/public/html.ts'
import { addressIn, box, textField } from '../../../../infra/demo/site/form-fields.ts'
import { openForwardClock } from '../../../../infra/demo/site/forward-clock.ts'
import { languageOf, wordsIn } from '../../../../infra/demo/site/language.ts'
import { sendHandedOver } from '../../../../infra/demo/site/letters.ts'
import { policyText } from '../../../../infra/demo/site/policy-text.ts'
import { openSiteRecords } from '../../../../infra/demo/site/site-records.ts'
import { lettersIn, mailboxFolder } from '../../../../infra/local/data/mailbox-folder.ts'
import type { Letter } from '../../../../shared/ledger/letters/letter-outbox.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-ledger-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('escapes everything that is put into a template, except HTML', () => {
  const name = `"><script>'&`
  expect(html`<a title="${name}">${html`<b>${name}</b>`}${[1, undefined, false]}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;&#39;&amp;"><b>&quot;&gt;&lt;script&gt;&#39;&amp;</b>1</a>',
  )
})

it('shows a policy text with its headings, lists and tables, and escapes its markup', () => {
  const text =
    '# Title\n\nA **strong** *word*, `code` <b>.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n## Part\n'
  const shown = policyText({ text, mediaType: 'text/markdown' }, 'terms', 'en').text
  expect(shown).toContain(
    '<h2 id="terms-title">Title</h2><p>A <strong>strong</strong> <em>word</em>, <code>code</code> &lt;b&gt;.</p>',
  )
  expect(shown).toContain('<ul><li>one</li><li>two</li></ul>')
  expect(shown).toContain('<th scope="col">a</th>')
  expect(shown).toContain('<td>c</td><td>d</td>')
  expect(shown).toContain('<h3 id="terms-part">Part</h3>')
})

describe('fields', () => {
  it('have no box ticked, and show an error beside its field', () => {
    expect(box({ name: 'terms', label: 'I accept', isTicked: false, errors: {} }).text).not.toContain('checked')
    const field = textField({
      name: 'email',
      type: 'email',
      label: 'E-mail',
      value: 'x"y',
      autocomplete: 'email',
      errors: { email: 'Enter an address.' },
    }).text
    expect(field).toContain('value="x&quot;y"')
    expect(field).toContain('aria-describedby="email-error" aria-invalid="true"')
    expect(field).toContain('<p class="error" id="email-error">Enter an address.</p>')
  })

  it('read an address as the ledger does, without case and invisible characters', () => {
    expect(addressIn(new URLSearchParams({ email: ' Kim@Example.ORG ' }))).toBe('kim@example.org')
    expect(addressIn(new URLSearchParams({ email: 'k\u200bim@exam\u00adple.org' }))).toBe('kim@example.org')
    for (const none of ['', 'kim', 'kim@example', 'kim @example.org', `${'k'.repeat(200)}@example.org`])
      expect(addressIn(new URLSearchParams({ email: none }))).toBeUndefined()
  })
})

it('uses the language in the address, then the remembered one, and keeps it in links', () => {
  expect(languageOf(new URLSearchParams('lang=en'), new Map([['lj_prefs', 'sv']]))).toBe('en')
  expect(languageOf(new URLSearchParams('lang=xx'), new Map([['lj_prefs', 'en']]))).toBe('en')
  expect(languageOf(new URLSearchParams(), new Map())).toBe('sv')
  expect(wordsIn('en').to('/mailbox', { token: 'a b' })).toBe('/mailbox?token=a+b&lang=en')
  expect(wordsIn('sv').to('/')).toBe('/')
})

it('sends each letter that the ledger hands over once, also when it is handed over again after a restart', async () => {
  const [file, outbox] = [join(folder, 'site.json'), join(folder, 'mailbox')]
  const url = 'http://localhost:8787/v1/confirmations/ljungsten.abc'
  const letter: Letter = {
    ...{ id: '6f0d6a52-9b1d-4f7c-8d0f-3f2a5f3c1b10', to: 'kim@example.org', url },
    kind: 'confirmation',
    language: 'en',
    ...{ controller: { id: 'ljungsten', name: 'Ljungsten' }, purposes: [], expiresAt: '2026-11-30T12:00:00.000Z' },
    ...{ subject: 'Please confirm', text: `Someone asked.\n\n${url}\n` },
  }
  for (const _ of ['first', 'handed over again']) {
    await mailboxFolder(outbox).put(letter)
    const records = await openSiteRecords(file)
    const site = { outbox, records, clock: { now: Date.now, isAhead: () => false, moveTo: async () => {} } }
    await Promise.all([sendHandedOver(site), sendHandedOver(site)])
    const { letters } = await openSiteRecords(file)
    expect(letters).toMatchObject([{ id: letter.id, paragraphs: ['Someone asked.'], link: { url } }])
    expect(await lettersIn(outbox)).toEqual([])
  }
})

it('moves the clock forward only, and remembers how far', async () => {
  const file = join(folder, 'clock')
  const clock = await openForwardClock(file)
  await clock.moveTo('2001-01-01T00:00:00.000Z')
  expect(clock.isAhead()).toBe(false)
  const later = new Date(Date.now() + 86_400_000).toISOString()
  await clock.moveTo(later)
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse(later))
  expect((await openForwardClock(file)).now()).toBeGreaterThanOrEqual(Date.parse(later))
})
