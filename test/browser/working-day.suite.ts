/**
 * An auditor's working day and a reader's visit, each as one script in Chromium, from the front page of a real server with the demo's data. After
 * each step the page is looked at: by axe, for its width, and as a picture where `SCREENSHOTS` names a folder.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { parsePolicy, verifyBytes } from '../../shared/verify/verify.ts'
import { type ConsoleStage, desktop, openConsoleStage, phone } from '../support/console-stage.ts'
import { dayMs, moved } from '../support/demo-calls.ts'
import { kim, recordHistory } from './console-history.ts'
import { type ConsoleReader, expectAccessible, openPath } from './console-reader.ts'
import { keepPicture } from './pictures.ts'

let stage: ConsoleStage
let folder: string
let keys: string
beforeAll(async () => {
  stage = await openConsoleStage()
  folder = await mkdtemp(join(tmpdir(), 'working-day-'))
  await recordHistory(stage.ledger)
  await stage.ledger.local.runner.settle()
  keys = (await stage.ledger.get('/log/ljungsten/policy')).text
})
afterAll(async () => {
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})

const words = {
  en: {
    ...{ openConsole: 'Open the console', signIn: 'Sign in', auditor: 'Auditor', pages: 'Pages' },
    ...{ identifier: 'Identifier', about: 'About', ask: 'Ask', knownAt: 'As it was known at an earlier time' },
    answers: [
      /^This person consented anew to “Statistics” on .+, and that consent stood on .+\.$/,
      /^This person withdrew the consent/,
      /^No decision of this person on “Statistics” is recorded/,
    ],
    judged: 'Judged by what the ledger had recorded by',
    ...{ history: 'See the whole history', show: 'Show the history', toProof: 'Get a proof' },
    ...{ getProof: 'Get the proof', download: 'Download proof.json', verifyHere: 'Verify it here' },
    ...{ keys: 'Public keys of the log', verify: 'Verify', passed: 'Every check passed' },
    notShownFirst: ['What this file does not show', 'Completeness is not proven', 'Every check passed', 'Each step'],
    ...{ sample: 'Sample audit', makeSeed: 'Make a seed', count: 'Number of leaves', draw: 'Draw the sample' },
    ...{ fine: 'Fine', deviation: 'Deviation', note: 'Note', done: '5 of 5 looked at: 4 fine, 1 deviation, 0 open.' },
    ...{ saveFindings: 'Save the findings', saveTable: 'Save as a table (CSV)', saveSample: 'Save the sample' },
  },
  sv: {
    ...{ openConsole: 'Öppna konsolen', signIn: 'Logga in', auditor: 'Granskare', pages: 'Sidor' },
    ...{ identifier: 'Identitet', about: 'Om', ask: 'Fråga', knownAt: 'Så vitt man visste vid en tidigare tidpunkt' },
    answers: [
      /^Personen samtyckte på nytt till ”Statistik” den .+, och samtycket gällde den .+\.$/,
      /^Personen återtog samtycket/,
      /^Inget beslut av personen om ”Statistik” är antecknat/,
    ],
    judged: 'Bedömt efter det som registret hade antecknat',
    ...{ history: 'Se hela historiken', show: 'Visa historiken', toProof: 'Hämta ett bevis' },
    ...{ getProof: 'Hämta beviset', download: 'Ladda ned proof.json', verifyHere: 'Kontrollera det här' },
    ...{ keys: 'Loggens publika nycklar', verify: 'Kontrollera', passed: 'Varje steg gick bra' },
    notShownFirst: ['Vad filen inte visar', 'Varje steg gick bra'],
    ...{ sample: 'Stickprov', makeSeed: 'Ta fram ett frö', count: 'Antal löv', draw: 'Dra stickprovet' },
    ...{ fine: 'Utan anmärkning', deviation: 'Avvikelse', note: 'Anteckning', done: '5 av 5' },
    ...{ saveFindings: 'Spara iakttagelserna', saveTable: 'Spara som tabell (CSV)', saveSample: 'Spara stickprovet' },
  },
} as const

const windows: readonly (readonly [string, 'en' | 'sv', BrowserContextOptions])[] = [
  ['desktop', 'en', desktop],
  ['phone', 'sv', { ...phone, colorScheme: 'dark' }],
]

describe.each(windows)('an auditor’s working day: %s', (screen, language, options) => {
  it('from the front page to exported findings', async () => {
    const say = words[language]
    const reader = await openPath(stage, '/', { language, options })
    const { page } = reader
    const look = lookAt(reader, screen)
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const link = (name: string) => page.getByRole('link', { name, exact: true })

    await look('1 front page')
    await link(say.openConsole).click()
    await button(say.signIn).waitFor()
    await look('2 sign in')
    await button(say.signIn).click()
    await look('3 who')
    await page.getByRole('button', { name: say.auditor }).click()

    await page.getByLabel(say.identifier, { exact: true }).fill(kim.id)
    await page.getByLabel(say.about, { exact: true }).selectOption('purpose/statistics')
    await look('4 ask')
    const exact = page.locator('input[type=datetime-local]')
    for (const [index, daysAgo] of [0, 610, 720].entries()) {
      if (daysAgo > 0) await setTime(exact.first(), daysAgo)
      await button(say.ask).click()
      await page.locator('.sentence', { hasText: say.answers[index] ?? '' }).waitFor()
      await look(`5 answer ${index + 1}`)
    }
    await page
      .getByRole('button', { name: /^Version 2,/ })
      .first()
      .click()
    // All was recorded today, so yesterday nothing of it was known.
    await page.getByText(say.knownAt).click()
    await setTime(exact.last(), 1)
    await button(say.ask).click()
    await page.getByText(say.judged).waitFor()
    await page.locator('.sentence', { hasText: say.answers[2] }).waitFor()
    await look('6 as known at')
    for (const field of await exact.all()) {
      await field.fill('')
      await field.blur()
    }

    await link(say.history).click()
    await button(say.show).click()
    await page.locator('.lane').first().waitFor()
    await page.locator('.mark').first().focus()
    await look('7 timeline')

    await link(say.toProof).click()
    await button(say.getProof).click()
    await link(say.verifyHere).waitFor()
    await look('8 proof')
    const proof = await saved(page, () => link(say.download).click())
    expect(await verifyBytes(Buffer.from(proof.text), parsePolicy(keys))).toMatchObject({
      answer: { status: { status: 'RenewedGiven' } },
    })

    await link(say.verifyHere).click()
    await page.getByLabel(say.keys, { exact: true }).fill(keys)
    await look('9 verify')
    const requests = await offline(page)
    await button(say.verify).click()
    await page.locator('.found', { hasText: say.passed }).waitFor()
    expect(requests()).toEqual([])
    expect(page.url()).not.toContain('kim')
    await look('10 verified')
    const found = (await page.locator('.found').textContent()) ?? ''
    expect(found).toContain(createHash('sha256').update(proof.text).digest('hex'))
    const places = say.notShownFirst.map((each) => found.indexOf(each))
    expect(places).toEqual(places.filter((place) => place >= 0).toSorted((a, b) => a - b))
    await online(page)

    if (screen === 'phone') await page.getByRole('button', { name: say.pages }).click()
    await link(say.sample).click()
    await button(say.makeSeed).click()
    await page.getByLabel(say.count).fill('5')
    await look('11 sample')
    const seed = await page.locator('input.code').inputValue()
    await button(say.draw).click()
    await page.locator('.sampled').first().waitFor()
    await look('12 drawn')
    const cards = await page.locator('.sampled').all()
    expect(cards.length).toBe(5)
    for (const [index, card] of cards.entries())
      await card.getByRole('radio', { name: index === 2 ? say.deviation : say.fine }).check()
    await page.getByLabel(say.note).nth(2).fill('=HYPERLINK("https://a.example/")')
    await page.getByText(say.done).waitFor()
    await look('13 worked through')

    const findings = await saved(page, () => button(say.saveFindings).click())
    expect(JSON.parse(findings.text)).toMatchObject({ format: 'consent-sample-findings@1', sample: { seed, count: 5 } })
    const table = await saved(page, () => button(say.saveTable).click())
    // A program that opens the table runs no formula of a note.
    expect(table.text.trim().split('\r\n')[3]).toContain(`,"'=HYPERLINK(""https`)
    const sample = await saved(page, () => button(say.saveSample).click())
    const policy = join(folder, 'keys.txt')
    await writeFile(policy, keys)
    const printed = await command('sample', sample.path, '--policy', policy, '--seed', seed, '--count', '5')
    expect(printed).toContain('VALID. 5 of the ')
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})

describe.each([
  ['desktop', desktop],
  ['phone', { ...phone, colorScheme: 'dark' }],
] as const)('a reader’s visit: %s', (screen, options) => {
  it('from the front page to what changed, without script', async () => {
    const reader = await openPath(stage, '/', { options: { ...options, javaScriptEnabled: false } })
    const { page } = reader
    const picture = (name: string) => keepPicture(page, `reader ${screen} ${name}`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
    await page.getByRole('link', { name: 'Ljungsten Inkasso AB' }).click()
    await picture('1 policies')
    await page.getByRole('link', { name: 'Cookie policy' }).click()
    await picture('2 policy')
    const address = page.url()
    await page.getByRole('link', { name: 'Versions', exact: true }).click()
    await page.getByRole('link', { name: 'Version 1', exact: true }).click()
    await page.getByText('This version is no longer in force.').waitFor()
    await picture('3 earlier version')
    await page.getByRole('link', { name: 'Version 2: compare with version 1' }).click()
    await page.getByRole('heading', { level: 1, name: 'Version 1 and version 2' }).waitFor()
    await picture('4 difference')
    await page.getByRole('link', { name: 'På svenska' }).click()
    await page.getByRole('heading', { level: 1, name: 'Version 1 och version 2' }).waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
    expect(await versionsInFeed(address)).toBe(3)
  })
})

/** Number of versions in the Atom feed that a program finds by the page, whose JSON-LD says that version 2 is in force. */
async function versionsInFeed(address: string): Promise<number> {
  const { page, close } = await openPath(stage, address.slice(stage.ledger.url.length), {})
  const read = async (type: string) => {
    const path = await page.locator(`link[rel=alternate][type="${type}"]`).getAttribute('href')
    return (await fetch(new URL(path ?? '', address))).text()
  }
  expect(JSON.parse(await read('application/ld+json')).version).toBe('2')
  const feed = await read('application/atom+xml')
  // The page itself permits no script; the browser has a parser of XML.
  const blank = await page.context().newPage()
  const [root, versions] = await blank.evaluate((xml) => {
    const parsed = new DOMParser().parseFromString(xml, 'application/xml')
    return [parsed.documentElement.nodeName, parsed.querySelectorAll('entry > link[rel="alternate"]').length] as const
  }, feed)
  await close()
  expect(root).toBe('feed')
  return versions
}

