/** The sender against receivers that listen on real sockets, well-behaved and not. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { httpSender, type SenderOptions } from '../../../functions/delivery/http-sender.ts'
import type { ReadyMessage } from '../../../shared/ledger/fan-out/message-source.ts'

const message: ReadyMessage = {
  ...{ leaf: 1, part: 0, id: 'acme_crm_1_0', lane: 'x', body: '{"type":"consent.withdrawn","name":"Åsa"}' },
  headers: { 'webhook-id': 'acme_crm_1_0', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
}
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listening(server: {
  listen: (port: number, host: string, done: () => void) => unknown
  address: () => unknown
  close: () => unknown
}) {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const receiver = (listener: RequestListener) => listening(createServer(listener))
const rawReceiver = (answer: (socket: Socket) => void) =>
  listening(
    createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => answer(socket))
      closing.push(() => socket.destroy())
    }),
  )

const send = (port: number, options: Partial<SenderOptions> = {}, path = '/hook') =>
  httpSender({ allowsLoopback: true, connectMs: 500, totalMs: 700, ...options })(
    `http://127.0.0.1:${port}${path}`,
    message,
  )

describe('a receiver that', () => {
  it('answers 2xx has the message, with its headers', async () => {
    let got: unknown
    const port = await receiver(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { method, url, headers } = request
      got = { method, url, body, id: headers['webhook-id'], type: headers['content-type'] }
      response.writeHead(204).end()
    })
    expect(await send(port)).toEqual({ isDelivered: true, status: 204 })
    expect(got).toEqual({ method: 'POST', url: '/hook', body: message.body, id: message.id, type: 'application/json' })
  })

  it('redirects does not get the message, and nor does the address that it names', async () => {
    let followed = 0
    const other = await receiver((_, response) => {
      followed++
      response.end()
    })
    const port = await receiver((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end()
    })
    expect(await send(port)).toEqual({ isDelivered: false, status: 307 })
    expect(followed).toBe(0)
  })

  it('switches to another protocol has answered badly, and holds nobody up', async () => {
    const port = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
    })
    expect(await send(port)).toEqual({ isDelivered: false, error: 'bad-answer' })
  })

  it.each([
    [410, undefined, { status: 410 }],
    [429, '120', { status: 429, retryAfterMs: 120_000 }],
    [503, 'Tue, 01 Dec 2026 00:01:00 GMT', { status: 503, retryAfterMs: 60_000 }],
    [500, 'soon', { status: 500 }],
  ])('answers %d', async (status, retryAfter, expected) => {
    const port = await receiver((_, response) => {
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
    })
    const clock = () => Date.parse('2026-12-01T00:00:00Z')
    expect(await send(port, { clock })).toEqual({ isDelivered: false, ...expected })
  })

  it('is slow: the attempt ends, and the connection too', async () => {
    let isClosed = Promise.resolve()
    const port = await receiver((request) => {
      isClosed = new Promise((done) => request.socket.once('close', () => done()))
    })
    expect(await send(port)).toEqual({ isDelivered: false, error: 'timeout' })
    await isClosed
  })

  it('answers in time, but its name took most of that: both have one time', async () => {
    const port = await receiver((_, response) => void setTimeout(() => response.end(), 400))
    const resolveAll = async () => {
      await new Promise((done) => setTimeout(done, 400))
      return [{ address: '127.0.0.1', family: 4 }]
    }
    const post = httpSender({ allowsLoopback: true, totalMs: 600, resolveAll })
    expect(await post(`http://crm.example:${port}/`, message)).toEqual({ isDelivered: false, error: 'timeout' })
  })

  it('sends its head byte by byte: the attempt ends', async () => {
    const port = await rawReceiver((socket) => {
      const timer = setInterval(() => socket.write('x'), 50)
      socket.once('close', () => clearInterval(timer))
      socket.write('HTTP/1.1 200 OK\r\nx: ')
    })
    expect(await send(port)).toEqual({ isDelivered: false, error: 'timeout' })
  })

  it('lies about the length: its status counts', async () => {
    const port = await rawReceiver((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort'))
    expect(await send(port)).toEqual({ isDelivered: true, status: 200 })
  })

  it('answers without end: the connection is ended after a little', async () => {
    let written = 0
    let closed = Promise.resolve()
    const port = await receiver((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(1000))) written += 1000
      }
      closed = new Promise((done) => response.once('close', () => done()))
      response.on('drain', more)
      more()
    })
    expect(await send(port)).toEqual({ isDelivered: true, status: 200 })
    await closed
    expect(written).toBeLessThan(20_000_000)
  })

  it.each([
    ['drops the connection', (socket: Socket) => socket.destroy(), 'connection-lost'],
    ['speaks no HTTP', (socket: Socket) => socket.end('HELLO\r\n'), 'bad-answer'],
    [
      'has a head of megabytes',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`),
      'bad-answer',
    ],
  ])('%s', async (_, answer, error) => {
    const port = await rawReceiver(answer)
    expect(await send(port)).toEqual({ isDelivered: false, error })
  })

  it('does not listen', async () => {
    const port = await receiver(() => undefined)
    closing.pop()?.()
    expect(await send(port)).toEqual({ isDelivered: false, error: 'connection-refused' })
  })
})

describe('addresses', () => {
  const strict = (url: string, resolveAll?: SenderOptions['resolveAll']) =>
    httpSender({ allowsLoopback: false, ...(resolveAll && { resolveAll }) })(url, message)
  const refused = { isDelivered: false, error: 'address-refused' }

  it.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://localhost/',
  ])('%s is refused', async (url) => {
    expect(await strict(url)).toEqual(refused)
  })

  it.each([
    ['http://example.org/', 'no-https'],
    ['file:///etc/passwd', 'no-https'],
    ['nothing', 'bad-address'],
  ])('%s is refused', async (url, error) => {
    expect(await strict(url)).toEqual({ isDelivered: false, error })
  })

  it('a name with one private address among its public ones is refused', async () => {
    const both = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.7', family: 4 },
    ]
    expect(await strict('https://crm.example/', both)).toEqual(refused)
    expect(await strict('https://crm.example/', async () => [])).toEqual(refused)
  })

  it('connects to the address that was checked: a name is resolved once', async () => {
    let asked = 0
    const port = await receiver((request, response) => response.writeHead(request.headers.host ? 200 : 400).end())
    const rebinding = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.7', family: 4 }]
    const post = httpSender({ allowsLoopback: true, resolveAll: rebinding })
    expect(await post(`http://crm.example:${port}/`, message)).toEqual({ isDelivered: true, status: 200 })
    expect(asked).toBe(1)
  })
})

it('a certificate that nobody vouches for is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sender-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  execFileSync('openssl', [...asked, '-subj', '/CN=crm.example', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end())
  const port = await listening(server)
  const post = httpSender({ allowsLoopback: true })
  expect(await post(`https://127.0.0.1:${port}/`, message)).toEqual({ isDelivered: false, error: 'tls' })
})
