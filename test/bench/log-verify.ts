/**
 * Verifying one proof file of a real event (`verifyFile`, all steps), in Node and in Chromium. In both the first call stands by itself:
 * whoever checks one proof waits for that one. Without a Chromium that starts there is no figure for it, and the reason instead.
 */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { launchChromium } from '../support/pages.ts'
import { quantile } from './load.ts'
import type { LogSample } from './log-sample.ts'

export interface VerifyFigures {
  readonly proofBytes: number
  readonly node: VerifyTimes
  readonly chromium: (VerifyTimes & { readonly version: string }) | { readonly notMeasured: string }
}

export interface VerifyTimes {
  readonly verifications: number
  readonly firstMs: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const verifications = 1_000
const warmUps = 100
const root = join(import.meta.dirname, '../..')

export async function measureVerify({ proof, policy }: LogSample): Promise<VerifyFigures> {
  const parsed = parsePolicy(policy)
  const node = await timed(async () => (await verifyFile(proof, parsed)).verdict, verifications, warmUps)
  return { proofBytes: Buffer.byteLength(proof), node: timesOf(node), chromium: await inChromium(proof, policy) }
}

async function inChromium(proof: string, policy: string): Promise<VerifyFigures['chromium']> {
  let browser: Browser
  try {
    browser = await launchChromium()
  } catch (error) {
    return { notMeasured: `no Chromium (CHROMIUM names one): ${String(error).split('\n')[0]}` }
  }
  try {
    const page = await browser.newPage()
    // A secure context, for WebCrypto, and isolated, for a clock of 5 microseconds; nothing is fetched from anywhere.
    const headers = {
      'content-type': 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    await page.route('**/*', (route) => route.fulfill({ body: '<!doctype html>', headers }))
    await page.goto('https://verifier.example/')
    await page.addScriptTag({ content: await browserVerifier() })
    await page.addScriptTag({ content: `globalThis.timed = ${timed}` })
    const call = `timed(async () => (await verifier.verifyFile(proof, policy)).verdict, ${verifications}, ${warmUps})`
    const times: number[] = await page.evaluate(
      `(() => { const proof = ${JSON.stringify(proof)}; const policy = verifier.parsePolicy(${JSON.stringify(policy)}); return ${call} })()`,
    )
    return { version: browser.version(), ...timesOf(times) }
  } finally {
    await browser.close()
  }
}

/** As the browser's users get it: `#sha256` is the portable one, and nothing of Node is in it. */
async function browserVerifier(): Promise<string> {
  const { build } = await import('esbuild')
  const bundle = await build({
    entryPoints: [join(root, 'shared/verify/verify.ts')],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'iife',
    globalName: 'verifier',
    platform: 'browser',
    absWorkingDir: root,
    logLevel: 'silent',
  })
  const inputs = Object.keys(bundle.metafile.inputs)
  if (!inputs.includes('shared/sha256/portable.ts') || inputs.includes('shared/sha256/node.ts')) {
    throw new Error('the bundle for browsers has not the portable SHA-256')
  }
  return bundle.outputFiles[0]?.text ?? ''
}

/** Milliseconds: the first call, and then as many as asked for behind the warm-up. Runs in the page too, so it uses nothing around it. */
async function timed(verify: () => Promise<string>, many: number, unmeasured: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < 1 + unmeasured + many; n++) {
    const startedAt = performance.now()
    const verdict = await verify()
    const ms = performance.now() - startedAt
    if (verdict !== 'valid') throw new Error(`the proof is ${verdict}`)
    if (n === 0 || n > unmeasured) times.push(ms)
  }
  return times
}

function timesOf([firstMs = Number.NaN, ...warm]: readonly number[]): VerifyTimes {
  const sorted = warm.toSorted((a, b) => a - b)
  return { verifications: sorted.length, firstMs, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) }
}
