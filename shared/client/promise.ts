/**
 * Checks what a receipt promises, with the log's key alone: that the disclosures are those of its leaf, that the promise is for that
 * leaf, and that its signature goes back to the log's key over two certificates (compact JWS, alg Ed25519; DESIGN section 5). The whole
 * check, with the record and the tlog-proof, is `consent-ledger/verify`.
 */
import type { Receipt } from './answers.ts'

/**
 * `logKey` is the log's verifier key (C2SP signed-note): `<origin>+<hash>+<base64>`. Have it from somewhere else than the ledger.
 * `undefined` where that is no such key, or the platform knows no Ed25519. Rejects for a receipt that is none.
 */
export async function isPromised(receipt: Receipt, logKey: string): Promise<boolean | undefined> {
  const subtle = globalThis.crypto?.subtle
  const [origin = '', , ...key] = logKey.split('+')
  const keyOf = (bytes: Uint8Array<ArrayBuffer>) => subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
  const log = subtle && (await keyOf(fromBase64(key.join('+')).slice(1)).catch(() => undefined))
  if (!log) return undefined

  const sha256 = async (text: string) => toBase64Url(await subtle.digest('SHA-256', utf8(text)))
  /** The claims that `by` signed. */
  const claimsOf = async (jws: string, typ: string, by: CryptoKey): Promise<Claims> => {
    const [header = '', payload = '', signature = ''] = jws.split('.')
    const isGood = await subtle.verify('Ed25519', by, fromBase64(signature), utf8(`${header}.${payload}`))
    if (!isGood || JSON.parse(textOf(header)).typ !== `consent-${typ}+jwt`) throw new Error('not signed')
    return JSON.parse(textOf(payload))
  }
  const { leaf, disclosures, inclusionPromise, controller } = receipt
  let by = log
  for (const certificate of inclusionPromise.certificates)
    by = await keyOf(fromBase64((await claimsOf(certificate, 'receipt-key', by)).cnf.jwk.x))
  const promise = await claimsOf(inclusionPromise.jws, 'promise', by)
  const digests = await Promise.all(disclosures.map(sha256))
  return (
    promise.origin === origin &&
    origin.endsWith(`/${controller}`) &&
    promise.leafHash === (await sha256(`\0${leaf}`)) &&
    digests.every((digest) => JSON.parse(leaf)._sd.includes(digest))
  )
}

/** Those of a promise, and that of a certificate. */
interface Claims {
  readonly origin: string
  readonly leafHash: string
  readonly cnf: { readonly jwk: { readonly x: string } }
}

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Either alphabet. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
}

/** The text that base64url stands for. */
export const textOf = (base64Url: string) => new TextDecoder().decode(fromBase64(base64Url))

export function toBase64Url(bytes: ArrayBuffer | Uint8Array): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
