/** A request to a database engine, by `node:http`: `fetch` refuses the ports that engines listen on, as browsers do. */
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

const agent = new Agent({ keepAlive: true })

export interface EngineReply {
  readonly status: number
  readonly body: string
}

export async function postToEngine(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<EngineReply> {
  const sent = request(endpoint, { method: 'POST', agent, headers })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, body: await text(response) }
}
