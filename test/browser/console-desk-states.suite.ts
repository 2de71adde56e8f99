/** The controller's desk in every state: WCAG 2.2 AA, no sideways scrolling, and nothing that a controller can type becomes markup or script. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { draftAfter } from '../../functions/console/publish/draft.ts'
import { type ConsoleStage, desktop, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { administer } from '../support/demo-calls.ts'
import { openDesk } from './console-desk.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

/** What is folded is made when it is opened, and may have folded parts itself. */
async function unfoldAll(page: Page): Promise<void> {
  const unfold = () =>
    page.evaluate(() => {
      const folded = document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')
      for (const each of folded) each.open = true
      return folded.length
    })
  while ((await unfold()) > 0) await page.waitForTimeout(100)
}

const views = [
  ['phone-sv-dark', { ...phone, colorScheme: 'dark' as const }, 'sv'],
  ['desktop-en', { ...desktop, colorScheme: 'light' as const }, 'en'],
  ['narrow-sv', { viewport: { width: 320, height: 640 } }, 'sv'],
] as const

/** What is done on a page to reach a state; buttons in the order English, Swedish. */
const states: readonly (readonly [name: string, hash: string, reach: (page: Page) => Promise<unknown>])[] = [
  ['policies', 'publish', async () => {}],
  ['policy', 'publish?policy=cookie-policy', async () => {}],
  [
    'draft with faults',
    'publish?policy=cookie-policy',
    async (page) => {
      await page.getByRole('button', { name: /copy of|en kopia/ }).click()
      await page.getByRole('button', { name: /^Add a purpose|^Lägg till ett ändamål/ }).click()
      await page.getByRole('button', { name: /^Check and|^Kontrollera/ }).click()
      await page.getByRole('alert').getByRole('list').waitFor()
    },
  ],
  [
    'draft ready',
    'publish?policy=general-terms',
    async (page) => {
      await page.getByRole('button', { name: /copy of|en kopia/ }).click()
      await page.locator('[name="/summary/sv-SE"]').fill('Nytt.')
      await page
        .locator('[name="/texts/0/text"]')
        .fill('# Ny text\n\nGenom att använda webbplatsen samtycker du till allt.')
      await page
        .getByText(/see what differs|se vad som skiljer sig/)
        .first()
        .waitFor()
      await page.getByRole('button', { name: /^Check and|^Kontrollera/ }).click()
      await page.locator('.confirmation').waitFor()
    },
  ],
  ['retracting', 'publish?policy=cookie-policy', (page) => page.getByRole('button', { name: /version 3$/ }).click()],
  [
    'new policy',
    'publish?policy=brand-new',
    (page) => page.getByRole('button', { name: /first version|första versionen/ }).click(),
  ],
  ['presentations', 'presentations', (page) => page.locator('.banner-stage').getByRole('heading').waitFor()],
  [
    'sites with faults',
    'sites',
    async (page) => {
      await page.getByRole('textbox', { name: /^(Web addresses|Webbadresser)/ }).fill('https://*.example')
      await page.getByRole('button', { name: /^Create|^Skapa/ }).click()
    },
  ],
  ['revoking', 'sites', (page) => page.getByRole('button', { name: /^(Revoke|Återkalla): shop/ }).click()],
  ['holds', 'holds', (page) => page.getByRole('button', { name: /^Make|^Inför/ }).click()],
  [
    'erasing',
    'erasures',
    async (page) => {
      await page.getByLabel(/^Identi/).fill('kim@example.org')
      await page.getByRole('button', { name: /^See what|^Se vad/ }).click()
    },
  ],
  [
    'nothing to erase',
    'erasures',
    async (page) => {
      await page.getByLabel(/^Identi/).fill('kim@example.org')
      await page.getByRole('button', { name: /^See what|^Se vad/ }).click()
      await page.locator('.confirmation input').fill('kim@example.org')
      await page.locator('.confirmation button[type=submit]').click()
      await page.getByText(/^(Nothing to erase|Inget att radera)$/).waitFor()
    },
  ],
]

describe.each(views)('%s', (view, options, language) => {
  it.each(states)('%s', async (name, hash, reach) => {
    const { page, complaints, close } = await openDesk(stage, hash, { language, options })
    await reach(page)
    await page.waitForTimeout(400)
    await keepPicture(page, `${view} ${name}`)
    await unfoldAll(page)
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    await close()
  })
})

