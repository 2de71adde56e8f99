/**
 * Reads files over HTTP whose server may lie, stall or send without end: each answer has a limit on its bytes and its time, each file a few
 * attempts. A redirect is an error that names where it leads, since what was asked for is then at another address than its reader states.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs, retryAfterMs } from '../../shared/backoff.ts'
import { SourceError } from '../../shared/verify/log-source.ts'
import { boundedBody } from './bounded-body.ts'

export interface HttpReaderOptions {
  /** For one attempt, with its body. */
  readonly timeoutMs?: number
  /** Longest pause before the second attempt; doubled before each further one. */
  readonly pauseMs?: number
}

export interface HttpFile {
  readonly maxBytes: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Reads the file at a path below the base address. */
export type HttpReader = (path: string, file: HttpFile) => Promise<Uint8Array>

const attempts = 4
const maxPauseMs = 10_000

/** @returns a reader, which throws `SourceError` */
export function httpReader(base: string, { timeoutMs = 20_000, pauseMs = 300 }: HttpReaderOptions = {}): HttpReader {
  const root = base.endsWith('/') ? base : `${base}/`
  return async (path, file) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(new URL(path, root), path, file, timeoutMs)
      if (answer instanceof Uint8Array) return answer
      if (attempt === attempts) throw answer.error
      const least = Math.min(maxPauseMs, answer.retryAfterMs ?? 0)
      await pause(backoffMs({ firstMs: pauseMs, longestMs: maxPauseMs }, attempt, Math.random(), least))
    }
  }
}

interface Failed {
  readonly error: SourceError
  readonly retryAfterMs?: number | undefined
}

/** Returns the bytes, or an error if another attempt may succeed; throws other errors. */
async function once(
  url: URL,
  path: string,
  { maxBytes, headers }: HttpFile,
  timeoutMs: number,
): Promise<Uint8Array | Failed> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { ...(headers && { headers }), redirect: 'manual', signal })
    const { ok, status } = response
    if (ok) {
      const bytes = await boundedBody(response, maxBytes)
      if (bytes === undefined) throw new SourceError('unreachable', path, `the answer has more than ${maxBytes} bytes`)
      return bytes
    }
    await response.body?.cancel()
    if (status === 404 || status === 410) throw new SourceError('absent', path, notThere(url, path))
    if (status === 401 || status === 403) throw new SourceError('forbidden', path, `the server refuses it (${status})`)
    if (status >= 300 && status < 400)
      throw new SourceError(
        'unreachable',
        path,
        `the server leads to ${response.headers.get('location') ?? 'nowhere'}, and redirects are not followed`,
      )
    return {
      error: new SourceError('unreachable', path, `the server answers ${status}`),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    }
  } catch (error) {
    if (error instanceof SourceError) throw error
    return { error: new SourceError('unreachable', path, whyUnreachable(error, timeoutMs), error) }
  }
}

function whyUnreachable(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `the server did not answer whole within ${timeoutMs / 1000} s`
  const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : error
  return `the server cannot be reached: ${why}`
}

/** Without a checkpoint the address is most likely that of the ledger rather than that of one of its logs. */
function notThere(url: URL, path: string): string {
  const sentence = `${url} does not exist`
  return path === 'checkpoint' ? `${sentence}; the address of a log is like https://ledger.example/log/acme` : sentence
}
