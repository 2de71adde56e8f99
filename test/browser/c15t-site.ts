/** A site with c15t's own clients on its pages, served from an origin that the ledger knows it by. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import { administer } from '../support/demo-calls.ts'
import type { RunningLedger } from '../support/running-ledger.ts'

export interface C15tSite {
  readonly origin: string
  readonly backendURL: string
  /** Whom the pages know from here on, and the headers that they send with each call. */
  visitor: { readonly user?: { readonly id: string }; readonly headers?: Record<string, string> }
  close(): void
}

const names = { purposes: { measurement: 'statistics', marketing: 'marketing-cookies' } }

export async function serveC15tSite(ledger: RunningLedger): Promise<C15tSite> {
  const [vanilla, react, styles] = await Promise.all([
    bundled('c15t-vanilla-page.ts'),
    bundled('c15t-react-page.ts'),
    bundled('../../node_modules/@c15t/react/dist/styles.css'),
  ])
  const config = () => JSON.stringify({ backendURL: site.backendURL, ...site.visitor })
  const buttons = ['accept', 'reject', 'without-marketing', 'identify'].map((id) => `<button id="${id}">${id}</button>`)
  const page = (body: string) => `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Ljungsten</title>
    <script type="application/json" id="config">${config()}</script><link rel="stylesheet" href="/styles.css">${body}`
  const files: Record<string, () => [type: string, text: string]> = {
    '/vanilla.js': () => ['text/javascript', vanilla],
    '/react.js': () => ['text/javascript', react],
    '/styles.css': () => ['text/css', styles],
    '/vanilla': () => [
      'text/html',
      page(
        `<div id="banner" hidden><h1></h1></div>${buttons.join('')}<script type="module" src="/vanilla.js"></script>`,
      ),
    ],
    '/react': () => ['text/html', page('<div id="root"></div><script type="module" src="/react.js"></script>')],
  }
  const server = createServer((request, response) => {
    const [type, text] = files[request.url ?? '']?.() ?? ['text/plain', '']
    response.writeHead(text === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const draft = { site: 'c15t', kind: 'web', name: 'www.ljungsten.example', origins: [origin], c15t: names }
  const { key } = (await administer(ledger, '/sites', draft)).json
  const site: C15tSite = {
    origin,
    backendURL: `${ledger.url}/c15t/${key}`,
    visitor: {},
    close: () => server.close(),
  }
  return site
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    minify: true,
  })
  return outputFiles[0]?.text ?? ''
}
