/** Requests on few connections have their own answers, however these are cut, and fail together when their connection breaks. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it, test } from 'vitest'
import { type HttpAnswer, httpAnswers } from '../../../../infra/local/engine/http-answers.ts'
import { type HttpPipelines, httpPipelines } from '../../../../infra/local/engine/http-pipelines.ts'

const counted = (text: string, more = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(text)}\r\n${more}\r\n${text}`
const chunked = (texts: readonly string[]) => {
  const chunks = [...texts.filter((text) => text !== ''), ''].map((text) => {
    return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
  })
  return `HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}`
}

function answersIn(parts: readonly Buffer[]): HttpAnswer[] {
  const found: HttpAnswer[] = []
  const take = httpAnswers((answer) => found.push(answer))
  for (const part of parts) take(part)
  return found
}

test('answers are the same however their bytes are cut', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constant('x'.repeat(70_000)),
    fc.constant('\r\n\r\nHTTP/1.1 200 OK'),
  )
  const answer = fc.oneof(
    text.map((each) => ({ bytes: counted(each), expected: { status: 200, text: each, isLast: false } })),
    text.map((each) => ({
      bytes: counted(each, 'Connection: close\r\n'),
      expected: { status: 200, text: each, isLast: true },
    })),
    fc.array(text, { maxLength: 3 }).map((each) => ({
      bytes: chunked(each),
      expected: { status: 400, text: each.join(''), isLast: false },
    })),
  )
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 4 }), fc.array(fc.nat(2_000), { maxLength: 20 }), (answers, cuts) => {
      let bytes = Buffer.from(answers.map((each) => each.bytes).join(''))
      const parts = cuts.map((cut) => {
        const part = bytes.subarray(0, cut)
        bytes = bytes.subarray(cut)
        return part
      })
      expect(answersIn([...parts, bytes])).toEqual(answers.map(({ expected }) => expected))
    }),
    { numRuns: 60 },
  )
})

test.each([
  ['no HTTP', 'nothing\r\n\r\n'],
  ['another version', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['no length', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['a length without end', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'],
  ['a head without end', 'x'.repeat(70_000)],
  ['a chunk of no size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n'],
  ['a chunk that does not end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\naaa\r\n'],
])('is not understood: %s', (_, text) => {
  expect(() => answersIn([Buffer.from(text)])).toThrow('the engine sent')
})

describe('a server', () => {
  let server: Server
  let client: HttpPipelines | undefined
  afterEach(() => {
    client?.destroy()
    server.close()
  })

  /** @param respond to a request by its body, on the connection that it came on */
  async function serve(respond: (body: string, socket: Socket) => void, timeoutMs = 2_000): Promise<HttpPipelines> {
    server = createServer((socket) => {
      let text = ''
      socket.on('error', () => {})
      socket.on('data', (more) => {
        text += String(more)
        for (;;) {
          const [whole, length, rest = ''] = /^POST .*?content-length: (\d+)\r\n\r\n(.*)$/s.exec(text) ?? []
          if (whole === undefined || rest.length < Number(length)) return
          text = rest.slice(Number(length))
          respond(rest.slice(0, Number(length)), socket)
        }
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    client = httpPipelines(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs)
    return client
  }

  it('answers each of many requests with its own, on few connections', async () => {
    const sockets = new Set<Socket>()
    const { post } = await serve((body, socket) => {
      sockets.add(socket)
      setTimeout(() => socket.write(counted(`of ${body}`)), Number(body) % 3)
    })
    const bodies = Array.from({ length: 200 }, (_, n) => String(n - (n % 3)))
    const answers = await Promise.all(bodies.map((body) => post('', body)))
    expect(answers.map(({ text }) => text)).toEqual(bodies.map((body) => `of ${body}`))
    expect(sockets.size).toBe(8)
  })

  it('fails what waits on a connection that breaks, and goes on with another', async () => {
    let asked = 0
    const { post } = await serve((body, socket) => {
      if (++asked === 1) socket.write(`${counted('first')}HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf`)
      else if (body === 'last') socket.write(counted('last'))
      else socket.destroy()
    })
    expect((await post('', 'one')).text).toBe('first')
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => post('', 'break')))
    for (const each of settled) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } })
    expect((await post('', 'last')).text).toBe('last')
  })

  it('sends nothing more on a connection that the server closes', async () => {
    const { post } = await serve((_, socket) => socket.end(counted('bye', 'connection: close\r\n')))
    expect((await post('', 'one')).text).toBe('bye')
    expect((await post('', 'two')).text).toBe('bye')
  })

  it('gives up a connection that does not answer, although more is sent', async () => {
    const { post } = await serve(() => {}, 60)
    const ask = () => post('', 'silence').catch((error: unknown) => error)
    const asked = Array.from({ length: 8 }, ask)
    const more = setInterval(() => void asked.push(ask()), 10)
    expect(await asked[0]).toMatchObject({ name: 'TimeoutError' })
    clearInterval(more)
  })

  it('gives up one answer and leaves the others', async () => {
    const { post } = await serve((body, socket) => void setTimeout(() => socket.write(counted(body)), 20))
    const stop = new AbortController()
    const asked = Array.from({ length: 9 }, (_, n) => post('', String(n), n === 0 ? stop.signal : undefined))
    stop.abort()
    await expect(asked[0]).rejects.toMatchObject({ name: 'AbortError' })
    expect((await Promise.all(asked.slice(1))).map(({ text }) => text)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
    ])
    await expect(post('', 'x', stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('says so when there is no server', async () => {
    const { post } = await serve(() => {})
    server.close()
    await once(server, 'close')
    await expect(post('', 'x')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
