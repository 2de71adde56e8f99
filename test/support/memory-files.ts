/** The model of the `TransferFiles` port: whole files by name. Faults are scripted, per file written. */
import { hash } from 'node:crypto'
import { LedgerError } from '../../shared/errors.ts'
import {
  checkTransferName,
  noSuchFile,
  ReplacedFile,
  type TransferFiles,
} from '../../shared/ledger/transfers/transfer-files.ts'

export interface MemoryFiles extends TransferFiles {
  readonly stored: Map<string, Uint8Array>
}

const versionOf = (bytes: Uint8Array): string => hash('sha256', bytes)

/** @param fault asked after a file's chunks were read: `before` it is stored, or `after` */
export function memoryFiles(fault: (name: string) => 'before' | 'after' | undefined = () => undefined): MemoryFiles {
  const stored = new Map<string, Uint8Array>()
  const failed = () => new LedgerError('unavailable', 'The files failed, as scripted.')
  const url = async (name: string) => ({ url: `https://files.example/${name}`, expiresAt: '2026-12-01T00:00:00.000Z' })
  return {
    stored,
    async write(name, chunks) {
      checkTransferName(name)
      const all: Uint8Array[] = []
      for await (const chunk of chunks) all.push(Buffer.from(chunk))
      const struck = fault(name)
      if (struck === 'before') throw failed()
      const bytes = Buffer.concat(all)
      stored.set(name, bytes)
      if (struck === 'after') throw failed()
      return bytes.length
    },
    async *read(name, offset = 0, version) {
      const bytes = stored.get(name)
      if (bytes === undefined) throw noSuchFile(name)
      if (version !== undefined && version !== versionOf(bytes)) throw new ReplacedFile()
      yield bytes.subarray(offset)
    },
    async version(name) {
      const bytes = stored.get(name)
      return bytes && versionOf(bytes)
    },
    size: async (name) => stored.get(name)?.length,
    list: async (folder) =>
      [...stored].filter(([name]) => name.startsWith(folder)).map(([name, { length }]) => ({ name, bytes: length })),
    async remove(name) {
      stored.delete(name)
    },
    uploadUrl: url,
    downloadUrl: url,
  }
}
