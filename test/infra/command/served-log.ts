/** A log served as the ledger serves it, bundles for a token only, by a server that notes what it is asked for and can be made to lie. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Files } from '../../shared/verify/log-files.ts'

export const token = 'secret'

export interface ServedLog {
  readonly base: string
  /** Paths below the log's address, in the order in which they were asked for. */
  readonly asked: string[]
  log: Files
  /** Answers in place of the log when it returns true. */
  instead: (path: string, response: ServerResponse, request: IncomingMessage) => boolean
  close(): Promise<void>
}

export async function serveLog(log: Files): Promise<ServedLog> {
  const asked: string[] = []
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const path = url.pathname.replace('/log/acme/', '')
    asked.push(path + url.search)
    if (served.instead(path, response, request)) return
    const { files, checkpoints } = served.log
    if (path.startsWith('tile/entries') && request.headers.authorization !== `Bearer ${token}`)
      return void response.writeHead(401).end()
    if (path === 'checkpoint') return void response.end(checkpoints.at(-1)?.note)
    if (path === 'checkpoints') {
      const page = checkpoints.filter((c) => c.size > Number(url.searchParams.get('after') ?? -1)).slice(0, 2)
      const last = page.at(-1)
      return void response.end(JSON.stringify({ checkpoints: page, ...(page.length === 2 && { next: last?.size }) }))
    }
    const bytes = files.get(path)
    if (bytes === undefined) response.writeHead(404).end()
    else response.end(bytes)
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const served: ServedLog = {
    base: `http://127.0.0.1:${address.port}/log/acme`,
    asked,
    log,
    instead: () => false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return served
}
