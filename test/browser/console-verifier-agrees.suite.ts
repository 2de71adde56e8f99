/**
 * The page Verify and the command agree: the same files, valid and tampered, get the same verdict with the same steps from both. Each file goes
 * through the page as a person would give it, in one browser session, with the network cut.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { visible } from '../../functions/console/verify/visible-text.ts'
import { runConsentLedger } from '../../infra/command/commands.ts'
import type { Verification } from '../../shared/verify/verify.ts'
import { isEnglish } from '../shared/verify/english-words.ts'
import { type ConsoleStage, openConsoleStage } from '../support/console-stage.ts'
import { openContext } from '../support/pages.ts'
import { type VerifierFile, verifierFiles } from './verifier-files.ts'
import { giveKeys, openVerifyPage, verifyInPage } from './verify-page.ts'

const files = await verifierFiles()
/** Each has the time of a test for itself. */
const groups = [...Array(Math.ceil(files.length / 60)).keys()].map((n) => files.slice(n * 60, (n + 1) * 60))

let stage: ConsoleStage
let page: Page
let folder: string
let requests = 0
let keys = ''
/** By the names of the files, since a test may be tried twice. */
const verdicts = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-verifier-'))
  stage = await openConsoleStage()
  const context = await openContext(stage.browser, { locale: 'en-GB' })
  page = await context.newPage()
  await openVerifyPage(page, stage.ledger.url)
  await context.setOffline(true)
  page.on('request', () => {
    requests += 1
  })
})

afterAll(async () => {
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})

async function byCommand({ bytes, keys, now, command }: VerifierFile): Promise<string> {
  const [file, policy] = [join(folder, 'file'), join(folder, 'policy')]
  await writeFile(file, bytes)
  await writeFile(policy, keys)
  const plain = keys.split('\n').filter((line) => line !== '')
  const trusted = keys.startsWith('log ') ? ['--policy', policy] : plain.flatMap((key) => ['--key', key])
  let out = ''
  const terminal = {
    ...{ env: {}, isTty: false, stdin: async () => new Uint8Array() },
    ...{ out: (text: string) => (out += text), err: () => {} },
  }
  await runConsentLedger(
    [command, file, ...trusted, ...(command === 'verify' ? ['--at', now, '--json'] : [])],
    terminal,
  )
  return out
}

const titles = {
  valid: 'Valid',
  pending: 'Valid, as far as the log has it',
  invalid: 'Not valid',
  undetermined: 'No verdict',
} as const

it.each(groups.map((group) => ({ group, first: group[0]?.name })))('from $first on', async ({ group }) => {
  for (const file of group) {
    await page.clock.setFixedTime(file.now)
    if (file.keys !== keys) await giveKeys(page, file.keys)
    keys = file.keys
    const there = await verifyInPage(page, file.bytes)
    const here = await byCommand(file)
    if (file.command === 'sample') {
      const isValid = here.startsWith('VALID.')
      verdicts.set(file.name, `sample ${isValid}`)
      expect([file.name, there.titles.at(-1)]).toEqual([file.name, isValid ? 'Valid' : 'Not valid'])
      if (!isValid) expect(there.text).toContain(here.replace('INVALID. ', '').trim())
      continue
    }
    const { verdict, steps, answer }: Verification = JSON.parse(here)
    verdicts.set(file.name, verdict)
    expect([file.name, there.titles.at(-1)]).toEqual([file.name, titles[verdict]])
    expect([file.name, ...there.steps]).toEqual([
      file.name,
      ...steps.map(({ outcome, says }) => [outcome, visible(says)]),
    ])
    if (answer) expect(there.text).toContain(visible(answer.status.sentence))
  }
})

it('says what failed in Swedish, in the verdict and in its step, without a word of English', async () => {
  const tampered = files.filter(({ name }) => verdicts.get(name) === 'invalid').slice(0, 3)
  for (const file of tampered) {
    await giveKeys(page, file.keys)
    await verifyInPage(page, file.bytes)
    await page.getByRole('button', { name: 'Svenska' }).click()
    const found = page.locator('.found')
    await found.getByText('Ogiltig').first().waitFor()
    const sentences = await found.locator('.step-says, .notice p').allTextContents()
    expect(sentences.length).toBeGreaterThan(2)
    expect(sentences.filter(isEnglish)).toEqual([])
    expect(await found.locator('[lang="en"]').count()).toBe(0)
    await page.getByRole('button', { name: 'English' }).click()
  }
})

it('over every file, with each verdict among them, and without a request', () => {
  const counted = Object.entries(Object.groupBy(verdicts.values(), (verdict) => verdict)).map(
    ([name, all]) => `${all?.length} ${name}`,
  )
  console.info(`the page and the command agree on ${verdicts.size} files: ${counted.sort().join(', ')}`)
  expect(verdicts.size).toBe(files.length)
  for (const verdict of ['valid', 'pending', 'invalid', 'undetermined', 'sample true', 'sample false'])
    expect([...verdicts.values()]).toContain(verdict)
  expect(requests).toBe(0)
})
