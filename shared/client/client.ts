/**
 * `consent-ledger/client`: consent for a page or an app. It reads the notice, records what a person decides, tells what stands, and
 * hands out receipts.
 *
 * It never throws into the page and never makes it wait: what can fail answers `undefined` and tells `onError`. A decision is kept on
 * the device before `record` returns and sent from there (outbox.ts). The device secret is made here, stays on the device but for the
 * calls to the ledger, and is the person's only credential unless `token` gives another.
 *
 * Global Privacy Control: while the browser sends it, each event says so, and the first notice whose purposes it speaks about records
 * the refusal, once, as an event of the browser's. A later yes by the person's own act stands; the ledger shows the conflict.
 */
import type { ClientEvent, Verb } from '../consent/event.ts'
import type { Notice, OwnConsents, Receipt } from './answers.ts'
import { choiceName, openChoices } from './choices.ts'
import type { Consent, ConsentError, ConsentOptions, Decisions, How, Recording } from './consent.ts'
import { type Credential, openOutbox, type QueuedEvent } from './outbox.ts'
import { isPromised, textOf, toBase64Url } from './promise.ts'
import { attempt, browserStorage, openDrawer } from './storage.ts'

export type { Verb } from '../consent/event.ts'
export type { Notice, OwnConsents, Receipt, TopicAnswer } from './answers.ts'
export type { Consent, ConsentError, ConsentOptions, Decisions, How, Recording } from './consent.ts'
export type { ClientStorage } from './storage.ts'

interface KeptNotice {
  readonly noticeToken: string
  readonly version: string
  readonly purposeIds: readonly string[]
}

