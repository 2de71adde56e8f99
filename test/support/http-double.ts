/**
 * What the doubles of AWS's services share: a server on this machine that reads a request whole, may fail it as services and
 * networks do, and otherwise carries it out. A test decides for each request whether and how it fails.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'

export type Fault =
  /** The service's own error of this code; nothing is carried out. */
  | { readonly fault: 'refuse'; readonly status: number; readonly code: string }
  /** The connection closes; nothing is carried out. */
  | { readonly fault: 'drop' }
  /** No answer, ever; nothing is carried out. */
  | { readonly fault: 'hang' }
  /** Carried out, and then the connection closes. */
  | { readonly fault: 'lose-answer' }
  /** Carried out, and the connection closes within the body of the answer. */
  | { readonly fault: 'cut' }
  /** Carried out, and half of the body is sent, and then nothing. */
  | { readonly fault: 'stall' }
  /** Carried out, and the body arrives with a bit changed. */
  | { readonly fault: 'corrupt' }

export interface DoubleRequest {
  /** `PutObject`, `Sign`, ... */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** How many requests of this operation came before. */
  readonly earlier: number
}

export interface DoubleAnswer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Uint8Array
}

export interface Double {
  readonly endpoint: string
  /** Every request seen, oldest first. */
  readonly seen: DoubleRequest[]
  /** What happens to a request; set anew by each test. */
  decide: (request: DoubleRequest) => Fault | undefined
  stop(): Promise<void>
}

export interface Behaviour {
  operationOf(request: Omit<DoubleRequest, 'operation' | 'earlier'>): string
  answer(request: DoubleRequest): DoubleAnswer
  refusal(status: number, code: string): DoubleAnswer
}

export async function startDouble(service: Behaviour): Promise<Double> {
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await requestOf(incoming)
    const decided = double.decide(request)
    double.seen.push(request)
    if (decided?.fault === 'hang') return
    if (decided?.fault === 'drop') response.destroy()
    else if (decided?.fault === 'refuse') send(response, service.refusal(decided.status, decided.code))
    else fail(response, service.answer(request), decided)
  }

  async function requestOf(incoming: IncomingMessage): Promise<DoubleRequest> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const url = new URL(incoming.url ?? '/', double.endpoint)
    const request = {
      method: incoming.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks),
    }
    const operation = service.operationOf(request)
    const earlier = double.seen.filter((other) => other.operation === operation).length
    return { ...request, operation, earlier }
  }

  const double: Double = {
    endpoint: `http://127.0.0.1:${port}`,
    seen: [],
    decide: () => undefined,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return double
}

function fail(response: ServerResponse, answer: DoubleAnswer, decided: Fault | undefined): void {
  const body = Buffer.from(answer.body ?? '')
  switch (decided?.fault) {
    case 'lose-answer':
      response.destroy()
      return
    case 'cut':
    case 'stall':
      response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
      response.write(body.subarray(0, body.length / 2), () => {
        if (decided.fault === 'cut') response.destroy()
      })
      return
    case 'corrupt':
      send(response, { ...answer, body: body.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) })
      return
    default:
      send(response, answer)
  }
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: DoubleAnswer): void {
  const bytes = Buffer.from(body)
  // 204 and 304 apart, S3 and KMS always say how long an answer is.
  response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes)
}