/** Looks at the page after a step. */
function lookAt({ page }: ConsoleReader, screen: string): (step: string) => Promise<void> {
  return async (step) => {
    await page.locator('.busy:not(:empty)').waitFor({ state: 'detached' })
    await keepPicture(page, `${screen} ${step}`, ['light', 'dark'])
    await expectAccessible(page)
  }
}

async function setTime(field: ReturnType<Page['locator']>, daysAgo: number): Promise<void> {
  await field.fill(moved(stage.ledger.now(), -daysAgo * dayMs).slice(0, 19))
  await field.blur()
}

/** Saves what a press brings, under the name that the page gave it. */
async function saved(
  page: Page,
  press: () => Promise<void>,
): Promise<{ readonly path: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return { path, text: await readFile(path, 'utf8') }
}

/** Cuts the network. Returns which requests were tried all the same. */
async function offline(page: Page): Promise<() => readonly string[]> {
  await page.context().setOffline(true)
  await page.route('**/*', (route) => route.abort())
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  return () => requests
}

async function online(page: Page): Promise<void> {
  await page.unroute('**/*')
  await page.context().setOffline(false)
}

async function command(...argv: string[]): Promise<string> {
  let printed = ''
  const out = (text: string) => {
    printed += text
  }
  await runConsentLedger(argv, { env: {}, isTty: false, out, err: out, stdin: async () => new Uint8Array() })
  return printed
}
