/**
 * Keys of entries that the log may not have yet. Each key is written here before its entry is inserted, so that the sequencer finds the
 * entry after a crash of this process. Files are not synced: after a power cut keys may be missing, and the self-audit finds their entries.
 *
 *   doorbell/doorbell-<n>    one line for each key: PK, tab, SK
 *
 * The folder belongs to the process that holds the lock of the data folder; another process would remove files with unsettled keys. A key
 * is settled when a published checkpoint covers its entry, or when it turned out to have none. A file whose keys are all settled is
 * emptied if it is the current one, and removed otherwise.
 */
import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import { openPrivateFolder, privateFileMode } from '../data/private-files.ts'

/** Keys in a file before the next one is begun: under steady load the current file always has unsettled keys and is never emptied. */
const maxKeys = 50_000

export interface AnnouncedKeys {
  /** Keys that an earlier process announced and did not settle, in order. They stay announced until `settle`. */
  readonly unsettled: readonly AnnouncedKey[]
  announce(keys: readonly Key[]): AnnouncedKey[]
  settle(keys: readonly AnnouncedKey[]): void
  close(): void
}

/** A key that is announced and not settled. */
export interface AnnouncedKey {
  readonly key: Key
  readonly file: KeyFile
}

interface KeyFile {
  readonly path: string
  readonly descriptor: number
  bytes: number
  keys: number
  unsettled: number
}

export function openAnnouncedKeys(folder: string): AnnouncedKeys {
  openPrivateFolder(folder)
  const earlier = readdirSync(folder).filter((name) => /^doorbell-\d+$/.test(name))
  const numbers = earlier.map((name) => Number(name.slice('doorbell-'.length))).sort((a, b) => a - b)
  let next = (numbers.at(-1) ?? 0) + 1
  let current = newFile()
  const unsettled = numbers.flatMap((n) => readKeys(join(folder, `doorbell-${n}`)))

  function newFile(): KeyFile {
    const path = join(folder, `doorbell-${next++}`)
    return { path, descriptor: openSync(path, 'a', privateFileMode), bytes: 0, keys: 0, unsettled: 0 }
  }

  function clear(settled: KeyFile): void {
    if (settled === current) {
      ftruncateSync(current.descriptor)
      current.bytes = 0
      current.keys = 0
    } else {
      closeSync(settled.descriptor)
      unlinkSync(settled.path)
    }
  }

  return {
    unsettled,
    announce(keys) {
      if (current.keys >= maxKeys) current = newFile()
      const file = current
      file.bytes = write(file, Buffer.from(keys.map(({ pk, sk }) => `${pk}\t${sk}\n`).join('')))
      file.keys += keys.length
      file.unsettled += keys.length
      return keys.map((key) => ({ key, file }))
    },
    settle(keys) {
      for (const { file } of keys) if (--file.unsettled === 0) clear(file)
    },
    close() {
      closeSync(current.descriptor)
      if (current.keys === 0) unlinkSync(current.path)
    },
  }
}

/** A failed write is taken back, because part of a line would spoil the next one. Returns the size of the file. */
function write({ descriptor, bytes }: KeyFile, lines: Buffer): number {
  try {
    for (let offset = 0; offset < lines.length; ) offset += writeSync(descriptor, lines, offset)
    return bytes + lines.length
  } catch (error) {
    ftruncateSync(descriptor, bytes)
    throw new LedgerError('unavailable', 'the file of announced keys cannot be written', {}, error)
  }
}

/**
 * Skips a last line that was cut short, whose insert had not begun, and any line that is no key: a power cut may leave anything in a file
 * that is not synced. Removes a file without keys.
 */
function readKeys(path: string): AnnouncedKey[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const keys = lines.flatMap((line): Key[] => {
    const [, pk, sk] = /^([a-z0-9-]{1,40}#[^\t\0]+)\t([^\t\0]+)$/.exec(line) ?? []
    return pk === undefined || sk === undefined ? [] : [{ pk, sk }]
  })
  if (keys.length === 0) {
    unlinkSync(path)
    return []
  }
  const file: KeyFile = { path, descriptor: openSync(path, 'a'), bytes: 0, keys: keys.length, unsettled: keys.length }
  return keys.map((key) => ({ key, file }))
}
