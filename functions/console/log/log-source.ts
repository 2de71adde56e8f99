/**
 * A controller's log at the ledger that served the page (https://c2sp.org/tlog-tiles), as the port of the log check. Tiles are public. Entry
 * bundles go to an auditor's session, or to everybody where the controller made them public.
 */
import { openLedger } from '../../../shared/server/server.ts'
import { bundlePath, fullWidth, tilePath } from '../../../shared/tlog/tile.ts'
import { cutBundle, type LogSource, SourceError } from '../../../shared/verify/log-source.ts'

const hashBytes = 32

export interface ServedLog extends Required<Omit<LogSource, 'files'>> {
  /** The keys that the ledger says the log has (https://c2sp.org/tlog-policy). */
  policy(): Promise<string>
}

/** @param token of an auditor of this controller, sent with requests for entry bundles only */
export function servedLog(controller: string, token?: string): ServedLog {
  // Whoever looks again wants what is served now, and not what the browser has had for a second.
  const ledger = openLedger({
    url: location.origin,
    controller,
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-store' }),
  })

  async function get(path: string, headers: Record<string, string> = {}): Promise<Uint8Array> {
    const address = `/log/${encodeURIComponent(controller)}/${path}`
    const response = await fetch(address, { credentials: 'omit', headers }).catch((cause: unknown) => {
      throw new SourceError('unreachable', path, `${path}: the ledger could not be reached`, cause)
    })
    if (response.ok) return new Uint8Array(await response.arrayBuffer())
    const { status } = response
    const code = status === 404 ? 'absent' : status === 401 || status === 403 ? 'forbidden' : 'unreachable'
    throw new SourceError(code, path, `${path}: the ledger answers ${status}`)
  }

  /** A partial tile may be gone once the full one is there. */
  async function orFull(path: string, full: string, read: (path: string) => Promise<Uint8Array>) {
    try {
      return await read(path)
    } catch (error) {
      if (path === full || !(error instanceof SourceError) || error.code !== 'absent') throw error
      return read(full).catch(() => {
        throw error
      })
    }
  }

  return {
    checkpoint: () => ledger.getCheckpoint(),
    checkpoints: (after) => ledger.listCheckpoints(after < 0 ? {} : { after }),
    policy: () => ledger.getLogPolicy(),
    async tile(tile) {
      const bytes = await orFull(tilePath(tile), tilePath({ ...tile, width: fullWidth }), get)
      return bytes.subarray(0, tile.width * hashBytes)
    },
    async bundle(bundle) {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const full = bundlePath({ ...bundle, width: fullWidth })
      return cutBundle(await orFull(bundlePath(bundle), full, (path) => get(path, headers)), bundle.width)
    },
  }
}
