/** A web site for browser tests: a few files on an origin of its own, and a site of the ledger whose key its pages may use. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core'
import { administer } from './demo-calls.ts'
import type { RunningLedger } from './running-ledger.ts'
import { timeLimits } from './time-limits.ts'

export interface Pages {
  /** Without a slash at the end. */
  readonly origin: string
  close(): Promise<void>
}

/** Files by path; a path without a dot is HTML. */
export async function servePages(files: Readonly<Record<string, string>>, host = 'localhost'): Promise<Pages> {
  const types: Record<string, string> = { js: 'text/javascript', mjs: 'text/javascript', css: 'text/css' }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const file = files[path]
    const type = types[path.split('.')[1] ?? ''] ?? 'text/html'
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(file)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://${host}:${typeof address === 'object' ? address?.port : ''}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Makes a site of Ljungsten that allows the origins, and returns its key. */
export async function siteFor(
  ledger: RunningLedger,
  site: string,
  origins: readonly string[],
  more: object = {},
): Promise<string> {
  const made = await administer(ledger, '/sites', { site, kind: 'web', name: site, origins, ...more })
  if (made.status !== 201) throw new Error(`the site was not made: ${made.text}`)
  return made.json.key
}

const wholeBrowser = '/usr/bin/chromium'
/** Chromium's engine without the browser around it: the same pages take a third less of the processor. Both are packages of Debian's. */
const shell = '/usr/bin/chromium-headless-shell'

export function launchChromium(...args: string[]): Promise<Browser> {
  return chromium.launch(launchOptions(existsSync(shell) ? shell : wholeBrowser, args))
}

/** For what only the browser around the engine does, such as to block third-party cookies in a new context. */
export function launchWholeBrowser(...args: string[]): Promise<Browser> {
  return chromium.launch(launchOptions(wholeBrowser, args))
}

/** A browser's own profile, empty at first, in which also programs that are connected to the browser open their pages. */
export function launchProfile(...args: string[]): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', launchOptions(wholeBrowser, args))
}

function launchOptions(browser: string, args: readonly string[]): LaunchOptions {
  return {
    executablePath: process.env.CHROMIUM ?? browser,
    // Without a graphics card Chromium would imitate one, which takes a fifth of the time of a suite.
    args: ['--no-sandbox', '--disable-gpu', '--disable-gpu-rasterization', ...args],
  }
}

/** A browser profile of its own. A step of a page that hangs ends before its test does, so that the error names the step. */
export async function openContext(browser: Browser, options?: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(timeLimits.testTimeout / 4)
  return context
}
