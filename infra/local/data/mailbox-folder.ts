/**
 * The outbox of letters on one machine: a private folder with one file for each letter, `<id>.json`. A program of the operator's sends and deletes
 * them. A letter holds an address and a link, so those whose links have ended are deleted with the next one.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Letter, LetterOutbox } from '../../../shared/ledger/letters/letter-outbox.ts'
import { confirmableMs } from '../../../shared/ledger/letters/request-confirmation.ts'
import { readIfThere, writeOnce } from './write-once-file.ts'

/** @param clock of the files' system */
export function mailboxFolder(path: string, clock = Date.now): LetterOutbox {
  return {
    async put(letter) {
      await writeOnce(fileOf(path, letter), Buffer.from(`${JSON.stringify(letter, null, 2)}\n`))
      await removeOld(path, clock() - confirmableMs)
    },
  }
}

/** Reads the letters, for a program that sends them. */
export async function lettersIn(path: string): Promise<Letter[]> {
  const names = (await readdir(path).catch(() => [])).filter((name) => name.endsWith(suffix))
  const files = await Promise.all(names.map((name) => readIfThere(join(path, name))))
  return files.flatMap((file): Letter[] => (file ? [JSON.parse(file.toString())] : []))
}

/** Deletes a letter, for a program that has sent it. */
export async function removeLetter(path: string, letter: Pick<Letter, 'id'>): Promise<void> {
  await rm(fileOf(path, letter), { force: true })
}

const suffix = '.json'
const fileOf = (path: string, { id }: Pick<Letter, 'id'>) => join(path, id + suffix)

/** Another process may delete the files at the same time. */
async function removeOld(path: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(path)) {
    const file = join(path, name)
    const found = await stat(file).catch(() => undefined)
    if (found && found.mtimeMs < beforeMs) await rm(file, { force: true })
  }
}
