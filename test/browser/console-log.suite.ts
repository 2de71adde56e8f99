/** The console's page Log in Chromium, on a real ledger: what it verifies, what it draws, and what it says of a log that was tampered with. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logKey } from '../../shared/ledger/log/checkpoint-store.ts'
import { checkpointText, parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { encodeBase64 } from '../../shared/tlog/encoding.ts'
import { formatNote, parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { type ConsoleStage, desktop, openConsoleStage, phone, violations } from '../support/console-stage.ts'
import { visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { openTab, overflowOf, unfoldAll } from './console-tab.ts'

let stage: ConsoleStage
let newest: { readonly size: number; readonly root: string }

/** Records events, each with a checkpoint of its own. */
async function grow(count: number): Promise<void> {
  const { ledger } = stage
  for (let i = 0; i < count; i++) {
    const event = visitorEvent(ledger, aDeviceSecret())
    const { status, text } = await ledger.post(`/v1/events?key=${siteKeyOf(ledger, 'ljungsten/web')}`, event)
    expect(status, text).toBe(201)
    await ledger.local.runner.settle()
  }
  const { size, root } = parseCheckpoint(parseNote((await ledger.get('/log/ljungsten/checkpoint')).text).text)
  newest = { size, root: encodeBase64(root) }
}

beforeAll(async () => {
  stage = await openConsoleStage()
  await grow(12)
})
afterAll(() => stage?.close())

const isVerified = (page: Page) => page.getByText('Signature verified').waitFor()

