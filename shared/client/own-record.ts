/**
 * `@consent-ledger/client/own-record`: what the ledger has about this person, as a file, and their request to be erased. It is a module of its
 * own, because only a page about a person's data needs it: load it there with `import()`.
 */
import type { Consent, ConsentOptions } from './consent.ts'
import { callLedger } from './exchange.ts'
import type { OwnConsents, Receipt } from './ledger-answers.ts'
import { attempt, browserStorage, openPrefixedStorage } from './storage.ts'
import { subjectOf } from './token-subject.ts'

/** An event of the person, as the file has it. */
export interface HistoryEvent {
  /** Id of its receipt. */
  readonly receiptId: string
  /** Id of the event, as it was sent. */
  readonly eventId: string
  /** The decisions, each with its effect; `decides` where the present state rests on it. */
  readonly decisions: readonly (Receipt['decisions'][number] & {
    readonly decides?: { readonly status: string; readonly reason: string; readonly endsAt?: string }
  })[]
  /** When the person decided, and when it was recorded, RFC 3339. */
  readonly times: Receipt['times'] & { readonly occurredAt: string }
  /** Who acted. */
  readonly who: { readonly actor: { readonly role: string; readonly mandateId?: string } }
  /** The version of each policy that was shown, and the hash of the text. */
  readonly link: readonly {
    readonly policyId: string
    readonly shown?: string
    readonly grade: string
    readonly locale?: string
    readonly textSha256?: string
  }[]
  /** How the event came about. */
  readonly how: {
    readonly channel?: string
    readonly surface?: string
    readonly act?: string
    /** What the browser and other tools said. */
    readonly signals?: {
      readonly gpc?: boolean
      readonly gpcShown?: boolean
      readonly consentMode?: Readonly<Record<string, string>>
      readonly consentModePurposes?: Readonly<Record<string, readonly string[]>>
    }
  }
}

/** Something that the file does not have, and why. */
export interface LeftOut {
  /** What is missing. */
  readonly what: string
  /** Why, as a code. */
  readonly why: string
  /** How many. */
  readonly count?: number
}

/** A page of the file `consent-own-record@1`. */
export interface OwnRecord {
  /** Name of the format. */
  readonly format: 'consent-own-record@1'
  /** When it was made, RFC 3339. */
  readonly madeAt: string
  /** Who is responsible. */
  readonly controller: { readonly controller: string; readonly name: string; readonly contact: string }
  /** The person, as the ledger knows them. */
  readonly subject: { readonly type: string; readonly id: string }
  /** What applies now; on the first page. */
  readonly state?: Pick<OwnConsents, 'at' | 'consents' | 'joint'>
  /** Newest first. */
  readonly events: readonly HistoryEvent[]
  /** One for each event. */
  readonly receipts: readonly Receipt[]
  /** The texts that were shown. */
  readonly texts: readonly {
    readonly sha256: string
    readonly mediaType: string
    /** The versions of which it is the text. */
    readonly of: readonly { readonly policyId: string; readonly version: string; readonly locale: string }[]
    readonly text?: string
  }[]
  /** Who read about the person; on the first page. */
  readonly reads?: readonly {
    readonly readAt: string
    /** `2026-11`: the first of a program's checks in that month. */
    readonly month?: string
    readonly reader?: string
    readonly purposeId?: string
    readonly policyId?: string
  }[]
  /** Links with other identities of the person; on the first page. */
  readonly links?: readonly { readonly linkId: string; readonly linkedAt: string; readonly endedAt?: string }[]
  /** Mandates of guardians and delegates; on the first page. */
  readonly mandates?: readonly {
    readonly mandateId: string
    readonly kind: string
    readonly ground: string
    readonly from: string
    readonly until?: string
    readonly revokedAt?: string
  }[]
  /** Requests to be erased; on the first page. */
  readonly erasureRequests?: readonly ErasureRequest[]
  /** Titles by purposeId, and by `policy/<policyId>`, each by language. */
  readonly titles: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What is not in the file. */
  readonly leftOut: readonly LeftOut[]
  /** The next page; absent on the last. */
  readonly next?: string
}