export function openConsent(options: ConsentOptions): Consent {
  const { url, key, channel = 'web', now = Date.now, onError, token } = options
  const send = options.fetch ?? globalThis.fetch
  const random = options.randomBytes ?? ((length: number) => crypto.getRandomValues(new Uint8Array(length)))
  const [locale] =
    attempt(() => Intl.getCanonicalLocales(options.locale ?? (document.documentElement.lang || navigator.language))) ??
    []
  const gpc =
    options.globalPrivacyControl ??
    (attempt(() => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) || false)
  const drawer = openDrawer(options.storage ?? browserStorage(), `consent-ledger:${key}:`)
  const choices = openChoices(drawer, now)
  const listeners = new Set<() => void>()
  const receiptOf = new Map<string, Receipt>()
  const query = `?key=${encodeURIComponent(key)}`
  let lastMs = 0

  const fail = (error: ConsentError) => attempt(() => onError?.(error))
  const failed = (error: unknown) => fail({ code: 'failed', detail: `${error}` })
  const account = () => attempt(() => subjectOf(token?.())) ?? ''

  function changed(): void {
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        failed(error)
      }
    }
  }

  /** Read each time: of two tabs that make one at once, the later wins for both. None without randomness. */
  function deviceSecret(): string | undefined {
    if (!drawer.read('device')) attempt(() => drawer.write('device', toBase64Url(random(24))))
    return drawer.read<string>('device')
  }

  function credentialOf(event: QueuedEvent): Credential | undefined {
    if (event.account) return event.account === account() ? { token: token?.() ?? '' } : undefined
    const secret = deviceSecret()
    return secret ? { deviceSecret: secret, new: !drawer.read('known') } : undefined
  }

  const outbox = openOutbox({
    drawer,
    url: `${url}/v1/events${query}`,
    send,
    now,
    random: Math.random,
    credentialOf,
    onOutcome(event, { status, receipt, problem }) {
      if (receipt) {
        if (!event.account) drawer.write('known', true)
        receiptOf.set(event.eventId, receipt)
        choices.receive(receipt, event.account ?? '')
        changed()
      } else fail({ code: `${status}`, ...problem, eventId: event.eventId })
    },
  })

  /** An answer of the ledger to the person, or `undefined`. */
  async function ask<T>(path: string): Promise<T | undefined> {
    try {
      const mine = token?.()
      const authorization = mine ? `Bearer ${mine}` : `Device ${deviceSecret()}`
      const response = await send(url + path, { headers: { authorization } })
      const body = await response.json()
      if (response.ok) return body
      fail({ code: `${response.status}`, ...body })
    } catch (error) {
      fail({ code: 'unreachable', detail: `${error}` })
    }
    return undefined
  }

  const keptNotice = (policyId: string) => drawer.read<KeptNotice>(`notice:${policyId}`)

  function shownFor(decisions: ClientEvent['decisions'], given: How['shown']): ClientEvent['shown'] {
    const declares = (policyId: string) =>
      decisions.some((d) => d.policyId === policyId || keptNotice(policyId)?.purposeIds.includes(d.purposeId ?? ''))
    return (given ?? drawer.names('notice:').filter(declares)).map((shown) => {
      if (typeof shown !== 'string') return shown
      const kept = keptNotice(shown)
      return kept ? { noticeToken: kept.noticeToken } : { policyId: shown }
    })
  }

  /** Two decisions are never of the same millisecond: of those, the no would count. */
  function occurredAt(): string {
    lastMs = Math.max(now(), lastMs + 1)
    return new Date(lastMs).toISOString()
  }

  function recordNow(given: Decisions, { shown, signals, ...how }: How = {}): Recording {
    const eventId = uuidOf(random(31))
    const decisions = Object.entries(given).map(decisionOf)
    const mine = account()
    const event: ClientEvent & QueuedEvent = {
      eventId,
      occurredAt: occurredAt(),
      decisions,
      shown: shownFor(decisions, shown),
      channel,
      locale,
      page: attempt(() => (location.origin + location.pathname).slice(0, 2048)),
      ...how,
      signals: gpc ? { gpc, ...signals } : signals,
      account: mine || undefined,
    }
    outbox.put(event)
    choices.decide(eventId, mine, decisions, how.initialState)
    changed()
    return { eventId, receipt: outbox.flush().then(() => receiptOf.get(eventId)) }
  }

  function record(given: Decisions, how?: How): Recording {
    try {
      return recordNow(given, how)
    } catch (error) {
      failed(error)
      return { eventId: '', receipt: Promise.resolve(undefined) }
    }
  }

  async function state(): Promise<OwnConsents | undefined> {
    const mine = account()
    const askedAt = now()
    const answer = await ask<OwnConsents>(`/v1/me/consents${query}`)
    if (answer) {
      choices.replace(answer, mine, askedAt)
      changed()
    }
    return answer
  }

  async function notice(policyId: string): Promise<Notice | undefined> {
    const language = locale ? `&locale=${encodeURIComponent(locale)}` : ''
    const answer = await ask<Notice>(`/v1/notices/${encodeURIComponent(policyId)}${query}${language}`)
    if (!answer) return undefined
    const { noticeToken, version, purposes } = answer
    const before = keptNotice(policyId)?.version
    const kept: KeptNotice = { noticeToken, version, purposeIds: purposes.map((p) => p.purposeId) }
    drawer.write(`notice:${policyId}`, kept)
    if (before && before !== version) await state()
    const marked = purposes.filter((p) => p.globalPrivacyControl && permits(p.purposeId) === undefined)
    if (gpc && marked.length > 0)
      record(Object.fromEntries(marked.map((p) => [p.purposeId, false])), { act: 'browser-signal', surface: 'other' })
    return answer
  }

  function permits(target: string): boolean | undefined {
    return choices.of(target, account())
  }

  const closing = new AbortController()
  const on = (type: string, listener: (event: StorageEvent) => void) =>
    attempt(() => addEventListener(type, listener as EventListener, closing))
  on('storage', ({ key: item }) => {
    if (item?.includes(choiceName)) changed()
  })
  on('online', outbox.resume)
  // The last that a page is sure to hear before its tab is gone.
  on('visibilitychange', () => (document.visibilityState === 'hidden' ? outbox.leave() : outbox.resume()))
  outbox.resume()

  return {
    notice,
    record,
    state,
    permits,
    withdraw: (purposeIds, how) => record(Object.fromEntries(purposeIds.map((id) => [id, 'withdrawn'])), how),
    undecided: ({ purposes }) =>
      purposes.filter((p) => p.legalBasis === 'consent' && permits(p.purposeId) === undefined).map((p) => p.purposeId),
    receipts: async () => (await ask<{ receipts: Receipt[] }>(`/v1/me/receipts${query}`))?.receipts,
    isPromised: (receipt, logKey) => isPromised(receipt, logKey).catch(() => false),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pending: () => outbox.waiting().length,
    flush: outbox.flush,
    globalPrivacyControl: gpc,
    close() {
      outbox.close()
      closing.abort()
    },
  }
}

function decisionOf([target, said]: [string, boolean | Verb]): ClientEvent['decisions'][number] {
  const [, policyId] = target.split('policy/')
  const [yes, no] = policyId ? (['accepted', 'declined'] as const) : (['given', 'refused'] as const)
  const verb = said === true ? yes : said || no
  return policyId ? { policyId, verb } : { purposeId: target, verb }
}

/** The `sub` of a JWT, read and not verified: it only says whose events are whose on this device. */
function subjectOf(token: string | undefined): string {
  const payload = token?.split('.')[1]
  return payload ? `${JSON.parse(textOf(payload)).sub}` : ''
}

/** Version 4. Each digit of the form takes a random byte; those of 0, 1 and 8 say how many bits of it are free. */
function uuidOf(bytes: Uint8Array): string {
  let at = 0
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (Number(digit) ^ ((bytes[at++] ?? 0) & (15 >> (Number(digit) / 4)))).toString(16),
  )
}
