/** The client as it is published: a single small module that asks nothing of its runtime but what the web has. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundlePackage } from '../../../infra/bundle/package-code.ts'

let dist: string
let text: string
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'server-client-'))
  await bundlePackage('server', dist)
  text = await readFile(join(dist, 'server.mjs'), 'utf8')
})
afterAll(() => rm(dist, { recursive: true, force: true }))

it('imports nothing, and is small', () => {
  expect(text).not.toMatch(/^import\b|\bimport\(|\brequire\(/m)
  expect(text.length).toBeLessThan(20_000)
})

it('runs with fetch, crypto, URL and timers, and nothing else of a runtime', async () => {
  const asked: string[] = []
  const web = {
    ...{ AbortSignal, URLSearchParams, crypto, setTimeout },
    fetch: async (url: string) => {
      asked.push(url)
      return new Response('{"openapi":"3.1.0"}')
    },
  }
  const script = text.replace(/^export \{[^}]*\};$/m, '')
  const { openLedger } = runInNewContext(`${script}; ({ openLedger })`, web)
  const ledger = openLedger({ url: 'https://consent.example.org', controller: 'acme', siteKey: 'k' })
  expect(await ledger.getOpenApi()).toEqual({ openapi: '3.1.0' })
  const event = { subject: { deviceSecret: 'x' }, decisions: [] }
  await ledger.recordEvents(event)
  await ledger.getNotice('terms', { locale: 'sv' })
  expect(asked.map((url) => url.replace('https://consent.example.org', ''))).toEqual([
    '/openapi.json',
    '/v1/events',
    '/v1/notices/terms?locale=sv',
  ])
})
