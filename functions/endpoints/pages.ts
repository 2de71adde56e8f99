/**
 * The pages and their scripts, below `/console`: the console at `/console/` itself, the preference centre, the banner. A page may run its own
 * scripts and styles and call the ledger that served it; the console also calls the identity providers in its `config.json`. Scripts and
 * styles may be loaded by pages of every origin.
 */
import { hash } from 'node:crypto'
import type { ConsoleConfig } from '../../shared/api/schemas/console-config.ts'
import { LedgerError } from '../../shared/errors.ts'
import { workerPolicyName } from '../console/verify/worker-policy.ts'
import { type Answer, type Call, type Endpoint, header, ok, pathParameter } from '../http/call.ts'
import { scriptedPage } from '../http/content-security-policy.ts'
import { serviceEndpoints } from './service.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
}

/** What never changes under its name has a hash in it, as `infra/bundle/console-app.ts` builds it. */
const hashedName = /-[A-Z0-9]{8}\.(js|css)$/

const policyOfPages = scriptedPage()

const commonHeaders = {
  'content-security-policy': policyOfPages,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
}

const consolePage = 'index.html'

/**
 * The files are read at the first request. A failure is not cached.
 *
 * @param configOf where people sign in; asked at each request for `config.json` or for the page of the console
 * @param filesAt other origins to which the console sends the files of imports, and from which it reads what was made of them
 */
export function pageEndpoints(configOf: (call: Call) => Promise<ConsoleConfig>, filesAt: readonly string[] = []) {
  let files: Promise<ReadonlyMap<string, string>> | undefined

  async function read(): Promise<ReadonlyMap<string, string>> {
    files ??= import('./console-files.ts').then(
      async ({ consoleFiles }) => new Map(Object.entries(await consoleFiles())),
    )
    return files.catch((error: unknown) => {
      files = undefined
      throw error
    })
  }

  async function serveConfig(call: Call): Promise<Answer> {
    const text = JSON.stringify(await configOf(call))
    return serve(call, text, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
  }

  async function serveFile(call: Call, name: string): Promise<Answer> {
    const all = await read()
    const text = all.get(name)
    const mediaType = mediaTypes[name.split('.').at(-1) ?? '']
    if (text === undefined || mediaType === undefined) {
      throw new LedgerError('not-found', 'no such file', { given: name, allowed: [...all.keys()] })
    }
    return serve(call, text, {
      'content-type': mediaType,
      'cache-control': hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      ...(name === consolePage && {
        // A release gives its scripts other names and takes the earlier files away.
        'cache-control': 'no-cache',
        // Otherwise a page that opened it could navigate it elsewhere while somebody works in it.
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': scriptedPage(
          [...providersIn(await configOf(call), header(call, 'host')), ...filesAt],
          [workerPolicyName],
        ),
      }),
    })
  }

  return {
    /** The address of the console ends in a slash, since its files stand below it. API Gateway may route that address here as well. */
    async getConsole(call) {
      if (call.event.rawPath.endsWith('/')) return serveFile(call, consolePage)
      const headers = { ...commonHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }
      return { statusCode: 308, body: '', headers: { ...headers, location: 'console/' } }
    },

    async getConsoleFile(call) {
      const asked = pathParameter(call, 'file')
      return asked === 'config.json' ? serveConfig(call) : serveFile(call, asked)
    },

    /** Browsers ask for it wherever a page links no icon, such as an answer in JSON. */
    getIcon: (call) => serveFile(call, 'icon.svg'),

    /** API Gateway knows no route that ends in a slash, so the console's address comes here. */
    async fallback(call) {
      const { method } = call.event.requestContext.http
      const isConsole = call.event.rawPath === '/console/' && (method === 'GET' || method === 'HEAD')
      return isConsole ? serveFile(call, consolePage) : serviceEndpoints.fallback(call)
    },
  } satisfies Record<string, Endpoint>
}

/** The tag is weak, because the same text may be sent compressed. */
function serve(call: Call, text: string, itsHeaders: Readonly<Record<string, string>>): Answer {
  const etag = `W/"${hash('sha256', text, 'base64url')}"`
  const headers = { ...commonHeaders, etag, ...itsHeaders }
  return header(call, 'if-none-match') === etag ? { statusCode: 304, body: undefined, headers } : ok(text, headers)
}

/**
 * Origins at which the console exchanges codes for tokens: that of a token endpoint, or of an issuer where the endpoint is to be discovered.
 * So where a discovered endpoint has another origin than the issuer, the configuration has to name it.
 */
function providersIn({ controllers }: ConsoleConfig, ownHost: string | undefined): readonly string[] {
  const origins = controllers.flatMap(({ tokenEndpoint, issuer }) => {
    const address = URL.parse(tokenEndpoint ?? issuer)
    const isOther = address !== null && /^https?:$/.test(address.protocol) && address.host !== ownHost
    return isOther ? [address.origin] : []
  })
  return [...new Set(origins)]
}
