/**
 * The port of the files that imports take and exports give: a folder on one machine (`infra/local/files`) or an S3 bucket
 * (`functions/aws/s3-transfer-files.ts`). Both pass `test/contract/transfer-files.ts`.
 *
 * They are large, private, and hold personal data in clear. So they are no part of the ledger: nothing rests on them, they may be replaced, and
 * all are removed some days after they were written (`transferFilesKeptDays`). Callers of the API never send or get their bytes through a
 * handler; they get a URL that permits one method on one file for a short time.
 *
 *   name   `imports/` or `exports/`, the controller, the id, and one to three more segments of `[A-Za-z0-9._=-]`. Made by the ledger, never
 *          taken from a request
 */
import { LedgerError } from '../../errors.ts'

export interface TransferFiles {
  /**
   * Stores the chunks as one file, which is there when all of it is; one of that name is replaced then. Holds at most 16 MiB of it in memory.
   *
   * @returns its size in bytes
   * @throws what `chunks` throws, and then nothing was stored
   */
  write(name: string, chunks: AsyncIterable<Uint8Array>): Promise<number>
  /**
   * The bytes from `offset` on, at most 8 MiB at once.
   *
   * @param version as `version` gave it: no other content is read
   * @throws `not-found` for a name that has no file
   * @throws ReplacedFile when another file has the name by now; without `version`, another one than at the first byte
   */
  read(name: string, offset?: number, version?: string): AsyncGenerator<Uint8Array>
  /** Names the content that is there now; `undefined` when there is no such file. */
  version(name: string): Promise<string | undefined>
  /** Its size in bytes; `undefined` when there is no such file. */
  size(name: string): Promise<number | undefined>
  /** The files below a folder (which ends in a slash), in the bytewise order of their names. */
  list(folder: string): Promise<readonly TransferFile[]>
  /** Does nothing when there is no such file. */
  remove(name: string): Promise<void>
  /** A URL for one `PUT` of exactly `bytes` bytes. */
  uploadUrl(name: string, bytes: number): Promise<TransferUrl>
  /** A URL to `GET` the file, as a download with the last segment of its name; `Range` is understood. */
  downloadUrl(name: string): Promise<TransferUrl>
}

export interface TransferFile {
  readonly name: string
  readonly bytes: number
}

export interface TransferUrl {
  readonly url: string
  /** RFC 3339. */
  readonly expiresAt: string
}

/** Days after which a file is removed. Reports of an import are fetched in this time; the upload of an import that is over is removed earlier. */
export const transferFilesKeptDays = 14

/** How long a URL is valid. A download or upload that began in time goes on. */
export const transferUrlMs = 3_600_000

/** S3 takes no more in one PUT. */
export const maxUploadBytes = 5 * 1024 ** 3

const segment = '[A-Za-z0-9][A-Za-z0-9._=-]{0,99}'
const wellFormed = new RegExp(`^(imports|exports)/${segment}/${segment}(/${segment}){1,3}$`)
const wellFormedFolder = new RegExp(`^(imports|exports)/(${segment}/){0,4}$`)

export function checkTransferName(name: string): void {
  if (!wellFormed.test(name)) throw new LedgerError('internal', 'not the name of a file of transfers', { given: name })
}

export function checkTransferFolder(folder: string): void {
  if (!wellFormedFolder.test(folder))
    throw new LedgerError('internal', 'not the name of a folder of transfers', { given: folder })
}

/** A file that was read in part was replaced: what follows is not the rest of it. */
export class ReplacedFile extends Error {
  constructor() {
    super('the file was replaced while it was read')
    this.name = 'ReplacedFile'
  }
}

export function noSuchFile(name: string): LedgerError {
  return new LedgerError('not-found', 'there is no such file; it may have expired', { given: name })
}
