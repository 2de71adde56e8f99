/** What `npm start` prints works for a page of a developer's own, whichever port either has. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway } from '../../../infra/local/gateway/gateway.ts'
import { handlersFor } from '../../../infra/local/gateway/handlers.ts'
import { localOrigins, parseOrigins } from '../../../infra/local/local-origins.ts'
import type { Site } from '../../../shared/consent/site.ts'
import { aDeviceSecret, anEvent } from '../../support/running-ledger.ts'
import { type StartedProgram, startProgram } from '../../support/started-program.ts'

describe('npm start', () => {
  let folder: string
  let server: StartedProgram
  let url = ''
  let key = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-page-'))
    const allowed = ['--allow-origin', 'https://Shop.example/', '--allow-origin', 'http://192.168.1.20:3000']
    server = startProgram([process.execPath, 'infra/start.mjs', '--port', '0', '--data', folder, ...allowed])
    await server.printed(/Ctrl-C stops it/)
    url = /Consent ledger on (\S+)/.exec(server.output())?.[1] ?? ''
    key = /^(site_ljungsten_web_\S+)$/m.exec(server.output())?.[1] ?? ''
  })
  afterAll(async () => {
    server.child.kill()
    await server.ended
    await rm(folder, { recursive: true })
  })

  const post = (origin: string) =>
    fetch(`${url}/v1/events?key=${key}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'text/plain' },
      body: JSON.stringify(anEvent(aDeviceSecret())),
    })

  test('prints the key on a line of its own, and a tag with it that a page can load', async () => {
    const [, script = '', inTag] =
      /^<script defer src="(\S+)" data-key="(\S+)" data-policy="cookie-policy"><\/script>$/m.exec(server.output()) ?? []
    expect([new URL(script).origin, inTag]).toEqual([url, key])
    expect((await fetch(script)).headers.get('content-type')).toContain('javascript')
    expect((await fetch(`${url}/v1/notices/cookie-policy?key=${key}`)).status).toBe(200)
  })

  test.each([
    ['http://localhost:3000', 201],
    ['https://localhost:8443', 201],
    ['http://localhost', 201],
    ['http://127.0.0.1:5500', 201],
    ['http://[::1]:5500', 201],
    ['https://shop.example', 201],
    ['http://192.168.1.20:3000', 201],
    ['http://192.168.1.20:3001', 403],
    ['http://localhost.evil.example', 403],
    ['http://evil.example:localhost', 403],
    ['https://evil.example', 403],
    ['null', 403],
  ])('%s gets %i, and can read it', async (origin, status) => {
    const answer = await post(origin)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, origin])
  })

  test('prints links and commands that work on this port and folder', async () => {
    const links = server.output().match(/http:\/\/[^\s'"]+/g) ?? []
    expect(links.filter((link) => !link.startsWith(url))).toEqual([])
    expect(links).toContain(`${url}/console/preferences?key=${key}`)
    expect(links).toContain(`${url}/console/`)
    const { controllers } = await (await fetch(`${url}/console/config.json`)).json()
    expect(controllers).toHaveLength(2)
    expect((await post(url)).status).toBe(201)
    expect(server.output()).toContain(`npm run demo -- --data '${folder}'`)
    expect(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')).url).toBe(url)
  })
})

test('no site but the demo’s is widened', () => {
  const [demo, other] = ['site_ljungsten_web_x', 'site_grytan_web_y'].map((key) => ({ key }) as Site)
  const allows = localOrigins(demo ? [demo] : [], () => 'http://ledger.test:1', ['https://a.example'])
  const asked = ['http://localhost:3000', 'http://ledger.test:1', 'https://a.example']
  expect(asked.map((origin) => demo && allows(demo, origin))).toEqual([true, true, true])
  expect(asked.map((origin) => other && allows(other, origin))).toEqual([false, false, false])
})

test.each([
  ['http://Example.org:80/', 'http://example.org'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['https://a.example,http://b.example:81', 'https://a.example,http://b.example:81'],
])('--allow-origin %s is %s', (given, read) => {
  expect(parseOrigins(given).join()).toBe(read)
})

test.each([
  'shop.example',
  'https://a.example/page',
  'https://*.example.org',
  'ftp://a.example',
  'https://me@a.example',
])('--allow-origin %s is misuse', (given) =>
  expect(() => parseOrigins(given)).toThrow('--allow-origin is the address of a page'),
)

test.each([
  ['0.0.0.0', 'http://127.0.0.1'],
  ['::', 'http://[::1]'],
  ['127.0.0.1', 'http://127.0.0.1'],
])('listening on %s, links are to %s', async (host, address) => {
  const handler = async () => 'here'
  const gateway = await startGateway({
    routes: [{ id: 'x', method: 'GET', path: '/x', handler: 'read', access: 'public', maxBodyBytes: 0 }],
    handlers: handlersFor(() => handler),
    host,
    port: 0,
  })
  expect(gateway.url).toBe(`${address}:${gateway.port}`)
  expect(await (await fetch(`${gateway.url}/x`)).text()).toBe('here')
  await gateway.close()
})
