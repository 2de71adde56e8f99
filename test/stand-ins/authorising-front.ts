/**
 * One endpoint in front of the stand-ins, as `AWS_ENDPOINT_URL` names it: it finds out who asks, refuses what the policies in the
 * templates do not allow, and passes the rest on to the service that stands in.
 *
 * Who asks: a role is known by the access key that the stand-in for STS gave out for it; everybody else is the account's owner, whom
 * only a Deny refuses. Signatures are not checked.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { Grant } from '../support/grants.ts'
import { isAllowed, type Statements } from '../support/role-requests.ts'
import { operationOf, type Right, rightsOf, type WireRequest } from './request-rights.ts'

export interface Front {
  readonly endpoint: string
  /** Requests that were refused: `who: action of target`. */
  readonly refused: string[]
  /** Requests that were passed on: `who: action`. */
  readonly allowed: Set<string>
  close(): Promise<void>
}

export interface FrontOptions {
  /** Base address of the stand-in for a request. */
  readonly standInOf: (request: WireRequest) => string
  /** Statements of the templates; undefined as long as nothing is deployed. */
  readonly statements: () => Statements | undefined
  /** What a table, bucket, object, key is called in those statements. */
  readonly nameOf: (target: string) => string
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const owner: Grant = { holder: 'owner', effect: 'Allow', actions: ['*'], resources: ['*'], statement: everything }

export async function startFront({ standInOf, statements, nameOf }: FrontOptions): Promise<Front> {
  const roles = new Map<string, string>()
  const refused: string[] = []
  const allowed = new Set<string>()

  function isRefused(by: string, { action, target, context }: Right): boolean {
    const known = statements()
    if (known === undefined) return false
    const all = { ...known, ofRoles: [...known.ofRoles, owner] }
    const is = isAllowed(all, { by, action, resource: nameOf(target), context })
    if (is) allowed.add(`${by}: ${action}`)
    else refused.push(`${by}: ${action} of ${target} ${JSON.stringify(context)}`)
    return !is
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const [, accessKey = '', service = ''] =
      /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? []
    const request: WireRequest = {
      service,
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '/', 'http://front'),
      headers: incoming.headers as WireRequest['headers'],
      body: body.toString(),
    }
    const by = roles.get(accessKey) ?? 'owner'
    if (rightsOf(request).filter((right) => isRefused(by, right)).length > 0) return refuse(request, response)
    const asked = new URLSearchParams(request.body)
    const { status, headers, bytes } = await passOn(standInOf(request), incoming, body)
    if (service === 'sts' && asked.get('Action') === 'AssumeRole') {
      const given = /<AccessKeyId>([^<]+)</.exec(bytes.toString())?.[1]
      if (given !== undefined) roles.set(given, asked.get('RoleArn')?.split('/').at(-1) ?? '')
    }
    response.writeHead(status, headers).end(bytes)
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    refused,
    allowed,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function passOn(base: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const outgoing = send(new URL(url ?? '/', base), { method, headers: { ...headers, host: new URL(base).host } })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const { 'transfer-encoding': _, ...kept } = answer.headers
  const bytes = Buffer.concat(chunks)
  return { status: answer.statusCode ?? 500, headers: { ...kept, 'content-length': bytes.length }, bytes }
}

/** As the services refuse. Statements of a batch are refused one by one, within an answer of 200. */
function refuse(request: WireRequest, response: ServerResponse): void {
  const Message = 'not authorized to perform this action'
  if (request.service === 's3') {
    response.writeHead(403, { 'content-type': 'application/xml' })
    response.end(`<Error><Code>AccessDenied</Code><Message>${Message}</Message></Error>`)
  } else if (operationOf(request) === 'BatchExecuteStatement') {
    const Responses = JSON.parse(request.body).Statements.map(() => ({ Error: { Code: 'AccessDenied', Message } }))
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ Responses }))
  } else {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message: Message }))
  }
}
