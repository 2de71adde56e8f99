/** A gateway with a handler of the test's, and connections to it that send any bytes. */
import { connect, type Socket } from 'node:net'
import type { APIGatewayProxyResultV2 } from 'aws-lambda'
import { expect } from 'vitest'
import { servedRoutes } from '../../functions/served-routes.ts'
import { startGateway } from '../../infra/local/gateway/gateway.ts'
import { handlersFor } from '../../infra/local/gateway/handlers.ts'
import type { Gateway, GatewayOptions, Handler } from '../../infra/local/gateway/options.ts'
import { eventually } from './eventually.ts'

/** Ended and closed after each test, whatever happened in it. */
const open: { gateways: Gateway[]; sockets: Socket[] } = { gateways: [], sockets: [] }

/** For `afterEach`. */
export async function endGateways(): Promise<void> {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  await Promise.all(open.gateways.splice(0).map((gateway) => gateway.close()))
}

export async function start(handler: Handler, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const handlers = handlersFor(() => handler)
  const gateway = await startGateway({ routes: servedRoutes, handlers, host: '127.0.0.1', port: 0, ...options })
  open.gateways.push(gateway)
  return gateway
}

/** A result of any shape, as a handler without types might return it. */
export function returning(result: unknown): Handler {
  return async () => result as APIGatewayProxyResultV2
}

/** Answers with the event that it got. */
export const echo: Handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })

export interface Raw {
  readonly socket: Socket
  /** All that the server has sent until now. */
  received(): string
  /** Until the server has sent this. */
  until(text: string): Promise<string>
  readonly ended: Promise<string>
}

export async function raw(gateway: Pick<Gateway, 'port'>, ...parts: string[]): Promise<Raw> {
  const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1')
  open.sockets.push(socket)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const { promise: ended, resolve } = Promise.withResolvers<string>()
  socket.on('error', () => {})
  socket.on('close', () => resolve(text))
  for (const part of parts) socket.write(part, 'latin1')
  async function until(wanted: string): Promise<string> {
    await eventually(() => expect(text).toContain(wanted))
    return text
  }
  return { socket, received: () => text, until, ended }
}

export function head(line: string, ...headers: string[]): string {
  return `${[`${line} HTTP/1.1`, 'Host: ledger.test', ...headers].join('\r\n')}\r\n\r\n`
}
