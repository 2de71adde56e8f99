/** How banner and preference centre are laid out, from a window magnified fourfold to a desktop, and in forced colours. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenWords } from '../support/broken-words.ts'
import { type ConsoleStage, desktop, openConsoleStage, phone, unfold, violations } from '../support/console-stage.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const banner = (page: Page) => page.getByRole('dialog', { name: /Your privacy choices|Dina integritetsval/ })
const narrow = { viewport: { width: 320, height: 640 } }

async function boxOf(element: Locator) {
  const box = await element.boundingBox()
  if (box === null) throw new Error('the element is not shown')
  return { ...box, bottom: box.y + box.height, right: box.x + box.width }
}

function styleOf(element: Locator, ...names: readonly string[]): Promise<string[]> {
  return element.evaluate((found, asked) => asked.map((name) => getComputedStyle(found).getPropertyValue(name)), names)
}

describe('tables', () => {
  it.each([
    ['sv', desktop],
    ['en', desktop],
    ['sv', { viewport: { width: 800, height: 900 } }],
    ['sv', phone],
    ['en', phone],
  ] as const)('break no word that its cell has room for, in %s on %o', async (language, options) => {
    const page = await stage.visitHosted('', { language, options })
    for (const tab of (await page.getByRole('tab').all()).slice(0, 3)) {
      await tab.click()
      await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
      await unfold(page)
      expect(await brokenWords(page)).toEqual([])
    }
    await page.context().close()
  })

  it('in the banner’s second layer break no word either', async () => {
    const page = await stage.visit({ language: 'sv' })
    await page.getByRole('button', { name: /^Ändamål/ }).click()
    await unfold(page)
    expect(await brokenWords(page)).toEqual([])
    await page.context().close()
  })
})

describe('the banner', () => {
  it.each(['sv', 'en'] as const)('stands at one line with its answers on a desktop, in %s', async (language) => {
    const page = await stage.visit({ language })
    const [words, answers] = [await boxOf(banner(page).locator('h2')), await boxOf(banner(page).locator('.answers'))]
    expect(Math.abs(words.y - answers.y)).toBeLessThanOrEqual(4)
    const last = await boxOf(banner(page).getByRole('button').first())
    const whole = await boxOf(banner(page))
    const lowest = Math.max(last.bottom, answers.bottom)
    expect(whole.bottom - lowest).toBeLessThanOrEqual(32)
    await page.context().close()
  })

  it.each(['sv', 'en'] as const)(
    'shows its answers in a window magnified fourfold, and its words scroll, in %s',
    async (language) => {
      const page = await stage.visit({ language, options: { viewport: { width: 320, height: 256 } } })
      await banner(page).waitFor()
      for (const button of await banner(page).locator('.answers button').all()) {
        const { y, bottom, x, right, height } = await boxOf(button)
        expect([y >= 0, bottom <= 256, x >= 0, right <= 320, height >= 44]).toEqual(Array(5).fill(true))
      }
      const box = banner(page).getByRole('checkbox').last()
      await box.focus()
      const { y, bottom } = await boxOf(box)
      const words = await boxOf(banner(page).locator('.words'))
      expect([y >= words.y, bottom <= words.bottom]).toEqual([true, true])
      expect(await violations(page)).toEqual([])
      await page.context().close()
    },
  )

  it('has a second layer whose details are closed, so that a phone shows two purposes at once', async () => {
    const page = await stage.visit({ options: phone })
    await page.getByRole('button', { name: 'Purposes, recipients and cookies' }).click()
    const layer = page.getByRole('dialog', { name: 'Choose for each purpose' })
    expect(await layer.locator('details[open]').count()).toBe(0)
    const second = await boxOf(layer.getByRole('heading', { level: 3 }).nth(1))
    expect(second.bottom).toBeLessThan(phone.viewport.height)
    await page.context().close()
  })
})

describe('tabs', () => {
  it.each([phone, narrow])('are one row on %o, and the chosen one is in view', async (options) => {
    const page = await stage.visitHosted('', { language: 'sv', options })
    const tabs = page.getByRole('tab')
    const row = await boxOf(page.getByRole('tablist'))
    await tabs.first().focus()
    for (const key of ['', 'ArrowRight', 'End', 'Home']) {
      if (key) await page.keyboard.press(key)
      const tops = await tabs.evaluateAll((all) => all.map((tab) => Math.round(tab.getBoundingClientRect().top)))
      expect(new Set(tops).size).toBe(1)
      const chosen = await boxOf(page.getByRole('tab', { selected: true }))
      expect([chosen.x >= row.x - 1, chosen.right <= row.right + 1]).toEqual([true, true])
      // Its underline is the row's.
      expect(Math.abs(chosen.bottom - row.bottom)).toBeLessThanOrEqual(1)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.viewport.width)
    await page.context().close()
  })
})

describe('in forced colours', () => {
  it.each(['light', 'dark'] as const)(
    'what is chosen is filled or underlined, and only focus is an outline (%s)',
    async (colorScheme) => {
      const page = await stage.visitHosted('', { options: { ...desktop, forcedColors: 'active', colorScheme } })
      await page.getByRole('button', { name: 'No – Statistics' }).click()
      await page.getByText('You said no.').waitFor()
      const canvas = await page.evaluate(() => {
        const probe = document.body.appendChild(document.createElement('div'))
        probe.style.color = 'Canvas'
        return [getComputedStyle(probe).color]
      })
      const chosen = page.getByRole('tab', { selected: true })
      const other = page.getByRole('tab', { selected: false }).first()
      expect(await styleOf(other, 'border-bottom-color')).toEqual(canvas)
      expect(await styleOf(chosen, 'border-bottom-color')).not.toEqual(canvas)
      expect(await styleOf(chosen, 'outline-style')).toEqual(['none'])

      const no = page.getByRole('button', { name: 'No – Statistics' })
      const yes = page.getByRole('button', { name: 'Yes – Statistics' })
      await yes.focus()
      await page.keyboard.press('Shift')
      expect(await styleOf(no, 'outline-style')).toEqual(['none'])
      expect(await styleOf(yes, 'outline-style')).toEqual(['solid'])
      expect(await styleOf(no, 'background-color')).not.toEqual(await styleOf(yes, 'background-color'))
      expect(await violations(page)).toEqual([])
      await page.context().close()
    },
  )
})
