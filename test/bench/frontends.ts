/**
 * What a way to ask costs a page, in Chromium: the script's bytes, the time that its load takes of the processor, and, on a slow
 * connection (Chromium's "Slow 3G": 2,000 ms of latency, 50 KB/s), the time until a decision can be made and from the click until the
 * ledger has answered. All pages in turn, in each round, against one ledger; medians. Beside them an empty page, and a bare fetch.
 */
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchChromium, siteFor } from '../support/pages.ts'
import { startLedger } from '../support/running-ledger.ts'
import { type FrontendPage, frontendPages } from './frontend-pages.ts'
import { median } from './load.ts'

export interface FrontendPlan {
  readonly loads: number
  readonly slowVisits: number
}

export interface Frontend {
  readonly name: string
  /** Bytes of scripts and styles on the wire: gzipped, with their headers. */
  readonly loadedBytes: number
  /** Main-thread time of the load until it is idle: in scripts, and in all. */
  readonly scriptMs: number
  readonly taskMs: number
  /** On the slow connection, from the navigation until the control is there. */
  readonly slowReadyMs: number
  /** On the slow connection, from the click until the ledger has answered. */
  readonly slowRecordedMs?: number
}

interface Sample {
  readonly loadedBytes?: number
  readonly scriptMs?: number
  readonly taskMs?: number
  readonly readyMs?: number
  readonly recordedMs?: number
}

const slow3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 }
const patienceMs = 40_000
/** Also of c15t's categories. */
const named = { c15t: { purposes: { measurement: 'statistics', marketing: 'marketing-cookies' } } }

export async function measureFrontends(
  { loads, slowVisits }: FrontendPlan,
  progress: (line: string) => void,
): Promise<readonly Frontend[]> {
  progress('frontends: a ledger, the pages, Chromium')
  const ledger = await startLedger()
  const browser = await launchChromium()
  const served = new Map<string, { readonly type: string; readonly body: Buffer }>()
  const server = createServer((request, response) => {
    const file = served.get(request.url ?? '')
    if (file === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': file.type, 'content-encoding': 'gzip' }).end(file.body)
  })
  try {
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const address = server.address()
    const origin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`
    const key = await siteFor(ledger, 'bench', [origin], named)
    const pages = await frontendPages(ledger.url, key)
    for (const [i, page] of pages.entries()) serve(served, i, page)
    const samples = pages.map((): Sample[] => [])
    for (let round = 1; round <= Math.max(loads, slowVisits); round++) {
      progress(`frontends: round ${round}`)
      for (const [i, page] of pages.entries()) {
        if (round <= loads) samples[i]?.push(await load(browser, `${origin}/${i}`, page))
        if (round <= slowVisits) samples[i]?.push(await visitSlowly(browser, `${origin}/${i}`, page))
      }
    }
    return pages.map(({ name }, i) => {
      const of = (read: (sample: Sample) => number | undefined) =>
        Math.round(10 * median((samples[i] ?? []).map(read).filter((figure) => figure !== undefined))) / 10
      const slowRecordedMs = of((s) => s.recordedMs)
      return {
        name,
        loadedBytes: of((s) => s.loadedBytes),
        scriptMs: of((s) => s.scriptMs),
        taskMs: of((s) => s.taskMs),
        slowReadyMs: of((s) => s.readyMs),
        ...(slowRecordedMs > 0 && { slowRecordedMs }),
      }
    })
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
    await ledger.close()
  }
}

function serve(served: Map<string, { type: string; body: Buffer }>, i: number, { script, style, head }: FrontendPage) {
  const link = style ? `<link rel="stylesheet" href="/${i}.css">` : ''
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>${link}
    <script defer src="/${i}.js"></script>${head ?? ''}<h1>A page</h1><button id="accept">Accept</button><div id="root"></div>`
  served.set(`/${i}`, { type: 'text/html', body: gzipSync(html) })
  served.set(`/${i}.js`, { type: 'text/javascript', body: gzipSync(script) })
  if (style) served.set(`/${i}.css`, { type: 'text/css', body: gzipSync(style) })
}

async function inNewTab<T>(browser: Browser, visit: (page: Page, cdp: CDPSession) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  try {
    return await visit(page, await context.newCDPSession(page))
  } finally {
    await context.close()
  }
}

function load(browser: Browser, url: string, { decides }: FrontendPage): Promise<Sample> {
  return inNewTab(browser, async (page, cdp) => {
    const isCode = new Set<string>()
    let loadedBytes = 0
    cdp.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script' || type === 'Stylesheet') isCode.add(requestId)
    })
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (isCode.has(requestId)) loadedBytes += encodedDataLength
    })
    await cdp.send('Network.enable')
    await cdp.send('Performance.enable')
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.waitForSelector(decides)
    const { metrics } = await cdp.send('Performance.getMetrics')
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return { loadedBytes, scriptMs: 1000 * seconds('ScriptDuration'), taskMs: 1000 * seconds('TaskDuration') }
  })
}

function visitSlowly(browser: Browser, url: string, { decides, posts }: FrontendPage): Promise<Sample> {
  return inNewTab(browser, async (page, cdp) => {
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', slow3G)
    const began = performance.now()
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    await page.waitForSelector(decides)
    const readyMs = performance.now() - began
    if (posts === undefined) return { readyMs }
    const recorded = page.waitForResponse(
      (response) => response.request().method() === 'POST' && new URL(response.url()).pathname.endsWith(posts),
    )
    const clicked = performance.now()
    await page.click(decides)
    const response = await recorded
    if (!response.ok()) throw new Error(`${url} was answered ${response.status()}: ${await response.text()}`)
    await response.finished()
    return { readyMs, recordedMs: performance.now() - clicked }
  })
}