/** A person's request to be erased. */
export interface ErasureRequest {
  /** Id of the request. */
  readonly requestId: string
  /** When it was made, RFC 3339. */
  readonly requestedAt: string
  /** By when the controller has to answer, RFC 3339. */
  readonly answerBy: string
  /** `granted`: it is carried out within days. `held`: as soon as no legal hold stands. */
  readonly state: 'open' | 'held' | 'granted' | 'refused'
  /** With `held`: what stands in the way, as far as it may be said. */
  readonly held?: readonly { readonly ground?: string; readonly until?: string }[]
  /** With `refused`. */
  readonly refusal?: { readonly ground: string; readonly refusedAt: string }
}

/** What `erasureRequests` and `askErasure` return. */
export interface ErasureRequests {
  /** Oldest first. */
  readonly requests: readonly ErasureRequest[]
  /** Whether this account, or this device, asked before and the ledger knows it no longer: the erasure is done. */
  readonly isDone: boolean
}

/** The client, with the person's own record. */
export interface RecordConsent extends Consent {
  /**
   * Fetches a page of the file.
   *
   * @param after the `next` of the page before
   * @returns `undefined` after an error, which `onError` gets
   */
  ownRecord(after?: string): Promise<OwnRecord | undefined>
  /** Fetches the person's requests to be erased. */
  erasureRequests(): Promise<ErasureRequests | undefined>
  /** Asks the controller to erase the person. An open request is not repeated. */
  askErasure(): Promise<ErasureRequests | undefined>
}

/**
 * Adds the person's own record to the client.
 *
 * @param consent the client
 * @param options those with which the client was opened
 * @returns the same client, which can also fetch the record and ask for erasure
 * @example
 * const consent = withOwnRecord(openConsent(options), options)
 * const record = await consent.ownRecord()
 */
export function withOwnRecord(consent: Consent, options: ConsentOptions): RecordConsent {
  const storage = openPrefixedStorage(options.storage ?? browserStorage(), `consent-ledger:${options.key}:`)
  const address = `${options.url}`.replace(/\/+$/, '')
  const bearer = () => options.token?.() || ''
  /**
   * Name of the stored item which says that the account, or the device, has asked. Only one that has asked can have been erased on request. Absent
   * for a token that cannot be read.
   */
  function markOfCaller(): string | undefined {
    const account = attempt(() => bearer() && subjectOf(bearer()))
    return account === undefined ? undefined : `asked:${account}`
  }

  async function call<T>(path: string, query = '', init: RequestInit = {}): Promise<T | undefined> {
    const token = bearer()
    // A device that never asked has no secret yet, and the client makes one.
    if (!token && !storage.read('device')) await consent.state()
    const authorization = token ? `Bearer ${token}` : `Device ${storage.read('device')}`
    const url = `${address}/v1/me/${path}?key=${encodeURIComponent(options.key)}${query}`
    const headers = { authorization, ...(init.body ? { 'content-type': 'application/json' } : {}) }
    const { answer, refusal } = await callLedger<T>(options.fetch ?? fetch, url, { ...init, headers })
    if (refusal) consent.onError(refusal.problem)
    return answer
  }

  async function erasureRequests(init?: RequestInit): Promise<ErasureRequests | undefined> {
    const mark = markOfCaller()
    const answer = await call<Omit<ErasureRequests, 'isDone'>>('erasure-requests', '', init)
    if (!answer) return undefined
    if (answer.requests.length > 0 && mark) storage.write(mark, true)
    return { ...answer, isDone: answer.requests.length === 0 && !!mark && storage.read(mark) === true }
  }

  async function ownRecord(after?: string): Promise<OwnRecord | undefined> {
    const mark = markOfCaller()
    const record = await call<OwnRecord>('download', after ? `&after=${encodeURIComponent(after)}` : '')
    // Events without a request are those of a person who was erased and came back.
    if (mark && record?.erasureRequests?.length === 0 && record.events.length > 0) storage.delete(mark)
    return record
  }

  return {
    ...consent,
    ownRecord,
    erasureRequests: () => erasureRequests(),
    askErasure: () => erasureRequests({ method: 'POST', body: '{}' }),
  }
}
