/** The verifier in a browser without a network: the same files get the same verdict, step by step, as in Node. */
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parsePolicy, type Verification, verifyFile } from '../../shared/verify/verify.ts'
import { audit, visitorEvent } from '../support/demo-calls.ts'
import { launchChromium, openContext } from '../support/pages.ts'
import { aDeviceSecret, type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let browser: Browser
let page: Page
let policy: string
let proof: string
let receipt: string

beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  const deviceSecret = aDeviceSecret()
  const recorded = await ledger.post(
    `/v1/events?key=${ledger.key('ljungsten/web')}`,
    visitorEvent(ledger, deviceSecret),
  )
  receipt = recorded.text
  const identity = recorded.json.disclosures
    .map((disclosure: string) => JSON.parse(Buffer.from(disclosure, 'base64url').toString()))
    .find(([, name]: string[]) => name === 'field:identity')[2]
  proof = (await audit(ledger, 'proofs', { subject: identity, purposeId: 'statistics' })).text
  policy = (await ledger.get('/log/ljungsten/policy')).text

  const bundle = await build({
    stdin: {
      contents: `export { parsePolicy, verifyFile } from './shared/verify/verify.ts'`,
      resolveDir: join(import.meta.dirname, '../..'),
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'verifier',
    platform: 'browser',
  })
  browser = await launchChromium()
  const context = await openContext(browser)
  page = await context.newPage()
  // WebCrypto is there for secure contexts only; after this page nothing is loaded any more.
  await page.goto(`${ledger.url}/openapi.json`)
  await context.setOffline(true)
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' })
})

afterAll(async () => {
  await browser?.close()
  await ledger?.close()
})

function inChromium(file: string): Promise<Verification> {
  return page.evaluate(
    async ([text, keys]) => {
      // biome-ignore lint/suspicious/noExplicitAny: what the bundle put there
      const { parsePolicy, verifyFile } = (globalThis as any).verifier
      return verifyFile(text, parsePolicy(keys))
    },
    [file, policy] as const,
  )
}

it.each([
  ['a proof', () => proof, 'valid'],
  ['a receipt', () => receipt, 'valid'],
  ['a proof with another answer', () => proof.replace('"Given"', '"Refused"'), 'invalid'],
  ['a proof with another hash', () => proof.replace(/\\n([A-Za-z0-9+/])([A-Za-z0-9+/]{42}=\\n)/, '\\nA$2'), 'invalid'],
  ['no proof', () => '{"format":"consent-proof@1"}', 'invalid'],
])('%s', async (_what, file, verdict) => {
  const there = await inChromium(file())
  expect(there).toEqual(await verifyFile(file(), parsePolicy(policy)))
  expect(there.verdict).toBe(verdict)
})
