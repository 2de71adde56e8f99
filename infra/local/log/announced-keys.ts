/**
 * The doorbell of one machine (DESIGN section 5): every entry's key is in a file before the entry is in the table, so that after a crash
 * the sequencer knows what to look at. No sync: what was written survives the death of this process, and after a power cut the
 * self-audit finds what nobody announced.
 *
 *   <folder>/doorbell-<n>    one line for each key: PK, tab, SK
 *
 * The folder belongs to the process that holds the lock of the data folder (`data-folder.ts`): another one would remove files whose
 * lines are not settled. A file is emptied, or left for the next one and removed, once every line in it is settled: sequenced and
 * published, or known to be of no entry.
 */
import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import { openPrivateFolder, privateFileMode } from '../data/private-files.ts'

/** Lines after which a new file is begun: under steady load the current one is never without open lines. */
const maxLines = 50_000

export interface DoorbellFile {
  /** Keys that were announced before the last crash, in order. They stay announced until `settle`. */
  readonly left: readonly Line[]
  announce(keys: readonly Key[]): Line[]
  settle(lines: readonly Line[]): void
  close(): void
}

/** An announced key that is not settled yet. */
export interface Line {
  readonly key: Key
  readonly page: Page
}

interface Page {
  readonly path: string
  readonly file: number
  bytes: number
  written: number
  open: number
}

export function openDoorbellFile(folder: string): DoorbellFile {
  openPrivateFolder(folder)
  const earlier = readdirSync(folder).filter((name) => /^doorbell-\d+$/.test(name))
  const numbers = earlier.map((name) => Number(name.slice('doorbell-'.length))).sort((a, b) => a - b)
  let next = (numbers.at(-1) ?? 0) + 1
  let page = newPage()
  const left = numbers.flatMap((n) => readPage(join(folder, `doorbell-${n}`)))

  function newPage(): Page {
    const path = join(folder, `doorbell-${next++}`)
    return { path, file: openSync(path, 'a', privateFileMode), bytes: 0, written: 0, open: 0 }
  }

  function clean(settled: Page): void {
    if (settled === page) {
      ftruncateSync(page.file)
      page.bytes = 0
      page.written = 0
    } else {
      closeSync(settled.file)
      unlinkSync(settled.path)
    }
  }

  return {
    left,
    announce(keys) {
      if (page.written >= maxLines) page = newPage()
      page.bytes = write(page, Buffer.from(keys.map(({ pk, sk }) => `${pk}\t${sk}\n`).join('')))
      page.written += keys.length
      page.open += keys.length
      return keys.map((key) => ({ key, page }))
    },
    settle(lines) {
      for (const { page: of } of lines) if (--of.open === 0) clean(of)
    },
    close() {
      closeSync(page.file)
      if (page.written === 0) unlinkSync(page.path)
    },
  }
}

/** What cannot be announced is not inserted. Part of a line would spoil the next: it is taken back. Returns the page's size. */
function write({ file, bytes }: Page, lines: Buffer): number {
  try {
    for (let at = 0; at < lines.length; ) at += writeSync(file, lines, at)
    return bytes + lines.length
  } catch (error) {
    ftruncateSync(file, bytes)
    throw new LedgerError('unavailable', 'the doorbell file cannot be written', {}, error)
  }
}

/**
 * A last line that was cut short announces nothing: its insert had not begun. Neither does one that is no key: a power cut may leave
 * anything in a file that is never synced.
 */
function readPage(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const keys = lines.flatMap((line): Key[] => {
    const [, pk, sk] = /^([a-z0-9-]{1,40}#[^\t\0]+)\t([^\t\0]+)$/.exec(line) ?? []
    return pk === undefined || sk === undefined ? [] : [{ pk, sk }]
  })
  if (keys.length === 0) {
    unlinkSync(path)
    return []
  }
  const page: Page = { path, file: openSync(path, 'a'), bytes: 0, written: keys.length, open: keys.length }
  return keys.map((key) => ({ key, page }))
}
