/**
 * A proxy in front of a database engine that fails as DynamoDB and networks do. It decides request by request, by the operation
 * (`X-Amz-Target`), so a test chooses exactly which call fails, and how.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type EngineReply, postToEngine } from './engine-request.ts'

export type Fault =
  /** HTTP 400 with this type, e.g. `ThrottlingException`; nothing is forwarded. */
  | { readonly fault: 'refuse'; readonly type: string }
  /** HTTP 500 as a full disk makes Dynoxide answer, or 503; nothing is forwarded. */
  | { readonly fault: 'status'; readonly status: 500 | 503 }
  /** The connection closes; nothing is forwarded. */
  | { readonly fault: 'drop' }
  /** No answer, ever; nothing is forwarded. */
  | { readonly fault: 'hang' }
  /** Carried out, and then the connection closes. */
  | { readonly fault: 'lose-answer' }
  /** These statements of a BatchExecuteStatement fail inside the 200; they are not carried out. */
  | { readonly fault: 'statements'; readonly code: string; readonly at: readonly number[] }
  /** These keys of a BatchGetItem come back unprocessed. */
  | { readonly fault: 'unprocessed'; readonly at: readonly number[] }

export interface ProxiedRequest {
  readonly operation: string
  /** Statements or keys in it. */
  readonly size: number
  /** A strongly consistent read was asked for. */
  readonly consistent: boolean
  /** How many requests of this operation came before. */
  readonly earlier: number
}

export interface FaultProxy {
  readonly endpoint: string
  /** Every request seen, oldest first. */
  readonly seen: ProxiedRequest[]
  /** What happens to a request; set anew by each test. */
  decide: (request: ProxiedRequest) => Fault | undefined
  stop(): Promise<void>
}

interface BatchStatements {
  readonly Statements: readonly unknown[]
}
interface BatchKeys {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly unknown[] }>>
}
type Answer = { readonly status: number; readonly body: string } | 'close' | 'silence'

const amzJson = 'application/x-amz-json-1.0'

export async function startFaultProxy(engineEndpoint: string): Promise<FaultProxy> {
  const server = createServer((request, response) => {
    void answer(request).then(
      (result) => reply(response, result),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  async function answer(request: IncomingMessage): Promise<Answer> {
    const target = String(request.headers['x-amz-target'])
    const operation = target.slice(target.indexOf('.') + 1)
    const body = await textOf(request)
    const earlier = proxy.seen.filter((other) => other.operation === operation).length
    const consistent = body.includes('"ConsistentRead":true')
    const proxied = { operation, size: sizeOf(operation, body), consistent, earlier }
    proxy.seen.push(proxied)
    const forward = (text: string): Promise<{ status: number; body: string }> => post(engineEndpoint, request, text)
    const decided = proxy.decide(proxied)
    switch (decided?.fault) {
      case undefined:
        return forward(body)
      case 'refuse':
        return { status: 400, body: errorBody(decided.type) }
      case 'status':
        return {
          status: decided.status,
          body: errorBody(decided.status === 500 ? 'InternalServerError' : 'ServiceUnavailable'),
        }
      case 'drop':
        return 'close'
      case 'hang':
        return 'silence'
      case 'lose-answer':
        await forward(body)
        return 'close'
      case 'statements':
        return failStatements(body, decided.code, new Set(decided.at), forward)
      case 'unprocessed':
        return leaveUnprocessed(body, new Set(decided.at), forward)
    }
  }

  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${port}`,
    seen: [],
    decide: () => undefined,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return proxy
}

type Forward = (body: string) => Promise<{ status: number; body: string }>

async function failStatements(body: string, Code: string, at: ReadonlySet<number>, forward: Forward): Promise<Answer> {
  const input: BatchStatements = JSON.parse(body)
  const kept = input.Statements.filter((_, index) => !at.has(index))
  const carriedOut = kept.length === 0 ? [] : await responsesOf(forward, { ...input, Statements: kept })
  if (!Array.isArray(carriedOut)) return carriedOut
  const answers = carriedOut.values()
  const Responses = input.Statements.map((_, index) =>
    at.has(index) ? { Error: { Code, Message: 'injected' } } : answers.next().value,
  )
  return { status: 200, body: JSON.stringify({ Responses }) }
}

async function responsesOf(forward: Forward, input: BatchStatements): Promise<unknown[] | Exclude<Answer, string>> {
  const answer = await forward(JSON.stringify(input))
  if (answer.status !== 200) return answer
  const { Responses }: { Responses: unknown[] } = JSON.parse(answer.body)
  return Responses
}

async function leaveUnprocessed(body: string, at: ReadonlySet<number>, forward: Forward): Promise<Answer> {
  const input: BatchKeys = JSON.parse(body)
  const [[table, request] = ['', { Keys: [] }]] = Object.entries(input.RequestItems)
  const kept = request.Keys.filter((_, index) => !at.has(index))
  const left = request.Keys.filter((_, index) => at.has(index))
  const UnprocessedKeys = left.length === 0 ? {} : { [table]: { ...request, Keys: left } }
  if (kept.length === 0) return { status: 200, body: JSON.stringify({ Responses: { [table]: [] }, UnprocessedKeys }) }
  const answer = await forward(JSON.stringify({ ...input, RequestItems: { [table]: { ...request, Keys: kept } } }))
  if (answer.status !== 200) return answer
  return { status: 200, body: JSON.stringify({ ...JSON.parse(answer.body), UnprocessedKeys }) }
}

function sizeOf(operation: string, body: string): number {
  if (operation === 'BatchExecuteStatement') {
    const { Statements }: BatchStatements = JSON.parse(body)
    return Statements.length
  }
  if (operation !== 'BatchGetItem') return 1
  const { RequestItems }: BatchKeys = JSON.parse(body)
  return Object.values(RequestItems).reduce((sum, { Keys }) => sum + Keys.length, 0)
}

function post(endpoint: string, request: IncomingMessage, body: string): Promise<EngineReply> {
  const headers: Record<string, string> = { 'content-type': amzJson }
  for (const name of ['x-amz-target', 'authorization', 'x-amz-date']) headers[name] = String(request.headers[name])
  return postToEngine(endpoint, headers, body)
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return
  if (answer === 'close') response.destroy()
  else response.writeHead(answer.status, { 'content-type': amzJson }).end(answer.body)
}

function errorBody(type: string): string {
  return JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'injected' })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
