/** Checks that a server can listen before anything is created for it, and names the host under which it is reached. */
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Listens for a moment. If another program takes the port before the server does, the server fails with the same message.
 *
 * @param option the option that names the port, for the message
 * @throws Error for users, when nothing can listen there
 */
export async function requireFreePort(host: string, port: number, option = '--port'): Promise<void> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw notListening(error, host, port, option)
  }
  server.close()
  await once(server, 'close')
}

export function notListening(error: unknown, host: string, port: number, option = '--port'): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error
  if (error.code === 'EADDRINUSE') return new Error(`port ${port} is taken; choose another with ${option} N`)
  return new Error(`cannot listen on --host ${host}, ${option} ${port}: ${error.message}`)
}

/** Whether only programs on this machine reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** The host for links to a server that listens on `host`. Browsers cannot open 0.0.0.0 and ::, which mean all addresses of a machine. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
