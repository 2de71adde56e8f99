/**
 * `@consent-ledger/server`: the ledger for servers that know their people. It has no dependency and needs nothing but `fetch` and
 * `crypto` as the web has them, so it runs in Node 20, Deno, Bun and on edges alike. Its `README.md` is a start of five minutes.
 */
import { type Attempt, answerTo, type Conditions } from './attempts.ts'
import { type OperationId, operations, type Scope } from './operations.ts'
import { jsonIn } from './problem-error.ts'
import type { Person, ServerLedger } from './server-ledger.ts'
import type { NewEvent, NewOwnEvent } from './wire.ts'

export interface LedgerOptions {
  /** Where the ledger is, e.g. `https://consent.example.org`. */
  readonly url: string
  /** Whose people, policies and tokens this is about. */
  readonly controller: string
  /** Key of the site that events come from; what needs none goes without. */
  readonly siteKey?: string
  /**
   * A token of the controller's identity provider with the scope asked for (scopes, separated by spaces). It is called before each
   * attempt, so whoever asks a provider for tokens keeps them until they expire.
   */
  readonly token?: (scope: Scope | (string & {})) => string | Promise<string>
  /** Of one attempt; 10 s unless said otherwise. */
  readonly timeoutMs?: number
  /** Of what may be sent twice; 4 unless said otherwise. */
  readonly maxAttempts?: number
  /** No attempt begins later than this after the first; 20 s unless said otherwise. */
  readonly patienceMs?: number
  readonly fetch?: Conditions['fetch']
  readonly clock?: Conditions['clock']
  readonly random?: Conditions['random']
  readonly pause?: Conditions['pause']
  readonly newEventId?: () => string
}

interface Parts {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: object
  readonly person?: Person
  /** Of the token that the events need, if they need one. */
  readonly scope?: string
  /** Made for each attempt. */
  readonly body?: () => object
}

type Filled<E> = E & { readonly eventId: string; readonly occurredAt: string }

export function openLedger(options: LedgerOptions): ServerLedger {
  const { controller, siteKey, clock = Date.now, newEventId = () => crypto.randomUUID() } = options
  const base = options.url.replace(/\/+$/, '')
  const conditions: Conditions = {
    // Not held as a method: `fetch` of some runtimes wants to be called on its own.
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
    const url = base + pathIn(path, { controller, ...parts.path }) + queryIn(parts.query)
    const headers = await headersOf(id, parts)
    return { url, method, headers, ...(parts.body && { body: JSON.stringify(parts.body()) }) }
  }

  /** The answer is what the OpenAPI document says of the operation; it is not looked into. */
  async function call<T>(id: OperationId, parts: Parts = {}): Promise<T> {
    const operation = operations[id]
    const { repeatable } = operation
    const text = await answerTo({ operation: id, repeatable, attempt: () => attemptOf(id, parts) }, conditions)
    return ('text' in operation ? text : jsonIn(id, text)) as T
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
    recordEvents: <T>(given: NewEvent | readonly NewEvent[]) =>
      call<T>('recordEvents', { body: record(given), scope: scopeFor(given) }),
    recordOwnEvents: <T>(person: Person, given: NewOwnEvent | readonly NewOwnEvent[]) =>
      call<T>('recordOwnEvents', { body: record(given), person }),
    getOwnConsents: (person, query) => call('getOwnConsents', { person, query }),
    getOwnReceipts: (person, query) => call('getOwnReceipts', { person, query }),
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
    askTimeline: (question) => call('askTimeline', about(question)),
    askProof: (question) => call('askProof', about(question)),

    createController: (body) => call('createController', draft(body)),
    createSite: (body) => call('createSite', draft(body)),
    listSites: () => call('listSites'),
    changeOrigins: (site, body) => call('changeOrigins', draft(body, { site })),
    publishVersion: (policyId, body) => call('publishVersion', draft(body, { policyId })),
    publishPresentation: (policyId, body) => call('publishPresentation', draft(body, { policyId })),
    retractVersion: (policyId, body) => call('retractVersion', draft(body, { policyId })),

    eraseSubject: (request) => call('eraseSubject', about(request)),
  }
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given)
}

function authorizationOf(person: Person): string {
  return 'token' in person ? `Bearer ${person.token}` : `Device ${person.deviceSecret}`
}

/** An identifier is taken on the word of a server that has a token; a device secret or a token in the event speaks for itself. */
function scopeFor(given: NewEvent | readonly NewEvent[]): string | undefined {
  const scopes = (isList(given) ? given : [given]).flatMap(({ subject }): Scope[] =>
    'identifier' in subject ? [subject.assurance === 'imported' ? 'consent.import' : 'consent.write'] : [],
  )
  return scopes.length === 0 ? undefined : [...new Set(scopes)].sort().join(' ')
}

function pathIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function queryIn(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

export type { OperationId, Scope } from './operations.ts'
export { type ProblemCode, ProblemError } from './problem-error.ts'
export type { Person, ServerLedger } from './server-ledger.ts'
export type * from './wire.ts'
