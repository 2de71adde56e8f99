/**
 * The site's own records, in one file: accounts, addresses at which the newsletter was asked for, and the letters of the invented mailbox.
 * Decisions are in the ledger, not here.
 */
import { readFile, rename } from 'node:fs/promises'
import { writePrivateFile } from '../../local/data/private-files.ts'
import type { Language } from './language.ts'

export interface Account {
  /** `sub` of its tokens, and its identifier in the ledger. */
  readonly account: string
  readonly name: string
  readonly email: string
}

export interface SentLetter {
  readonly id: string
  readonly to: string
  readonly sentAt: string
  readonly subject: string
  readonly language: Language
  readonly paragraphs: readonly string[]
  /** A page of the ledger, on which the person decides. */
  readonly link: { readonly label: string; readonly url: string }
  /** Lines for mail programs (RFC 8058). */
  readonly headers?: Readonly<Record<string, string>>
}

interface Kept {
  readonly accounts: Record<string, Account>
  /** Language of each address at which the newsletter was asked for. The ledger is asked whether it may be sent there. */
  readonly subscribers: Record<string, Language>
  readonly letters: SentLetter[]
}

export interface SiteRecords extends Kept {
  /** Resolves when everything above is on disk. */
  save(): Promise<void>
}

export async function openSiteRecords(file: string): Promise<SiteRecords> {
  const stored = await readFile(file, 'utf8').catch(() => '{}')
  const kept: Kept = { accounts: {}, subscribers: {}, letters: [], ...JSON.parse(stored) }
  let saving = Promise.resolve()
  return {
    ...kept,
    save() {
      saving = saving.then(async () => {
        await writePrivateFile(`${file}.new`, JSON.stringify(kept, null, 2))
        await rename(`${file}.new`, file)
      })
      return saving
    },
  }
}
