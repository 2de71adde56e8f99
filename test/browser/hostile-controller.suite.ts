/** What a controller writes, in every field that the public pages show, stays text in Chromium and in the forms for programs. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import { bearer } from '../support/demo-calls.ts'
import { openPublicStage, type PublicStage } from './public-stage.ts'

const image = '<img src=x onerror="document.title=1">'
const hostile = `"'></title></textarea><script>document.title=2</script>${image}`
const said = { en: hostile }
const base = '/policies/hostile/hostile'

const purpose = {
  ...world.tallmo.publications[0]?.draft.purposes[0],
  ...{ purposeId: 'hostile', title: said, description: said, withdrawalMethod: said },
  refusal: { consequence: 'limited', text: said },
  dataCategories: [{ category: hostile, form: 'personal', sources: [hostile] }],
  recipients: [
    { party: hostile, type: hostile, role: 'processor', reliesOnConsent: false, country: 'SE', transfer: hostile },
  ],
  technologies: [
    {
      ...{ name: hostile, kind: 'pixel', party: hostile, domain: hostile, lifetime: 'session' },
      exempt: { ground: 'strictly-necessary', reason: hostile },
    },
  ],
}
const text = `# ${hostile}

${hostile} [x](javascript:alert(1)) <javascript:alert(1)> [${image}](https://a.example/ '${image}') \`${image}\`[^n]

| ${image} |
|---|
| ${image} |

[^n]: ${hostile}
`

let stage: PublicStage
beforeAll(async () => {
  stage = await openPublicStage()
  const { ledger, publish } = stage
  const controller = {
    ...world.tallmo.controller,
    ...{ controller: 'hostile', name: hostile, address: hostile, contact: hostile, dataProtectionOfficer: hostile },
    ...{ supervisoryAuthority: hostile, licences: [hostile], glossary: [{ term: said, meaning: said }] },
    identityProvider: ledger.local.issuer.provider(audienceOf('hostile')),
  }
  const made = await ledger.post('/v1/controllers', controller, bearer(await ledger.token('ledger.admin', 'ledger')))
  expect(made.status, made.text).toBe(201)
  const version = { title: said, summary: said, scope: [hostile], purposes: [purpose] }
  await publish('hostile', text, version, 'hostile')
  await publish(
    'hostile',
    `${text}\nMore: ${hostile}\n`,
    {
      ...version,
      ...{ version: '2', level: 'major', effectiveFrom: '2090-01-01T00:00:00.000Z' },
      purposes: [{ ...purpose, retention: 'P1M' }],
      changes: [{ purposeId: 'hostile', level: 'major', reason: hostile }],
    },
    'hostile',
  )
  // Longer than an instance remembers what policies there are.
  ledger.setClockAhead(62_000)
})
afterAll(() => stage?.close())

it.each(['/policies/hostile', base, `${base}/versions/2`, `${base}/diff?from=1&to=2`])('%s', async (path) => {
  const { page, complaints } = await stage.open(path)
  expect(complaints).toEqual([])
  expect(await page.locator('img, script, textarea, iframe').count()).toBe(0)
  expect(await page.title()).toContain('<img')
  const addresses = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  expect(addresses.filter((href) => !/^(\/|#|\?|https:)/.test(href))).toEqual([])
  expect(await page.getByText(image).count()).toBeGreaterThan(3)
  await page.context().close()
})

it('the feed and the JSON-LD', async () => {
  const feed = await (await fetch(`${stage.ledger.url}${base}/feed.atom`)).text()
  expect(feed).not.toContain('<img')
  const linked = await (await fetch(`${stage.ledger.url}${base}?format=jsonld`)).json()
  expect(linked.name).toEqual([{ '@value': hostile, '@language': 'en' }])
})
