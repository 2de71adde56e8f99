/**
 * `@consent-ledger/client/link`: links this device with the account of a person who has just signed in, so that a no on either counts for both
 * while they are signed in. It is a module of its own, because only the page after a log-in needs it: load it there with `import()`.
 *
 * Device and account remain two subjects: their decisions do not move, and what the account chose changes nothing on the device once the person
 * has signed out. Say so on the log-in page, in a text that you have published, and name that text here: the ledger refuses a link under any
 * other.
 */
import { uuidOf } from './bytes.ts'
import type { Consent, ConsentOptions, How } from './consent.ts'
import { callLedger } from './exchange.ts'
import { attempt, browserStorage, openPrefixedStorage } from './storage.ts'
import { subjectOf } from './token-subject.ts'

/** A link, as the ledger recorded it. */
export interface Link {
  /** Id of the link. */
  readonly linkId: string
  /** From when the link counts, or its end; RFC 3339. */
  readonly recordedAt: string
  /** Whether the link stands now. */
  readonly stands: boolean
}

/** What the person was shown about linking. */
export interface LinkNotice {
  /** Policies whose published text says what linking does: by policyId, if this device got their notice, or with version or hash. */
  readonly shown: NonNullable<How['shown']>
  /** The published first layer that said it. */
  readonly presentationId?: string
}

/** The client, with links. */
export interface LinkingConsent extends Consent {
  /**
   * Links this device with the account of the token, once: a device that is linked already is not linked again, and one that has never
   * decided anything has nothing to link.
   *
   * @returns `undefined` for such a device, and after an error, which `onError` gets
   */
  link(token: string, notice: LinkNotice): Promise<Link | undefined>
  /** Ends a link. The secret of this device proves the right to do so, so no token is needed. */
  unlink(linkId: string): Promise<Link | undefined>
}

/**
 * Adds links to the client.
 *
 * @param consent the client
 * @param options those with which the client was opened
 * @returns the same client, which can also link this device with an account
 * @example
 * const consent = withLinks(openConsent(options), options)
 * await consent.link(token, { shown: ['privacy-policy'], presentationId: 'log-in' })
 */
export function withLinks(consent: Consent, options: ConsentOptions): LinkingConsent {
  const storage = openPrefixedStorage(options.storage ?? browserStorage(), `consent-ledger:${options.key}:`)
  const random = options.randomBytes ?? ((length: number) => crypto.getRandomValues(new Uint8Array(length)))
  const address = `${options.url}`.replace(/\/+$/, '')

  async function post(path: string, authorization: string, body: object): Promise<Link | undefined> {
    const url = `${address}/v1/me/${path}?key=${encodeURIComponent(options.key)}`
    const headers = { authorization, 'content-type': 'application/json' }
    const { answer, refusal } = await callLedger<Link>(options.fetch ?? fetch, url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, requestId: uuidOf(random(16)) }),
    })
    if (refusal) consent.onError(refusal.problem)
    return answer
  }

  /** A policy named by its id goes as the notice token that this device keeps for it, which names the text that was served; without one, by its id. */
  const shownText = (shown: LinkNotice['shown'][number]) => {
    if (typeof shown !== 'string') return shown
    const { noticeToken } = storage.read<{ noticeToken?: string }>(`notice:${shown}`) ?? {}
    return noticeToken ? { noticeToken } : { policyId: shown }
  }

  return {
    ...consent,
    async link(token, { shown, presentationId }) {
      const deviceSecret = storage.read<string>('device')
      const kept = `link:${attempt(() => subjectOf(token))}`
      if (!deviceSecret || storage.read(kept)) return undefined
      const body = { deviceSecret, shown: shown.map(shownText), presentationId }
      const made = await post('link', `Bearer ${token}`, body)
      if (made) storage.write(kept, made.linkId)
      return made
    },
    async unlink(linkId) {
      const ended = await post('unlink', `Device ${storage.read('device')}`, { linkId })
      if (!ended) return undefined
      for (const name of storage.names('link:'))
        if (storage.read(`link:${name}`) === linkId) storage.delete(`link:${name}`)
      return ended
    },
  }
}
