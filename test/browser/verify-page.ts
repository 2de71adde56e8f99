/** The console's page Verify, as a person uses it, and what it then shows. */
import type { Page } from 'playwright-core'

export interface ShownVerdict {
  /** The titles above the steps: what is not shown, and the verdict. */
  readonly titles: readonly string[]
  /** Outcome and sentence of each step. */
  readonly steps: readonly (readonly [outcome: string, says: string])[]
  /** Everything of the result. */
  readonly text: string
}

export async function openVerifyPage(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/console/#/verify`)
  await page.getByRole('button', { name: 'Verify', exact: true }).waitFor()
}

export async function giveKeys(page: Page, keys: string): Promise<void> {
  await page.getByRole('textbox').fill(keys)
}

export async function verifyInPage(page: Page, bytes: Buffer, name = 'proof.json'): Promise<ShownVerdict> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
  // What was found in another file goes with that file.
  await page.locator('.found').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.locator('.found').waitFor()
  return page.locator('.found').evaluate((found) => {
    const outside = (element: Element) => element.closest('.report') === null
    return {
      titles: [...found.querySelectorAll(':scope > .notice > .notice-title')].map((each) => each.textContent ?? ''),
      steps: [...found.querySelectorAll('.steps > li')]
        .filter(outside)
        .map((step) => [step.className, step.querySelector('.step-says')?.textContent ?? ''] as const),
      text: found.textContent ?? '',
    }
  })
}

export interface DroppedFile {
  readonly name: string
  readonly bytes: Buffer
  /** Larger than `bytes`: the rest is filled with spaces. */
  readonly size?: number
}

/** Drops files on the page as a person drags them there from elsewhere. */
export async function dropFiles(page: Page, files: readonly DroppedFile[]): Promise<void> {
  const given = files.map(({ name, bytes, size = bytes.length }) => {
    return { name, text: bytes.toString('latin1'), padding: size - bytes.length }
  })
  const dataTransfer = await page.evaluateHandle((dropped) => {
    const transfer = new DataTransfer()
    for (const { name, text, padding } of dropped) {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([bytes, new Uint8Array(padding).fill(0x20)], name))
    }
    return transfer
  }, given)
  await page.dispatchEvent('main', 'dragover', { dataTransfer })
  await page.dispatchEvent('main', 'drop', { dataTransfer })
}
