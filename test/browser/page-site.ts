/** A site of Ljungsten's on a free port: pages with one script each, from an origin that the ledger lets in. */
import { servePages, siteFor } from '../support/pages.ts'
import type { RunningLedger } from '../support/running-ledger.ts'

export interface PageSite {
  /** Its publishable key. */
  readonly key: string
  /** Returns the page's address. */
  publish(script: string): string
  close(): Promise<void>
}

export async function openPageSite(ledger: RunningLedger): Promise<PageSite> {
  const files: Record<string, string> = {}
  const { origin, close } = await servePages(files)
  return {
    key: await siteFor(ledger, 'pages', [origin]),
    publish(script) {
      const path = `/${Object.keys(files).length}`
      files[path] =
        `<!doctype html><html lang="en"><title>A page</title><body><script type="module" src="${path}.js"></script>`
      files[`${path}.js`] = script
      return origin + path
    },
    close,
  }
}