describe('the newest checkpoint', () => {
  it('is verified with the ledger’s keys, and the page says how far these carry', async () => {
    const { page, complaints } = await openTab(stage, 'log')
    await isVerified(page)
    const facts = await page.locator('.facts').first().innerText()
    expect(facts).toContain(newest.root)
    expect(facts).toContain('None has signed')
    await page.getByText(`The log had ${newest.size} leaves on`).waitFor()
    await page.getByText('The keys came from the ledger itself').waitFor()
    await page.getByText('It answers, and so do its tables.').waitFor()
    await page.getByText('everything that was recorded before').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the checkpoint' }).click(),
    ])
    const saved = await readFile((await download.path()) ?? '', 'utf8')
    expect(saved).toBe((await stage.ledger.get('/log/ljungsten/checkpoint')).text)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('is verified with keys that the reader brings, and refused by those of another log', async () => {
    const { page, complaints } = await openTab(stage, 'log')
    await isVerified(page)
    await page.getByText('Check with keys from another source').click()
    const field = page.getByLabel('Keys or policy')
    await field.fill(stage.ledger.local.logKeys('ljungsten').join('\n'))
    await page.getByRole('button', { name: 'Look at this log' }).click()
    await page.getByText('The keys are the ones that you gave.').waitFor()
    await field.fill((await stage.ledger.get('/log/tallmo/policy')).text)
    await page.getByRole('button', { name: 'Look at this log' }).click()
    await page.getByText('This log does not verify').waitFor()
    expect(await violations(page)).toEqual([])
    await field.fill('not a key')
    await page.getByRole('button', { name: 'Look at this log' }).click()
    await page.getByText('These are no keys').waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('is compared with the one of the last visit: the log only grew, or an old one was put back', async () => {
    const before = (await stage.ledger.get('/log/ljungsten/checkpoint')).text
    const { page } = await openTab(stage, 'log')
    await page.getByText('This browser has not seen this log before.').waitFor()
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('The log is the one that this browser saw').waitFor()
    await grow(1)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText(/Since your last visit the log gained \d+ lea/).waitFor()
    await page.route('**/log/ljungsten/checkpoint', (route) => route.fulfill({ body: before }))
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('The log is smaller than on your last visit').waitFor()
    await page.context().close()
  })

  it('of a controller that the ledger does not have is said to be missing', async () => {
    const { page } = await openTab(stage, 'log?controller=nobody')
    await page.getByText('The ledger has nothing under this name.').waitFor()
    await page.getByLabel('Id of the controller').fill('tallmo')
    await page.getByRole('button', { name: 'Look at this log' }).click()
    await isVerified(page)
    expect(page.url()).toContain('controller=tallmo')
    await page.context().close()
  })
})

describe('growth', () => {
  it('is drawn with the numbers of the table, which are those of the list', async () => {
    const { page, complaints } = await openTab(stage, 'log')
    await page.locator('.growth-chart canvas').waitFor()
    const listed = (await stage.ledger.get('/log/ljungsten/checkpoints')).json.checkpoints
    const sizes: string[] = listed.map(({ size }: { size: number }) => String(size))
    const cells = await page.locator('.growth tbody tr td:nth-child(2)').allInnerTexts()
    expect(cells).toEqual(sizes.toReversed())
    // The words beneath the slider state each point as the chart has it.
    const slider = page.getByLabel('Go through the points')
    await expect.poll(() => drawnPixels(page)).toBeGreaterThan(500)
    await slider.focus()
    const told: string[] = []
    for (let i = 0; i < sizes.length; i++) {
      told.push(/: ([\d,]+) lea/.exec(await page.locator('.growth-chart output').innerText())?.[1] ?? '')
      await page.keyboard.press('ArrowLeft')
    }
    expect(told).toEqual(sizes.toReversed())
    expect(await slider.getAttribute('aria-valuetext')).toContain(`${sizes[0]} lea`)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('is in the table alone when the chart cannot be loaded', async () => {
    const { page } = await openTab(stage, 'log', {
      prepare: (before) =>
        before.route('**/console/*.js', async (route) => {
          const response = await route.fetch()
          return (await response.text()).includes('complete date adapter') ? route.abort() : route.fulfill({ response })
        }),
    })
    await page.getByText('The chart could not be loaded.').waitFor()
    expect(await page.locator('.growth tbody tr').count()).toBeGreaterThan(10)
    await page.context().close()
  })
})

/** Pixels of the canvas that are not transparent. */
function drawnPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.growth-chart canvas')
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    return pixels.filter((value, i) => i % 4 === 3 && value > 0).length
  })
}

/** What a dishonest operator would sign: another tree, under the log's own key. */
async function signedByTheLog(size: number, root: Uint8Array): Promise<string> {
  const { host, checkpointSigner } = stage.ledger.local.logWriter
  const { name, keyId } = logKey(host, 'ljungsten', checkpointSigner.publicKey)
  const text = checkpointText({ origin: name, size, root, extensions: [] })
  return formatNote({ text, signatures: [{ name, keyId, signature: await checkpointSigner.sign(Buffer.from(text)) }] })
}

describe('two checkpoints', () => {
  const compare = (page: Page) => page.getByRole('button', { name: 'Compare' }).click()

  it('are consistent, by a proof that the page computed from tiles alone', async () => {
    const { page, complaints } = await openTab(stage, 'log')
    await isVerified(page)
    await page.getByLabel('Earlier checkpoint').selectOption({ index: 2 })
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await compare(page)
    await page.getByText('The log only grew').waitFor()
    expect(await page.locator('.check-steps > li').allInnerTexts()).toEqual([
      expect.stringMatching(/^Holds\. 1 tile read: tile\/0\/000\.p\/\d+\.$/),
      expect.stringContaining(`the checkpoint of ${newest.size} leaves signed`),
      expect.stringContaining('RFC 9162'),
      expect.stringContaining('It leads to the root'),
    ])
    expect(asked.filter((path) => !path.includes('/tile/0/000'))).toEqual([])
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('with a tile that was changed on the way: the tile is named, and nothing is said of the log', async () => {
    const { page } = await openTab(stage, 'log')
    await isVerified(page)
    await page.route('**/tile/0/**', async (route) => {
      const response = await route.fetch()
      const body = await response.body()
      body[40] = (body[40] ?? 0) ^ 1
      return route.fulfill({ response, body })
    })
    await compare(page)
    await page.getByText('A tile of the log is wrong').waitFor()
    await page.getByText(`tile/0/000.p/${newest.size} is not the tile that the signed root commits to`).waitFor()
    expect(await page.getByText('The log only grew').count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })

  it('are a fork when both are signed and do not agree: said loudly, and both notes can be saved', async () => {
    const forked = await signedByTheLog(9, new Uint8Array(32).fill(7))
    const { page } = await openTab(stage, 'log')
    await isVerified(page)
    await page.getByLabel('Earlier checkpoint').selectOption('saved')
    await page.getByLabel('Saved checkpoint').fill(forked)
    await compare(page)
    await page.getByRole('alert').getByText('The log was forked').waitFor()
    const names: string[] = []
    page.on('download', (download) => names.push(download.suggestedFilename()))
    await page.getByRole('button', { name: 'Save both notes' }).click()
    await expect.poll(() => names).toEqual(['checkpoint-9.txt', `checkpoint-${newest.size}.txt`])
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})

describe('a leaf', () => {
  const lookUp = async (page: Page, index: number) => {
    await page.getByLabel('Index').fill(String(index))
    await page.getByLabel('Index').press('Enter')
    await page.getByText(`Leaf ${index} is in the signed tree of`).waitFor()
  }

  it('is found by anyone, who is told why its content is closed, unlike that controller’s auditor', async () => {
    const { page } = await openTab(stage, 'log?controller=tallmo')
    await isVerified(page)
    await lookUp(page, 3)
    await page.getByText('The controller keeps this for auditors').waitFor()
    expect(await violations(page)).toEqual([])
    await page.context().close()
    const { page: auditors } = await openTab(stage, 'log', { scope: 'consent.audit', controller: 'tallmo' })
    await isVerified(auditors)
    await lookUp(auditors, 3)
    await auditors.getByText('As it was logged').waitFor()
    await auditors.context().close()
  })

  it('opens for an auditor, and its proof verifies elsewhere', async () => {
    const { page } = await openTab(stage, 'log', { scope: 'consent.audit' })
    await isVerified(page)
    // The last event; the grant for the session is a leaf of its own.
    await lookUp(page, newest.size - 1)
    await page.getByText('A person’s event').waitFor()
    await page.getByText(/salted digests/).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the proof of this leaf' }).click(),
    ])
    const file = await readFile((await download.path()) ?? '', 'utf8')
    const policy = parsePolicy((await stage.ledger.get('/log/ljungsten/policy')).text)
    expect((await verifyFile(file, policy)).verdict).toBe('valid')
    await unfoldAll(page)
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })
})

describe.each([
  ['phone, light', { ...phone, colorScheme: 'light' }],
  ['phone, dark, Swedish', { ...phone, colorScheme: 'dark', locale: 'sv-SE' }],
  ['desktop, dark', { ...desktop, colorScheme: 'dark' }],
  ['desktop, forced colours', { ...desktop, forcedColors: 'active' }],
  [
    '320 px wide, reduced motion, Swedish',
    { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce', locale: 'sv-SE' },
  ],
] as const)('%s', (_, options) => {
  it('has no barrier that axe finds, and needs no scrolling sideways', async () => {
    const { page, complaints } = await openTab(stage, 'log', options)
    await page.locator('.growth-chart canvas').waitFor()
    await page.getByRole('button', { name: /^(Compare|Jämför)$/ }).click()
    await page.locator('.check-steps').first().waitFor()
    await unfoldAll(page)
    expect(await violations(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
