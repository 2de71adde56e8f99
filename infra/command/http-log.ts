/**
 * Reads a log over HTTP, at its base address `http(s)://<host>/log/<controller>`: the resources of https://c2sp.org/tlog-tiles, and the list
 * of published checkpoints. A partial tile that is gone is cut from the full one.
 */
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { cutBundle, type ListedCheckpoint, type LogSource, SourceError } from '../../shared/verify/log-source.ts'
import { type HttpFile, type HttpReaderOptions, httpReader } from './http-reader.ts'

export interface HttpLogOptions extends HttpReaderOptions {
  /** Sent with requests for entry bundles only. */
  readonly token?: string
}

const maxNoteBytes = 1_000_000
const maxListBytes = 16_000_000
const hashBytes = 32
const maxBundleBytes = (width: number) => width * (2 + 65_535)

export function httpLog(base: string, { token, ...options }: HttpLogOptions = {}): LogSource {
  const get = httpReader(base, options)
  const authorised = token !== undefined && { headers: { authorization: `Bearer ${token}` } }

  async function orFull(
    path: string,
    file: HttpFile,
    fullPath: string,
    fullFile: HttpFile,
    cut: (full: Uint8Array) => Uint8Array,
  ) {
    try {
      return await get(path, file)
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'absent' || path === fullPath) throw error
      const full = await get(fullPath, fullFile).catch(() => undefined)
      if (full === undefined) throw error
      return cut(full)
    }
  }

  return {
    async checkpoint() {
      return new TextDecoder().decode(await get('checkpoint', { maxBytes: maxNoteBytes }))
    },
    async checkpoints(after) {
      const path = after < 0 ? 'checkpoints' : `checkpoints?after=${after}`
      try {
        return readList(new TextDecoder().decode(await get(path, { maxBytes: maxListBytes })), path)
      } catch (error) {
        // Plain tlog-tiles hosting lists none.
        if (after < 0 && error instanceof SourceError && error.code === 'absent') return { checkpoints: [] }
        throw error
      }
    },
    tile(tile) {
      const fullPath = tilePath({ ...tile, width: fullWidth })
      const ofWidth = (width: number) => ({ maxBytes: width * hashBytes })
      const cut = (full: Uint8Array) => full.subarray(0, tile.width * hashBytes)
      return orFull(tilePath(tile), ofWidth(tile.width), fullPath, ofWidth(fullWidth), cut)
    },
    bundle(bundle) {
      const fullPath = bundlePath({ ...bundle, width: fullWidth })
      const ofWidth = (width: number) => ({ maxBytes: maxBundleBytes(width), ...authorised })
      const cut = (full: Uint8Array) => cutBundle(full, bundle.width)
      return orFull(bundlePath(bundle), ofWidth(bundle.width), fullPath, ofWidth(fullWidth), cut)
    },
  }
}

function readList(text: string, path: string): { checkpoints: ListedCheckpoint[]; next?: number } {
  const odd = () => new SourceError('unreachable', path, 'the answer is not a list of checkpoints')
  try {
    const { checkpoints, next } = JSON.parse(text)
    if (!Array.isArray(checkpoints)) throw odd()
    return { checkpoints: checkpoints.map((one) => listed(one, odd)), ...(Number.isSafeInteger(next) && { next }) }
  } catch {
    throw odd()
  }
}

function listed(one: unknown, odd: () => SourceError): ListedCheckpoint {
  const isListed = typeof one === 'object' && one !== null && 'size' in one && 'note' in one
  if (!isListed || !Number.isSafeInteger(one.size) || typeof one.note !== 'string') throw odd()
  return { size: Number(one.size), note: one.note }
}
