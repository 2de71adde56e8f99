/**
 * Calls the ledger for the demo, with the credentials of the demo world. Checks each answer against its schema and the story's expectation;
 * the first that differs ends the story with a sentence.
 */
import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'
import { problem } from '../../shared/api/schemas/answers.ts'
import { audienceOf, type DevelopmentIssuer } from '../local/development-issuer.ts'
import type { DemoLanguage } from './page.ts'

/** The type that a schema checks for. */
export type Checked<S extends z.ZodType> = z.output<S>

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Site whose key is sent, as `<controller>/<site>`. */
  readonly site?: string
  /** Value of the Authorization header. */
  readonly authorization?: string
  readonly body?: unknown
}

export interface DemoClient {
  readonly url: string
  /** Sends a request and returns the answer. Throws a sentence when its status or schema is another. */
  call<T>(request: Request, status: number, schema: z.ZodType<T>): Promise<T>
  /** Throws a sentence unless the ledger with these site keys answers. */
  reach(): Promise<void>
  /** An Authorization header with a token of the controller's identity provider. */
  bearer(controller: string, subject: string, scope?: string): Promise<string>
  expect(what: string, actual: unknown, expected: unknown): void
  /** Number of answers received. */
  calls(): number
}

export interface DemoLedger {
  readonly url: string
  /** Keys by `<controller>/<site>`. */
  readonly sites: Readonly<Record<string, string>>
  readonly issuer: DevelopmentIssuer
  /** The language of sentences and titles in answers. */
  readonly language?: DemoLanguage
}

const timeoutMs = 15_000
const tokenLifetimeSeconds = 600

export function demoClient({ url, sites, issuer, language = 'en' }: DemoLedger): DemoClient {
  let calls = 0

  async function send({
    method,
    path,
    site,
    authorization,
    body,
  }: Request): Promise<{ status: number; json: unknown }> {
    const headers: Record<string, string> = { 'accept-language': language }
    if (site !== undefined) headers['x-site-key'] = sites[site] ?? ''
    if (authorization !== undefined) headers.authorization = authorization
    if (body !== undefined) headers['content-type'] = 'application/json'
    const signal = AbortSignal.timeout(timeoutMs)
    const sent = fetch(url + path, {
      method,
      headers,
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const response = await sent.catch((cause: unknown) => {
      const next = 'run `npm start` in another terminal, then `npm run demo` again'
      throw new Error(`No ledger answers at ${url}: ${next}.`, { cause })
    })
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    calls += 1
    return { status: response.status, json: isJson ? JSON.parse(text) : text }
  }

  return {
    url,
    async call(request, status, schema) {
      const answer = await send(request)
      const asked = `${request.method} ${pathOf(request)}`
      if (answer.status !== status) {
        throw new Error(`${asked} was to answer ${status}, and answered ${answer.status}${reasonIn(answer.json)}`)
      }
      const read = schema.safeParse(answer.json)
      if (read.success) return read.data
      const [issue] = read.error.issues
      throw new Error(`${asked} answered otherwise than its schema: /${issue?.path.join('/')}: ${issue?.message}`)
    },

    async reach() {
      const { status } = await send({ method: 'GET', path: '/v1/notices/cookie-policy', site: 'ljungsten/web' })
      if (status === 401) {
        throw new Error(
          `The ledger at ${url} does not know the site keys in demo.json: name its own folder with --data.`,
        )
      }
      if (status !== 200) throw new Error(`What answers at ${url} does not serve the demo world: it said ${status}.`)
    },

    async bearer(controller, subject, scope = '') {
      const audience = audienceOf(controller)
      return `Bearer ${await issuer.token({ audience, subject, scope, lifetimeSeconds: tokenLifetimeSeconds })}`
    },

    expect(what, actual, expected) {
      if (isDeepStrictEqual(actual, expected)) return
      throw new Error(`${what} was to be ${JSON.stringify(expected)}, and is ${JSON.stringify(actual)}`)
    },

    calls: () => calls,
  }
}

/** A path without its query. */
export function pathOf({ path }: Pick<Request, 'path'>): string {
  return path.split('?')[0] ?? path
}

function reasonIn(json: unknown): string {
  const read = problem.safeParse(json)
  return read.success ? ` (${read.data.code}: ${read.data.detail ?? read.data.title})` : ''
}
