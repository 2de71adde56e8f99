/**
 * Reads a log over HTTP, at its base address `http(s)://<host>/log/<controller>`: the resources of https://c2sp.org/tlog-tiles, and the list
 * of published checkpoints. The size of answers and the number of attempts are limited. A partial tile that is gone is cut from the full one.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from '../../shared/backoff.ts'
import { bundlePath, fullWidth, tilePath } from '../../shared/tlog/tile.ts'
import { cutBundle, type ListedCheckpoint, type LogSource, SourceError } from '../../shared/verify/log-source.ts'
import { boundedBody } from './bounded-body.ts'

export interface HttpLogOptions {
  /** Sent with requests for entry bundles only. */
  readonly token?: string
  readonly timeoutMs?: number
  /** Longest pause before the second attempt; doubled before the third. */
  readonly pauseMs?: number
}

/** Without a checkpoint the address is most likely that of the ledger rather than that of one of its logs. */
function notThere(url: URL, path: string): string {
  const sentence = `${url} does not exist`
  return path === 'checkpoint' ? `${sentence}; the address of a log is like https://ledger.example/log/acme` : sentence
}

const attempts = 3
const maxPauseMs = 10_000
const maxNoteBytes = 1_000_000
const maxListBytes = 16_000_000
const hashBytes = 32
const maxBundleBytes = fullWidth * (2 + 65_535)

export function httpLog(base: string, { token, timeoutMs = 20_000, pauseMs = 300 }: HttpLogOptions = {}): LogSource {
  const root = base.endsWith('/') ? base : `${base}/`

  async function get(path: string, maxBytes: number, authorised = false): Promise<Uint8Array> {
    const headers = authorised && token !== undefined ? { authorization: `Bearer ${token}` } : undefined
    for (let attempt = 1; ; attempt++) {
      const answer = await once(new URL(path, root), path, maxBytes, headers)
      if (answer instanceof Uint8Array) return answer
      if (attempt === attempts) throw answer
      await pause(backoffMs({ firstMs: pauseMs, longestMs: maxPauseMs }, attempt, Math.random()))
    }
  }

  /** Returns the bytes, or an error if another attempt may succeed; throws other errors. */
  async function once(url: URL, path: string, maxBytes: number, headers: Record<string, string> | undefined) {
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) })
      if (response.ok) return await bounded(response, path, maxBytes)
      await response.body?.cancel()
      if (response.status === 404 || response.status === 410) throw new SourceError('absent', path, notThere(url, path))
      if (response.status === 401 || response.status === 403)
        throw new SourceError('forbidden', path, `the server refuses it (${response.status})`)
      return new SourceError('unreachable', path, `the server answers ${response.status}`)
    } catch (error) {
      if (error instanceof SourceError) throw error
      const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error
      return new SourceError('unreachable', path, `the server cannot be reached: ${why}`, error)
    }
  }

  async function orFull(
    path: string,
    fullPath: string,
    maxBytes: number,
    cut: (full: Uint8Array) => Uint8Array,
    authorised = false,
  ) {
    try {
      return await get(path, maxBytes, authorised)
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'absent' || path === fullPath) throw error
      const full = await get(fullPath, maxBytes, authorised).catch(() => undefined)
      if (full === undefined) throw error
      return cut(full)
    }
  }

  return {
    async checkpoint() {
      return new TextDecoder().decode(await get('checkpoint', maxNoteBytes))
    },
    async checkpoints(after) {
      const path = after < 0 ? 'checkpoints' : `checkpoints?after=${after}`
      try {
        return readList(new TextDecoder().decode(await get(path, maxListBytes)), path)
      } catch (error) {
        // Plain tlog-tiles hosting lists none.
        if (after < 0 && error instanceof SourceError && error.code === 'absent') return { checkpoints: [] }
        throw error
      }
    },
    tile(tile) {
      const full = tilePath({ ...tile, width: fullWidth })
      return orFull(tilePath(tile), full, fullWidth * hashBytes, (bytes) => bytes.subarray(0, tile.width * hashBytes))
    },
    bundle(bundle) {
      const full = bundlePath({ ...bundle, width: fullWidth })
      return orFull(bundlePath(bundle), full, maxBundleBytes, (bytes) => cutBundle(bytes, bundle.width), true)
    },
  }
}

async function bounded(response: Response, path: string, maxBytes: number): Promise<Uint8Array> {
  const bytes = await boundedBody(response, maxBytes)
  if (bytes === undefined) throw new SourceError('unreachable', path, `the answer has more than ${maxBytes} bytes`)
  return bytes
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
