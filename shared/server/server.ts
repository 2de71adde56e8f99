/**
 * `@consent-ledger/server`: the ledger for servers. It has no dependency and needs only the web's `fetch` and `crypto`, so it runs in
 * Node 20, Deno, Bun and edge runtimes. README.md is an introduction.
 */

import { type OperationId, operations, type Scope } from './operations.ts'
import { parseAnswer } from './problem-error.ts'
import { type Attempt, type Conditions, callWithRetries } from './retries.ts'
import type { Person, ServerLedger } from './server-ledger.ts'
import { wholeTimeline } from './whole-timeline.ts'
import type { MinimalAnswer, NewEvent, NewOwnEvent } from './wire.ts'

/** Options of `openLedger`. `url` and `controller` are required. */
export interface LedgerOptions {
  /** Address of the ledger, e.g. `https://consent.example.org`. */
  readonly url: string
  /** Id of the controller that persons, policies and tokens belong to. */
  readonly controller: string
  /** Key of the site that events come from. Needed to record events and to fetch notices. */
  readonly siteKey?: string
  /**
   * Returns a token of the controller's identity provider with the given scope (or several, separated by spaces). Called before each
   * attempt, so keep a token until it expires.
   */
  readonly token?: (scope: Scope | (string & {})) => string | Promise<string>
  /** Time limit of one attempt, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
  /** Number of attempts for calls that may be sent twice. @default 4 */
  readonly maxAttempts?: number
  /** No attempt begins later than this after the first, in milliseconds. @default 20000 */
  readonly patienceMs?: number
  /** Sends the requests. @default globalThis.fetch */
  readonly fetch?: Conditions['fetch']
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly clock?: Conditions['clock']
  /** Returns a number from 0 to 1, for the jitter of pauses. @default Math.random */
  readonly random?: Conditions['random']
  /** Waits so many milliseconds. @default setTimeout */
  readonly pause?: Conditions['pause']
  /** Makes the id of an event that has none. @default crypto.randomUUID */
  readonly newEventId?: () => string
}

/** The parts of a call that differ between operations. */
interface Parts {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: object
  readonly person?: Person
  /** Scope of the token that the events need, if they need one. */
  readonly scope?: string
  /** Made for each attempt. */
  readonly body?: () => object
}

type Filled<E> = E & { readonly eventId: string; readonly occurredAt: string }

/**
 * Makes a client of a ledger for one controller. It sends nothing by itself.
 *
 * @returns the client; see `ServerLedger` for its methods
 * @throws TypeError when `url` is missing or empty, and from a method that needs a token or a site key which the options lack
 * @example
 * const ledger = openLedger({ url: 'https://ledger.example', controller: 'acme', siteKey: 'site_1' })
 * const { consents } = await ledger.getOwnConsents({ deviceSecret: '0f'.repeat(24) })
 */
