/**
 * URLs that permit one method on one file of this server until an instant: `/files/<name>?until=…[&bytes=…]&mac=…`. The MAC is an HMAC-SHA256
 * over all the rest under a key of this process, so a URL ends with the process too; whoever needs it later asks again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../shared/ledger/store.ts'
import { type TransferUrl, transferUrlMs } from '../../../shared/ledger/transfers/transfer-files.ts'

export interface FilePermission {
  readonly method: 'GET' | 'PUT'
  readonly name: string
  /** Exact length of an upload. */
  readonly bytes?: number
}

export interface FileUrls {
  sign(permission: FilePermission): TransferUrl
  /** What the URL permits; `undefined` when it is not one of these, was changed, or has expired. */
  permitted(method: string, path: string, query: URLSearchParams): FilePermission | undefined
}

export const filesPath = '/files/'

export function fileUrls(baseUrl: () => string, clock: Clock): FileUrls {
  const key = randomBytes(32)
  const macOf = ({ method, name, bytes }: FilePermission, until: number): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([method, name, bytes ?? null, until]))
      .digest()

  return {
    sign(permission) {
      const until = clock() + transferUrlMs
      const query = new URLSearchParams({
        until: String(until),
        ...(permission.bytes !== undefined && { bytes: String(permission.bytes) }),
        mac: macOf(permission, until).toString('base64url'),
      })
      return {
        url: `${baseUrl()}${filesPath}${permission.name}?${query}`,
        expiresAt: new Date(until).toISOString(),
      }
    },
    permitted(method, path, query) {
      const asked = method === 'HEAD' ? 'GET' : method
      if (asked !== 'GET' && asked !== 'PUT') return undefined
      const until = Number(query.get('until'))
      const bytes = query.get('bytes')
      const name = path.slice(filesPath.length)
      const permission = { method: asked, name, ...(bytes !== null && { bytes: Number(bytes) }) } as const
      const mac = Buffer.from(query.get('mac') ?? '', 'base64url')
      const expected = macOf(permission, until)
      const isOurs = mac.length === expected.length && timingSafeEqual(mac, expected)
      return isOurs && clock() < until ? permission : undefined
    },
  }
}
