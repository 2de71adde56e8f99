/**
 * The site's HTTP server: requests become visits, replies become responses. It listens before it serves pages, because the ledger is
 * created with the origin that it listens on.
 *
 * A request that changes something and names another origin is refused, because forms come from the site's own pages. Pages may load and
 * call only the site itself and the ledger's banner and API.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { ProblemError } from '../../../shared/server/server.ts'
import { languageOf, wordsIn } from './language.ts'
import { pages } from './pages.ts'
import { notFound, unavailable } from './refusals.ts'
import { sessionCookie } from './sessions.ts'
import type { Reply, Site, Visit } from './site.ts'

export interface SiteServerOptions {
  readonly host: string
  readonly port: number
  readonly onFault: (routeKey: string, error: unknown) => void
}

export interface SiteServer {
  readonly url: string
  open(site: Site): void
  close(): Promise<void>
}

const maxFormBytes = 16 * 1024

export async function listen({ host, port, onFault }: SiteServerOptions): Promise<SiteServer> {
  let site: Site | undefined
  const server = createServer((request, response) => {
    if (site === undefined) response.writeHead(503, { 'retry-after': '1' }).end()
    else {
      const { method, url = '' } = request
      answer(site, request, response, (error) => onFault(`${method} ${url.split('?')[0]}`, error)).catch(() =>
        response.destroy(),
      )
    }
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const bound = typeof address === 'object' ? address?.port : port
  return {
    url: `http://${host}:${bound}`,
    open(opened) {
      site = opened
    },
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  onFault: (error: unknown) => void,
): Promise<void> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', site.url)
  const { origin } = request.headers
  if (request.method === 'POST' && origin !== undefined && origin !== site.url) return refuse(response, 403)
  const form = await formOf(request)
  if (form === undefined) return refuse(response, 413)
  const cookies = cookiesOf(request)
  const words = wordsIn(languageOf(query, cookies))
  const visit: Visit = { path, query, form, words, session: site.sessions.of(cookies) }
  const handler = pages[`${request.method} ${path}`] ?? notFound
  send(site, response, await reply(() => handler(site, visit), visit, onFault))
}

/** On any failure the page says that nothing was decided, opened or sent. That is true, because each handler calls the ledger first. */
async function reply(
  handle: () => Reply | Promise<Reply>,
  visit: Visit,
  onFault: (error: unknown) => void,
): Promise<Reply> {
  try {
    return await handle()
  } catch (error) {
    onFault(error instanceof ProblemError ? error.code : error)
    return unavailable(visit)
  }
}

function send(site: Site, response: ServerResponse, given: Reply): void {
  const headers: Record<string, string> = { ...securityHeaders(site) }
  if ('session' in given && given.session)
    headers['set-cookie'] = `${sessionCookie}=${given.session.id}; Path=/; HttpOnly; SameSite=Lax`
  if ('goTo' in given) response.writeHead(303, { ...headers, location: given.goTo }).end()
  else if ('page' in given) {
    const body = `<!doctype html>\n${given.page.text}`
    response.writeHead(given.status ?? 200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(body)
  } else response.writeHead(given.status ?? 200, { ...headers, 'content-type': given.mediaType }).end(given.body)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end()
}

function securityHeaders({ ledgerUrl }: Site): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${ledgerUrl}`,
    `connect-src 'self' ${ledgerUrl}`,
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
}

function cookiesOf({ headers }: IncomingMessage): ReadonlyMap<string, string> {
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('='))
  return new Map(pairs.map(([name = '', value = '']) => [name, value]))
}

/** `undefined` when the form is too large. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxFormBytes) return undefined
  if (request.method !== 'POST' || request.headers['content-length'] === undefined) return new URLSearchParams()
  return new URLSearchParams((await buffer(request)).toString())
}
