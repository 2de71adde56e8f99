/** The calls of a c15t client, as it was recorded making them: with its headers, from a page of the site. */
import { type Reply, type RunningLedger, siteKeyOf } from './running-ledger.ts'

export const pageOrigin = 'https://www.ljungsten.example'

const clientHeaders = () => ({
  'content-type': 'application/json',
  'x-request-id': crypto.randomUUID(),
  'x-c15t-version': '2.2.1',
  origin: pageOrigin,
})

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** As the client makes them: 27 characters of base58. */
export function aSubjectId(): string {
  const random = crypto.getRandomValues(new Uint8Array(27))
  return `sub_${Array.from(random, (byte) => base58[byte % base58.length]).join('')}`
}

export class C15tClient {
  readonly subjectId = aSubjectId()
  readonly #ledger: RunningLedger
  readonly #base: string
  readonly #headers: Record<string, string>

  constructor(ledger: RunningLedger, headers: Record<string, string> = {}, site = 'ljungsten/web') {
    this.#ledger = ledger
    this.#headers = headers
    this.#base = `/c15t/${siteKeyOf(ledger, site)}`
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#ledger.send(this.#base + path, {
      method,
      headers: { ...clientHeaders(), ...this.#headers, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  preflight(path: string, method: string, origin = pageOrigin): Promise<Reply> {
    const asked = 'content-type,x-c15t-version,x-request-id'
    return this.#ledger.send(this.#base + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': asked },
    })
  }

  /** A submission of this client, at the ledger's present; `more` replaces members. */
  submission(preferences: Record<string, boolean>, more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      type: 'cookie_banner',
      domain: 'www.ljungsten.example',
      preferences: { necessary: true, ...preferences },
      subjectId: this.subjectId,
      jurisdiction: 'GDPR',
      jurisdictionModel: 'opt-in',
      givenAt: Date.parse(this.#ledger.now()),
      uiSource: 'banner',
      consentAction: 'custom',
      ...more,
    }
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.call('POST', '/subjects', body, headers)
  }

  decide(preferences: Record<string, boolean>, more: Record<string, unknown> = {}): Promise<Reply> {
    return this.post(this.submission(preferences, more))
  }
}
