/**
 * A receiver of messages that listens on a real socket. It verifies what it gets with the library of Standard Webhooks, and refuses a message that the
 * OpenAPI document does not describe.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { messages } from '../../shared/api/schemas/messages.ts'

export interface Received {
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of any type
  readonly message: any
}

export interface WebhookReceiver {
  readonly url: string
  /** What verified, in the order in which it came. */
  readonly received: Received[]
  /** Messages whose signature did not verify, or that are not as described. */
  refused: number
  secret: string
  status: number
  close(): Promise<void>
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]))
    try {
      // biome-ignore lint/suspicious/noExplicitAny: the schema of its type says below what it has
      const message: any = new Webhook(receiver.secret).verify(body, headers)
      const described = messages.get(message.type)
      if (described === undefined) throw new Error('a message of a type that is not described')
      described.parse(message)
      if (receiver.status < 300) receiver.received.push({ id: headers['webhook-id'] ?? '', message })
      response.writeHead(receiver.status).end()
    } catch {
      receiver.refused++
      response.writeHead(400).end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/consent`,
    received: [],
    refused: 0,
    secret: '',
    status: 204,
    close: () => new Promise((done) => server.close(() => done())),
  }
  return receiver
}
