/**
 * Compares certificates of receipt keys with their names: `certificates/<base64url SHA-256 of the key>-<year>`. A checkpoint key signs
 * each certificate for this host, for the key and the year that the name states. Object storage is asked for the first name only. So of
 * several receipt keys one is checked, in each of its years, and the others cannot be listed.
 */
import { hash, verify } from 'node:crypto'
import { type CertificateClaims, certificateFolder, claimsIn, publicKeyOf } from '../recording/inclusion-promises.ts'
import type { Audit } from './audit-run.ts'

export async function auditCertificates({ ledger, nowMs, found, pass: { compared } }: Audit): Promise<void> {
  const first = await ledger.objects.first(certificateFolder)
  const year = Number(first?.slice(-4))
  if (first === undefined) return
  const last = Math.max(year, new Date(nowMs).getUTCFullYear())
  const names = Number.isSafeInteger(year)
    ? Array.from({ length: last - year + 1 }, (_, i) => `${first.slice(0, -4)}${year + i}`)
    : [first]
  for (const object of names) {
    const bytes = await ledger.objects.get(object)
    if (bytes === undefined) continue
    compared.certificates++
    const keys = [ledger.checkpointKey, ...(ledger.earlierCheckpointKeys ?? [])]
    const claims = signedClaims(Buffer.from(bytes).toString(), keys)
    if (claims === undefined) found('certificate-unsigned', '', { object })
    else if (claims.iss !== ledger.host || nameOf(claims) !== object) found('certificate-differs', '', { object })
  }
}

function signedClaims(jws: string, keys: readonly Uint8Array[]): CertificateClaims | undefined {
  const [header = '', payload = '', signature = ''] = jws.split('.')
  try {
    const input = Buffer.from(`${header}.${payload}`)
    const isSigned = keys.some((key) => verify(null, input, publicKeyOf(key), Buffer.from(signature, 'base64url')))
    return isSigned ? (claimsIn(jws) as CertificateClaims) : undefined
  } catch {
    return undefined
  }
}

function nameOf({ cnf, iat }: CertificateClaims): string {
  const key = Buffer.from(cnf.jwk.x, 'base64url')
  return `${certificateFolder}${hash('sha256', key, 'base64url')}-${new Date(iat * 1000).getUTCFullYear()}`
}