describe('thousands of rows', () => {
  it('are shown by the hundred, and the last press leaves the focus at the table', async () => {
    const kinds = { ground: 'legal-claim', covers: { purposeId: 'statistics' }, stands: true }
    const made = { ...kinds, madeAt: '2026-01-01T00:00:00.000Z', madeBy: { subject: 'anna' } }
    const holds = Array.from({ length: 450 }, (_, i) => ({ ...made, holdId: `${i}` }))
    const { page, goTo, close } = await openDesk(stage, 'sites')
    await page.route('**/holds*', (route) => route.fulfill({ json: { holds, unreadable: [] } }))
    await goTo('holds')
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(200)
    await page.getByRole('button', { name: 'Show 200 more rows, of 450' }).click()
    await page.getByRole('button', { name: 'Show 50 more rows, of 450' }).press('Enter')
    await expect.poll(() => rows.count()).toBe(450)
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('scroll')
    await close()
  })
})

describe('a session without the right', () => {
  it('is told which right the page needs, and sees no such page in the menu', async () => {
    const { page, close } = await openDesk(stage, 'holds', { scopes: 'consent.admin' })
    await page.getByText(/^Your session does not open this page\..*\(consent\.hold\)/).waitFor()
    expect(await page.getByRole('navigation').getByText('Holds').count()).toBe(0)
    await close()
  })
})

describe('markup in every text', () => {
  const payload =
    '<img src=x onerror="document.documentElement.dataset.ran=1"><script>document.documentElement.dataset.ran=2</script>'
  const withMarkup = (value: unknown): unknown => {
    if (typeof value === 'string') return payload
    if (Array.isArray(value)) return value.map(withMarkup)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withMarkup(member)]))
  }
  const isInert = async (page: Page) => {
    expect(await page.evaluate(() => document.documentElement.dataset.ran)).toBeUndefined()
    expect(await page.locator('main :is(img, script, iframe, object, svg)').count()).toBe(0)
    const inBanner = () => document.querySelector('consent-banner')?.shadowRoot?.querySelectorAll('img, script').length
    expect((await page.evaluate(inBanner)) ?? 0).toBe(0)
  }

  it('stays text in the editor, the preview, the difference and the list of faults', async () => {
    const { json: version } = await stage.ledger.get('/v1/controllers/ljungsten/policies/cookie-policy')
    const draft = draftAfter(version, [payload, payload], ['1', '2'])
    const hostile = { ...(withMarkup(draft) as object), policyId: 'cookie-policy' }
    const { page, close } = await openDesk(stage, 'publish?policy=cookie-policy')
    await page.locator('input[type=file]').setInputFiles({
      name: `${payload}.json`.replaceAll('/', ''),
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(hostile)),
    })
    await page.locator('.preview').getByText(payload.slice(0, 20)).first().waitFor()
    await page.getByRole('button', { name: 'Check and publish' }).click()
    await page.getByRole('alert').getByRole('list').waitFor()
    await unfoldAll(page)
    await isInert(page)
    await close()
  })

  it('stays text when it is published, in lists and in the banner’s preview', async () => {
    const { json: version } = await stage.ledger.get('/v1/controllers/ljungsten/policies/cookie-policy')
    const { policyId: _, ...draft } = draftAfter(version, [payload, `# ${payload}`], [])
    const title = { en: payload, 'sv-SE': payload }
    const purposes = draft.purposes.slice(3, 4).map((each) => ({
      ...{ ...each, purposeId: 'hostile', title, description: title, withdrawalMethod: title },
      recipients: each.recipients.map((recipient) => ({ ...recipient, party: payload })),
    }))
    const publish = (path: string, body: object) => administer(stage.ledger, path, body)
    const made = [
      await publish('/policies/hostile/versions', { ...draft, version: '1', title, summary: title, purposes }),
      await publish('/sites', { site: 'hostile', kind: 'web', name: payload, origins: [] }),
      await publish('/policies/hostile/presentations', {
        presentationId: 'hostile',
        wording: title,
        controls: [{ purposeId: 'hostile', label: title, initially: 'off' }],
        refusal: { label: title, layer: 1 },
      }),
    ]
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201])
    const reach: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
      publish: async () => {},
      'publish?policy=hostile': (page) => page.getByRole('button', { name: 'Begin with a copy' }).click(),
      presentations: async (page) => {
        await page.getByLabel('Policy').selectOption('hostile')
        await page.locator('textarea[name="/wording/en"]').fill(payload)
        await page.locator('.banner-stage').getByText(payload.slice(0, 20)).first().waitFor()
      },
      sites: (page) => page.getByRole('button', { name: 'Revoke: hostile' }).click(),
      holds: (page) => page.getByLabel('What people decided on a purpose').check(),
    }
    for (const [hash, open] of Object.entries(reach)) {
      const { page, complaints, close } = await openDesk(stage, hash)
      await open(page)
      await page.getByText(payload.slice(0, 20)).first().waitFor({ state: 'attached' })
      await unfoldAll(page)
      await isInert(page)
      expect(complaints).toEqual([])
      await close()
    }
  })
})
