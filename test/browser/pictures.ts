/** Pictures of pages for eyes, in the folder that the environment variable `SCREENSHOTS` names; without it nothing is done. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Keeps what the whole page looks like, in both colour schemes where the caller wants both. */
export async function keepPicture(
  page: Page,
  name: string,
  schemes: readonly ('light' | 'dark')[] = [],
): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  const keep = (file: string) =>
    page.screenshot({ path: join(folder, `${file.replaceAll(/\W+/g, '-')}.png`), fullPage: true })
  if (schemes.length === 0) return void (await keep(name))
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await keep(`${name} ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: null })
}