export function openLedger(options: LedgerOptions): ServerLedger {
  const { controller, siteKey, clock = Date.now, newEventId = () => crypto.randomUUID() } = options
  if (typeof options.url !== 'string' || options.url === '')
    throw new TypeError('openLedger was given no url: pass the address of the ledger, like https://ledger.example')
  const base = options.url.replace(/\/+$/, '')
  const conditions: Conditions = {
    // Not passed as a method, because `fetch` of some runtimes must be called without an object.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock,
    random: options.random ?? Math.random,
    pause: options.pause ?? ((ms) => new Promise((resume) => setTimeout(resume, ms))),
    timeoutMs: options.timeoutMs ?? 10_000,
    maxAttempts: options.maxAttempts ?? 4,
    patienceMs: options.patienceMs ?? 20_000,
  }

  async function bearer(scope: string): Promise<string> {
    if (options.token === undefined) throw new TypeError(`openLedger was given no token, and this needs ${scope}`)
    return `Bearer ${await options.token(scope)}`
  }

  async function headersOf(id: OperationId, { person, scope, body }: Parts): Promise<Record<string, string>> {
    const { credential } = operations[id]
    const headers: Record<string, string> = {}
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (credential === 'site' || credential === 'person') {
      if (siteKey === undefined) throw new TypeError(`openLedger was given no siteKey, and ${id} needs one`)
      headers['x-site-key'] = siteKey
    }
    const needed = credential === 'site' || credential === 'person' ? scope : credential
    if (person !== undefined) headers.authorization = authorizationOf(person)
    else if (needed !== undefined) headers.authorization = await bearer(needed)
    return headers
  }

  async function attemptOf(id: OperationId, parts: Parts): Promise<Attempt> {
    const { method, path } = operations[id]
    const url = base + fillPath(path, { controller, ...parts.path }) + formatQuery(parts.query)
    const headers = await headersOf(id, parts)
    return { url, method, headers, ...(parts.body && { body: JSON.stringify(parts.body()) }) }
  }

  /** The answer has the type that the OpenAPI document states; it is not validated here. */
  async function call<T>(id: OperationId, parts: Parts = {}): Promise<T> {
    const operation = operations[id]
    const { repeatable } = operation
    const text = await callWithRetries({ operation: id, repeatable, attempt: () => attemptOf(id, parts) }, conditions)
    return ('text' in operation ? text : parseAnswer(id, text)) as T
  }

  function filled<E extends NewEvent | NewOwnEvent>(event: E): Filled<E> {
    return {
      ...event,
      eventId: event.eventId ?? newEventId(),
      occurredAt: event.occurredAt ?? new Date(clock()).toISOString(),
    }
  }

  function record(given: NewEvent | NewOwnEvent | readonly (NewEvent | NewOwnEvent)[]): () => object {
    const events = isList(given) ? given.map(filled) : filled(given)
    return () => {
      const sentAt = new Date(clock()).toISOString()
      return isList(events) ? { events: events.map((event) => ({ ...event, sentAt })) } : { ...events, sentAt }
    }
  }

  const about = (question: object) => ({ body: () => ({ controller, ...question }) })
  const draft = (body: object, path: Record<string, string> = {}) => ({ path, body: () => body })

  return {
    recordEvents: <T>(given: NewEvent | readonly NewEvent[], query?: MinimalAnswer) =>
      call<T>('recordEvents', { body: record(given), scope: scopeFor(given), query }),
    recordOwnEvents: <T>(person: Person, given: NewOwnEvent | readonly NewOwnEvent[], query?: MinimalAnswer) =>
      call<T>('recordOwnEvents', { body: record(given), person, query }),
    getOwnConsents: (person, query) => call('getOwnConsents', { person, query }),
    getOwnReceipts: (person, query) => call('getOwnReceipts', { person, query }),
    getOwnReads: (person, query) => call('getOwnReads', { person, query }),
    getOwnHistory: (person, query) => call('getOwnHistory', { person, query }),
    getOwnRecord: (person, query) => call('getOwnRecord', { person, query }),
    linkOwn: (person, request) => call('linkOwn', { person, ...draft(request) }),
    unlinkOwn: (person, request) => call('unlinkOwn', { person, ...draft(request) }),
    listOwnErasureRequests: (person) => call('listOwnErasureRequests', { person }),
    askErasure: (person) => call('askErasure', { person, ...draft({ scope: 'subject' }) }),
    getNotice: (policyId, query, person) => call('getNotice', { path: { policyId }, query, person }),

    listPolicies: () => call('listPolicies'),
    getPolicy: (policyId, query) => call('getPolicy', { path: { policyId }, query }),
    listVersions: (policyId) => call('listVersions', { path: { policyId } }),
    getVersion: (policyId, version) => call('getVersion', { path: { policyId, version } }),
    diffVersions: (policyId, query) => call('diffVersions', { path: { policyId }, query }),
    getText: (sha256) => call('getText', { path: { sha256 } }),
    getOpenApi: () => call('getOpenApi'),

    getCheckpoint: () => call('getCheckpoint'),
    listCheckpoints: (query) => call('listCheckpoints', { query }),
    getLogPolicy: () => call('getLogPolicy'),

    askConsents: (question) => call('askConsents', about(question)),
    askTimeline: (question) => wholeTimeline((page) => call('askTimeline', about(page)), question),
    askSample: (question) => call('askSample', about(question)),
    askProof: (question) => call('askProof', about(question)),
    checkConsents: (request) => call('checkConsents', about(request)),

    createController: (body) => call('createController', draft(body)),
    changeIdentityProvider: (body) => call('changeIdentityProvider', draft(body)),
    changeKeys: (body) => call('changeKeys', draft(body)),
    createSite: (body) => call('createSite', draft(body)),
    listSites: () => call('listSites'),
    changeOrigins: (site, body) => call('changeOrigins', draft(body, { site })),
    revokeSite: (site) => call('revokeSite', { path: { site } }),
    publishVersion: (policyId, body) => call('publishVersion', draft(body, { policyId })),
    publishPresentation: (policyId, body) => call('publishPresentation', draft(body, { policyId })),
    retractVersion: (policyId, body) => call('retractVersion', draft(body, { policyId })),

    getStatistics: (query) => call('getStatistics', { query }),
    listReads: (query) => call('listReads', { query }),
    makeGrant: (body) => call('makeGrant', draft(body)),
    listGrants: (query) => call('listGrants', { query }),
    revokeGrant: (grantId) => call('revokeGrant', { path: { grantId } }),
    makeEndpoint: (body) => call('makeEndpoint', draft(body)),
    listEndpoints: () => call('listEndpoints', {}),
    changeEndpoint: (endpoint, body) => call('changeEndpoint', draft(body, { endpoint })),
    rotateSecret: (endpoint, body) => call('rotateSecret', draft(body, { endpoint })),
    askRedelivery: (endpoint, body) => call('askRedelivery', draft(body, { endpoint })),
    listDeliveries: (endpoint, query) => call('listDeliveries', { path: { endpoint }, query }),
    listDispositions: (query) => call('listDispositions', { query }),

    makeImport: (body) => call('makeImport', draft(body)),
    listImports: (query) => call('listImports', { query }),
    getImport: (importId) => call('getImport', { path: { importId } }),
    startImport: (importId, start = {}) => call('startImport', draft(start, { importId })),
    cancelImport: (importId) => call('cancelImport', { path: { importId } }),

    makeExport: (body) => call('makeExport', draft(body)),
    listExports: (query) => call('listExports', { query }),
    getExport: (exportId, query) => call('getExport', { path: { exportId }, query }),
    cancelExport: (exportId) => call('cancelExport', { path: { exportId } }),

    listErasureRequests: (query) => call('listErasureRequests', { query }),
    decideErasure: (decision) => call('decideErasure', about(decision)),
    eraseSubject: (request) => call('eraseSubject', about(request)),
    linkIdentifiers: (body) => call('linkIdentifiers', about(body)),
    unlinkIdentifiers: (body) => call('unlinkIdentifiers', about(body)),
    recordMandate: (body) => call('recordMandate', about(body)),
    revokeMandate: (mandateId, subject) => call('revokeMandate', { path: { mandateId }, ...about({ subject }) }),
    makeHold: (body) => call('makeHold', about(body)),
    releaseHold: (holdId) => call('releaseHold', { path: { holdId }, ...about({}) }),
    listHolds: (query) => call('listHolds', { query }),

    mintUnsubscribeLink: (request) => call('mintUnsubscribeLink', { ...draft(request), scope: 'consent.write' }),
    requestConfirmation: (given) => call('requestConfirmation', { body: record(given), scope: scopeFor(given) }),
  }
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given)
}

function authorizationOf(person: Person): string {
  return 'token' in person ? `Bearer ${person.token}` : `Device ${person.deviceSecret}`
}

/** An event with an identifier needs a server's token. A device secret or a person's token in the event is a credential itself. */
function scopeFor(given: NewEvent | readonly NewEvent[]): string | undefined {
  const scopes = (isList(given) ? given : [given]).flatMap(({ subject }): Scope[] =>
    'identifier' in subject ? [subject.assurance === 'imported' ? 'consent.import' : 'consent.write'] : [],
  )
  return scopes.length === 0 ? undefined : [...new Set(scopes)].sort().join(' ')
}

function fillPath(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function formatQuery(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

export type { OperationId, Scope } from './operations.ts'
export { type ProblemCode, ProblemError } from './problem-error.ts'
export type { Person, ServerLedger } from './server-ledger.ts'
export type * from './wire.ts'
