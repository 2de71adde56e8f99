/** What is served below `/console`: a closed set of files, each with its type, its cache and the one policy of what it may do. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleConsole } from '../../infra/bundle/console.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
beforeAll(async () => {
  await bundleConsole()
  ledger = await startLedger()
})
afterAll(() => ledger.close())

describe.each([
  ['preferences.js', 'text/javascript; charset=utf-8'],
  ['banner.js', 'text/javascript; charset=utf-8'],
  ['client.js', 'text/javascript; charset=utf-8'],
  ['markdown.js', 'text/javascript; charset=utf-8'],
  ['record.js', 'text/javascript; charset=utf-8'],
  ['public.css', 'text/css; charset=utf-8'],
  ['index.html', 'text/html; charset=utf-8'],
  ['', 'text/html; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
  ['licences.txt', 'text/plain; charset=utf-8'],
])('%s', (file, type) => {
  it('has its type, runs nothing inline, calls its own ledger alone, and is framed by nobody', async () => {
    const { status, headers } = await ledger.get(`/console/${file}`)
    // The console starts its verifier in a worker, for which it needs a policy.
    const isConsole = file === '' || file === 'index.html'
    const policies = isConsole ? 'consent-verifier' : "'none'"
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; " +
        `require-trusted-types-for 'script'; trusted-types ${policies}`,
    )
    // The names of its scripts are those of the last release.
    expect(headers.get('cache-control')).toBe(isConsole ? 'no-cache' : 'public, max-age=300')
    expect(headers.get('cross-origin-opener-policy')).toBe(isConsole ? 'same-origin' : null)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('is not sent again to a client that has it cached', async () => {
    const etag = (await ledger.get(`/console/${file}`)).headers.get('etag') ?? ''
    const again = await fetch(`${ledger.url}/console/${file}`, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })
})

it('serves the built files and no others, whatever the path', async () => {
  const built = await readdir(join(import.meta.dirname, '../../dist/console'))
  expect(built.filter((name) => !/^(console|chunk|[a-z-]+)-[A-Z0-9]{8}\.(js|css)$/.test(name)).sort()).toEqual([
    ...['banner.js', 'client.js', 'icon.svg', 'index.html', 'licences.txt', 'markdown.js', 'preferences.js'],
    ...['public.css', 'record.js'],
  ])
  for (const path of [
    'nothing.js',
    '..%2fverify.mjs',
    '%2e%2e%2fverify.mjs',
    'constructor',
    '__proto__',
    '.html',
    'a%00b',
  ])
    expect((await ledger.get(`/console/${path}`)).status, path).toBe(404)
})

it('the address without its slash leads to the console, wherever the ledger is mounted', async () => {
  const answer = await fetch(`${ledger.url}/console`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([308, 'console/'])
  const page = await ledger.get('/console')
  expect([page.status, page.text]).toEqual([200, (await ledger.get('/console/')).text])
  expect((await ledger.send('/console/', { method: 'HEAD' })).status).toBe(200)
  expect((await ledger.send('/console/', { method: 'POST' })).status).toBe(404)
})

it('what the console’s page names is there, and is kept for a year, because its name has a hash of its content', async () => {
  const { text } = await ledger.get('/console/')
  const named = [...text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? '')
  expect(named.length).toBeGreaterThan(1)
  for (const file of named) {
    const { status, headers, text: content } = await ledger.get(`/console/${file}`)
    expect([file, status, headers.get('cache-control')]).toEqual([file, 200, 'public, max-age=31536000, immutable'])
    expect(content, file).not.toContain(process.cwd())
  }
})

it.each(['banner.js', 'markdown.js', 'preferences.js', 'record.js'])(
  'serves %s without a word of the machine that made it, and parsing no HTML',
  async (file) => {
    const { text } = await ledger.get(`/console/${file}`)
    expect(text).not.toContain(process.cwd())
    expect(text).not.toContain('innerHTML')
  },
)
