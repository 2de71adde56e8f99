/** The files of imports and exports of a local ledger: their folder, the URLs that lead there, and their removal when they are old. */
import type { TransferFiles } from '../../../shared/ledger/transfers/transfer-files.ts'
import { directoryFiles, removeExpiredFiles } from './directory-files.ts'
import { fileUrls } from './file-urls.ts'
import { type StreamedFiles, streamedFiles } from './serve-files.ts'

export interface LocalTransfers {
  readonly files: TransferFiles
  /** Serves the URLs; the gateway gives it each request below `/files/`. */
  readonly streamed: StreamedFiles
  close(): Promise<void>
}

const hourMs = 3_600_000

/** @param baseUrl where the URLs lead: the gateway's address, or the proxy's in front of it */
export function openTransfers(root: string, baseUrl: () => string): LocalTransfers {
  const urls = fileUrls(baseUrl, Date.now)
  const files = directoryFiles(root, urls)
  let removal = Promise.resolve()
  const remove = () => {
    // What could not be removed is tried again an hour later.
    removal = removeExpiredFiles(root, Date.now()).catch(() => undefined)
  }
  remove()
  const timer = setInterval(remove, hourMs).unref()
  return {
    files,
    streamed: streamedFiles(root, files, urls),
    async close() {
      clearInterval(timer)
      await removal
    },
  }
}
