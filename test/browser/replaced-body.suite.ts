/** A page whose body is replaced under the banner, as Turbo and pjax do it: the banner moves on, and leaves nothing behind. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleStage, desktop, openConsoleStage, phone } from '../support/console-stage.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsoleStage()
})
afterAll(() => stage?.close())

const banner = (page: Page) => page.getByRole('dialog', { name: 'Your privacy choices' })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** Two frames: the second has what was observed in the first. */
const settle = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

/** What the banner adds to the page, in pixels. */
const room = (page: Page) =>
  page.evaluate(() => {
    const { scrollPaddingBottom } = getComputedStyle(document.documentElement)
    const last = document.body.lastElementChild?.getAttribute('aria-hidden')
      ? document.body.lastElementChild
      : undefined
    return {
      scrollPadding: Math.round(Number.parseFloat(scrollPaddingBottom) || 0),
      atEnd: Math.round(last?.getBoundingClientRect().height ?? 0),
      hosts: document.querySelectorAll('consent-banner').length,
    }
  })
const nothing = { scrollPadding: 0, atEnd: 0, hosts: 0 }

const replacements = {
  'another body': () => {
    const body = document.createElement('body')
    body.innerHTML = '<main><h1>Another page</h1><button data-consent-preferences>Privacy choices</button></main>'
    document.body.replaceWith(body)
  },
  'a copy of the body that was kept': () => document.body.replaceWith(document.body.cloneNode(true)),
  'other content': () => {
    document.body.innerHTML =
      '<main><h1>Another page</h1><button data-consent-preferences>Privacy choices</button></main>'
  },
  'the same content without what is not the page’s': () => {
    for (const child of [...document.body.children]) if (child.localName !== 'main') child.remove()
  },
  'another document element': () => document.documentElement.replaceWith(document.documentElement.cloneNode(true)),
} as const

describe.each([
  ['a phone', phone],
  ['a desktop', desktop],
] as const)('on %s', (_, options) => {
  it.each(Object.entries(replacements))(
    '%s: the banner is there, as it was, and all of it is undone',
    async (_what, replace) => {
      const page = await stage.visit({ options })
      await page.getByRole('checkbox', { name: 'Statistics' }).check()
      await settle(page)
      const before = await room(page)
      expect(before).toEqual({ scrollPadding: before.atEnd, atEnd: expect.any(Number), hosts: 1 })
      for (let times = 0; times < 2; times++) {
        await page.evaluate(replace)
        await settle(page)
        expect(await room(page)).toEqual(before)
      }
      expect(await banner(page).isVisible()).toBe(true)
      expect(await page.getByRole('checkbox', { name: 'Statistics' }).isChecked()).toBe(true)
      await button(page, 'Refuse all').click()
      await settle(page)
      expect(await room(page)).toMatchObject({ scrollPadding: 0, atEnd: 0 })
      await page.evaluate(replace)
      await settle(page)
      expect(await banner(page).count()).toBe(0)
      expect(await room(page)).toMatchObject({ scrollPadding: 0, atEnd: 0 })
      await page.context().close()
    },
  )
})

it('an open second layer is still modal, with what was chosen in it', async () => {
  const page = await stage.visit()
  await button(page, 'Purposes, recipients and cookies').click()
  await page.getByRole('switch', { name: 'Allow Statistics' }).check()
  await page.evaluate(replacements['another body'])
  await settle(page)
  expect(
    await page.evaluate(() => document.querySelector('consent-banner')?.shadowRoot?.querySelector(':modal') !== null),
  ).toBe(true)
  expect(await page.getByRole('switch', { name: 'Allow Statistics' }).isChecked()).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Choose for each purpose' }).waitFor({ state: 'detached' })
  await page.context().close()
})

it('a page that removes the banner repeatedly stays without it, and no scroll padding stays', async () => {
  const page = await stage.visit()
  await banner(page).waitFor()
  await page.evaluate(() => {
    const taking = () => document.querySelector('consent-banner')?.remove()
    new MutationObserver(taking).observe(document.body, { childList: true })
    taking()
  })
  await settle(page)
  expect(await room(page)).toEqual(nothing)
  await page.context().close()
})

it('the preference centre opens again after its dialog went with a body', async () => {
  const page = await stage.visit()
  await button(page, 'Refuse all').click()
  const centre = page.getByRole('dialog', { name: 'Your privacy choices' })
  for (let times = 0; times < 2; times++) {
    await button(page, 'Privacy choices').click()
    await centre.waitFor()
    await page.evaluate(replacements['another body'])
    expect(await centre.count()).toBe(0)
  }
  await page.context().close()
})
