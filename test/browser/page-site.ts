/** A site of Ljungsten's on a free port: pages with one script each, from an origin that the ledger lets in. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { administer } from '../support/demo-calls.ts'
import type { RunningLedger } from '../support/running-ledger.ts'

export interface PageSite {
  /** Its publishable key. */
  readonly key: string
  /** Returns the page's address. */
  publish(script: string): string
  close(): void
}

export async function openPageSite(ledger: RunningLedger): Promise<PageSite> {
  const scripts: string[] = []
  const server = createServer(({ url = '' }, answer) => {
    const [, number, isScript] = /^\/(\d+)(\.js)?$/.exec(url) ?? []
    const script = scripts[Number(number)]
    if (script === undefined) {
      answer.writeHead(404).end()
      return
    }
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    answer.end(isScript ? script : pageOf(`${number}.js`))
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const draft = { site: 'pages', kind: 'web', name: 'Pages with banners', origins: [origin] }
  const { json } = await administer(ledger, '/sites', draft)
  return {
    key: json.key,
    publish: (script) => `${origin}/${scripts.push(script) - 1}`,
    close: () => server.close(),
  }
}

function pageOf(script: string): string {
  return `<!doctype html><html lang="en"><title>A page</title><body><script type="module" src="${script}"></script>`
}
