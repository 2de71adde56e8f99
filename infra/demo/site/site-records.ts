/**
 * The site's own records, in one file: accounts, recipients of the newsletter, links that wait to be opened, and the letters of the invented
 * mailbox. Only the hash of a link's token is kept, so that a reader of the file cannot open the link.
 *
 * Decisions are in the ledger, not here. Letters go to the addresses in the list of recipients.
 */
import { hash, randomBytes, randomUUID } from 'node:crypto'
import { readFile, rename } from 'node:fs/promises'
import { writePrivateFile } from '../../local/data/private-files.ts'
import type { Language } from './language.ts'

export interface Account {
  /** `sub` of its tokens, and its identifier in the ledger. */
  readonly account: string
  readonly name: string
  readonly email: string
}

/** A link in a letter. Opening it shows that mail to the address reaches the person. */
export interface SentLink {
  readonly does: 'confirm' | 'unsubscribe'
  readonly email: string
  readonly sentAt: string
  /** The event that opening the link records; it is fixed here, so that opening the link twice records one event. */
  readonly eventId: string
  openedAt?: string
  isDone?: boolean
}

export interface Letter {
  readonly to: string
  readonly sentAt: string
  readonly subject: string
  readonly language: Language
  readonly paragraphs: readonly string[]
  readonly link: { readonly label: string; readonly path: string }
  /** Path of the one-click unsubscription (RFC 8058), for the header `List-Unsubscribe`. */
  readonly unsubscribe?: string
}

interface Kept {
  readonly accounts: Record<string, Account>
  /** Address of each recipient, and the instant since which it is on the list. */
  readonly recipients: Record<string, string>
  /** By the hash of the token. */
  readonly links: Record<string, SentLink>
  readonly letters: Letter[]
}

export interface SiteRecords extends Kept {
  /** Makes a link's token and keeps its hash. */
  newLink(link: Pick<SentLink, 'does' | 'email' | 'sentAt'>): string
  linkOf(token: string): SentLink | undefined
  /** Resolves when everything above is on disk. */
  save(): Promise<void>
}

const tokenBytes = 24

export async function openSiteRecords(file: string): Promise<SiteRecords> {
  const stored = await readFile(file, 'utf8').catch(() => '{}')
  const kept: Kept = { accounts: {}, recipients: {}, links: {}, letters: [], ...JSON.parse(stored) }
  let saving = Promise.resolve()
  return {
    ...kept,
    newLink(link) {
      const token = randomBytes(tokenBytes).toString('base64url')
      kept.links[hashOf(token)] = { ...link, eventId: randomUUID() }
      return token
    },
    linkOf: (token) => (Object.hasOwn(kept.links, hashOf(token)) ? kept.links[hashOf(token)] : undefined),
    save() {
      saving = saving.then(async () => {
        await writePrivateFile(`${file}.new`, JSON.stringify(kept, null, 2))
        await rename(`${file}.new`, file)
      })
      return saving
    },
  }
}

const hashOf = (token: string) => hash('sha256', token, 'base64url')
