/** One telling of the story: its people, who are new to the ledger each time, and clients of the ledger that count their calls. */
import { isDeepStrictEqual } from 'node:util'
import { deviceIdentity } from '../../functions/http/access.ts'
import type { Identity } from '../../shared/consent/event.ts'
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'
import type { Clock, Randomness } from '../../shared/ledger/store.ts'
import {
  type Consents,
  type NewEvent,
  openLedger,
  type Person,
  type Receipt,
  type ServerLedger,
} from '../../shared/server/server.ts'
import { lettersIn } from '../local/data/mailbox-folder.ts'
import { audienceOf, type DevelopmentIssuer } from '../local/development-issuer.ts'
import { type DemoLanguage, type Page, shortId } from './page.ts'
import { people } from './world/people.ts'

export interface DemoLedger {
  readonly url: string
  /** Keys by `<controller>/<site>`. */
  readonly sites: Readonly<Record<string, string>>
  readonly issuer: DevelopmentIssuer
  /** Folder into which the ledger hands letters over. */
  readonly mailbox: string
  /** The language of sentences and titles in answers. */
  readonly language?: DemoLanguage
}

export interface Play {
  readonly page: Page
  readonly ledger: DemoLedger
  readonly clock: Clock
  readonly random: Randomness
  readonly newId: () => string
}

export type Answer = Consents['consents'][number]
type Name = keyof typeof people

/** A person as the subject of an event, as the caller of `/v1/me`, and as an auditor names them. */
export interface Credential {
  readonly label: string
  readonly subject: NewEvent['subject']
  readonly person: Person | undefined
  readonly identity: Identity
  /** Locale of the texts that the person reads. */
  readonly locale: string
}
/** `new`: a device that says that it is new. The last two: named by the operator's server, with this assurance. */
export type By = readonly [Name, 'device' | 'new' | 'account' | 'operator' | 'imported']

export type Story = ReturnType<typeof openStory>

const dayMs = 24 * 3600 * 1000

/** Secrets and tokens in a path. */
const opaque = /[\w.-]{24,}/g

export function openStory({
  page,
  ledger: { url, sites, issuer, mailbox, language = 'en' },
  clock,
  random,
  newId,
}: Play) {
  const run = Buffer.from(random(3)).toString('hex')
  /** A fresh device secret of 144 random bits for each person, and an account and an address with the name of this run. */
  const cast = new Map(
    Object.entries<(typeof people)[Name]>(people).map(([name, person]) => {
      const { email = `${name}@brevbox.example`, account = name } = person as { email?: string; account?: string }
      const deviceSecret = Buffer.from(random(18)).toString('base64url')
      const { locale } = person
      return [
        name,
        {
          name: person.name,
          locale,
          deviceSecret,
          email: email.replace('@', `+${run}@`),
          account: `${account}-${run}`,
        },
      ]
    }),
  )
  const calls: { readonly call: string; readonly status: number }[] = []
  const countedFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, { ...init, headers: { ...init?.headers, 'accept-language': language } })
    const path = new URL(String(input)).pathname.replaceAll(opaque, shortId)
    calls.push({ call: `${init?.method} ${path}`, status: response.status })
    return response
  }
  const token = (controller: string, subject: string, scope = '', email?: string) =>
    issuer.token({ audience: audienceOf(controller), subject, scope, lifetimeSeconds: 600, ...(email && { email }) })

  return {
    page,
    run,
    newId,
    calls,
    /** The first event, which a later scene sends again. */
    first: undefined as { readonly event: NewEvent; readonly receipt: Receipt } | undefined,
    /** The instant now, or this many days from now. */
    now: (days = 0) => new Date(clock() + days * dayMs).toISOString(),

    /** A client of the ledger; its tokens are those of `reader`'s identity provider. */
    open: (controller = 'ljungsten', site = 'web', reader = controller): ServerLedger =>
      openLedger({
        ...{ url, controller, clock, maxAttempts: 1, timeoutMs: 15_000, fetch: countedFetch },
        siteKey: sites[`${controller}/${site}`] ?? '',
        token: (scope) =>
          token(reader, `${scope === 'consent.audit' ? 'auditor' : 'case-system'}@${reader}.example`, scope),
      }),

    /** What a person's browser does with a link in a letter. */
    async follow(link: string, init: RequestInit = { method: 'GET' }): Promise<void> {
      const { pathname } = new URL(link)
      await countedFetch(url + pathname, init)
    },

    /** The letter to a person's address. Each run of the story has one, because its addresses are its own. */
    async letterTo(name: Name): Promise<Letter> {
      const letter = (await lettersIn(mailbox)).find(({ to }) => to === cast.get(name)?.email)
      if (letter === undefined) throw new Error(`there is no letter to ${name} in ${mailbox}`)
      return letter
    },

    async credential([name, kind]: By): Promise<Credential> {
      const player = cast.get(name)
      if (player === undefined) throw new Error(`there is no ${name}`)
      const { deviceSecret, locale, account, email } = player
      if (kind === 'device' || kind === 'new') {
        const label = `${page.t(['device secret', 'enhetens hemlighet'])} ${deviceSecret.slice(0, 4)}…`
        const subject = { deviceSecret, ...(kind === 'new' && { new: true as const }) }
        const identity = deviceIdentity(deviceSecret)
        return { label: `${player.name}, ${label}`, subject, person: { deviceSecret }, identity, locale }
      }
      if (kind === 'account') {
        const label = `${player.name}, ${page.t(['token of account', 'inloggad på kontot'])} ${account}`
        const person = { token: await token('ljungsten', account, '', email) }
        return { label, subject: person, person, identity: { type: 'account', id: account }, locale }
      }
      const type = kind === 'imported' ? 'email' : 'account'
      const identity = { type, id: player[type] } as const
      const by = page.t(['named by Ljungsten’s server', 'enligt Ljungstens server'])
      const scope = kind === 'imported' ? 'consent.import' : 'consent.write'
      const subject = { identifier: identity, assurance: kind }
      return { label: `${type} ${identity.id}, ${by} (${scope})`, subject, person: undefined, identity, locale }
    },

    expect(what: string, actual: unknown, expected: unknown): void {
      if (isDeepStrictEqual(actual, expected)) return
      throw new Error(`${what} was to be ${JSON.stringify(expected)}, and is ${JSON.stringify(actual)}`)
    },

    expectStatus(expected: number): void {
      this.expect(`the status of ${calls.at(-1)?.call}`, calls.at(-1)?.status, expected)
    },

    /** Method, path and status of the last call. */
    lastCall: () => `${calls.at(-1)?.call}  ${calls.at(-1)?.status}`,

    printCall(): void {
      page.fact('call', page.paint('dim', this.lastCall()))
    },
  }
}
