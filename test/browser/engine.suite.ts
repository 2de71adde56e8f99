/**
 * A hostile page in the operator's browser, which knows where the engine listens and what to send: it can neither read the tables
 * nor delete from them. Each way of sending is tried against the engine and against an open port, where it must arrive, since a
 * way that arrives nowhere would show nothing.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineAddresses } from '../../infra/local/engine/address.ts'
import { findDynamoDbLocal, startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { postToEngine } from '../support/engine-request.ts'
import { openLocalTable } from '../support/local-table.ts'
import { launchChromium } from '../support/pages.ts'
import { storedItems } from '../support/stored-items.ts'

/** Resolves to the engine's address, as a name that was rebound does. */
const reboundName = 'rebound.example'
const deletion = JSON.stringify({ TableName: 'test-entries', Key: { pk: { S: 'c1#engine' }, sk: { S: 'event#1' } } })

/** Ways to send a request, as source text of a function of the target's URL and of the page's own origin. */
const ways: Readonly<Record<string, string>> = {
  'fetch with the headers of DynamoDB': `(target) => fetch(target, { method: 'POST', body: ${JSON.stringify(deletion)}, headers: {
    'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.DeleteItem',
    authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/a/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
    'x-amz-date': '20260101T000000Z' } }).then((answer) => answer.text())`,
  'fetch without asking': `(target) => fetch(target, { method: 'POST', mode: 'no-cors', body: '{}' })`,
  XMLHttpRequest: `(target) => new Promise((done, fail) => { const sent = new XMLHttpRequest(); sent.open('POST', target)
    sent.onload = done; sent.onerror = () => fail(new Error('error')); sent.send('{}') })`,
  'a beacon': `async (target) => { navigator.sendBeacon(target, '{}') }`,
  'a WebSocket': `(target) => new Promise((done) => { const socket = new WebSocket(target.replace('http', 'ws')); socket.onerror = socket.onclose = done })`,
  'a form in a frame': `(target) => new Promise((done) => { const frame = document.createElement('iframe'); frame.name = 'f'
    const form = document.createElement('form'); form.method = 'post'; form.target = 'f'; form.action = target
    document.body.append(frame, form); frame.onload = done; form.submit(); setTimeout(done, 1000) })`,
  'an image': `(target) => new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = target + 'i.png' })`,
  'a script': `(target) => new Promise((done) => { const script = document.createElement('script')
    script.onload = script.onerror = done; script.src = target; document.body.append(script) })`,
  'a redirect': `(target, own) => fetch(own + '/redirect?' + encodeURIComponent(target), { method: 'POST', mode: 'no-cors', body: '{}' })`,
  'a worker': `(target) => new Promise((done) => { const code = 'fetch(' + JSON.stringify(target) + ', { mode: "no-cors" }).finally(() => postMessage(1))'
    new Worker(URL.createObjectURL(new Blob([code]))).onmessage = done })`,
}

const engines: readonly (readonly [string, () => Promise<Engine>])[] = [
  ['the embedded engine', () => startEngine()],
  ...(findDynamoDbLocal() ? [['DynamoDB Local', () => startDynamoDbLocal()] as const] : []),
]

/** Answers as an engine does, and counts what arrives. */
async function openServer(port: number, host: string, onRequest: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    onRequest()
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    })
    response.end('{}')
  })
  server.on('upgrade', (_request, socket) => {
    onRequest()
    socket.destroy()
  })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

async function openHostilePage(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const target = /^\/redirect\?(.*)/.exec(request.url ?? '')?.[1]
    if (target !== undefined) response.writeHead(307, { location: decodeURIComponent(target) }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hostile</title><body>')
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

async function send(page: Page, way: string, target: string, own: string): Promise<string> {
  return page.evaluate(
    ([source, to, from]) =>
      Promise.resolve(new Function(`return ${source}`)()(to, from)).then(
        () => 'settled',
        () => 'refused',
      ),
    [way, target, own] as [string, string, string],
  )
}

describe('a listener where engines listen', () => {
  const [address] = engineAddresses('own')
  if (address === undefined) throw new Error('there is no address for an engine')
  let browser: Browser
  let page: Page
  let hostile: Awaited<ReturnType<typeof openHostilePage>>
  let arrived = { blocked: 0, open: 0 }
  let servers: Server[] = []
  let openPort = 0

  beforeAll(async () => {
    hostile = await openHostilePage()
    const blocked = await openServer(address.port, address.host, () => arrived.blocked++)
    const open = await openServer(0, address.host, () => arrived.open++)
    servers = [hostile.server, blocked, open]
    openPort = (open.address() as AddressInfo).port
    browser = await launchChromium(`--host-resolver-rules=MAP ${reboundName} ${address.host}`)
  })
  afterAll(async () => {
    await browser?.close()
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  for (const [name, way] of Object.entries(ways)) {
    for (const host of [address.host, reboundName]) {
      it(`is not reached by ${name}, to ${host === reboundName ? 'a rebound name' : 'its address'}`, async () => {
        arrived = { blocked: 0, open: 0 }
        page = await browser.newPage()
        await page.goto(hostile.origin)
        await send(page, way, `http://${host}:${address.port}/`, hostile.origin)
        await send(page, way, `http://${host}:${openPort}/`, hostile.origin)
        await expect.poll(() => arrived.open).toBeGreaterThan(0)
        expect(arrived.blocked).toBe(0)
        await page.close()
      })
    }
  }
})

describe.each(engines)('%s', (_name, start) => {
  let engine: Engine
  let browser: Browser
  let hostile: Awaited<ReturnType<typeof openHostilePage>>

  beforeAll(async () => {
    engine = await start()
    hostile = await openHostilePage()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    hostile?.server.close()
    await engine?.stop()
  })

  it('keeps its rows although a page sends the deletion of one to its very address', async () => {
    const { table, close } = await openLocalTable(engine.endpoint)
    await table.insert([{ pk: 'c1#engine', sk: 'event#1', values: {} }])
    close()
    const page = await browser.newPage()
    await page.goto(hostile.origin)
    for (const way of Object.values(ways)) await send(page, way, `${engine.endpoint}/`, hostile.origin)
    expect(await send(page, ways['fetch with the headers of DynamoDB'] ?? '', engine.endpoint, hostile.origin)).toBe(
      'refused',
    )
    expect(await storedItems(engine.endpoint, 'test-entries')).toHaveLength(1)

    // The same request from a program is carried out: what kept the page out is the browser.
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.DeleteItem',
      authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/a/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
      'x-amz-date': '20260101T000000Z',
    }
    expect(await postToEngine(engine.endpoint, headers, deletion)).toMatchObject({ status: 200 })
    expect(await storedItems(engine.endpoint, 'test-entries')).toHaveLength(0)
  })
})
