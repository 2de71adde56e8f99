/**
 * `@consent-ledger/client/promise`: checks the inclusion promise of a receipt with the log's key alone. The disclosures must open digests
 * of its leaf, the promise must be for that leaf, and its signature must lead to the log's key over two certificates (compact JWS,
 * RFC 7515, alg Ed25519, RFC 9864). A module of its own, because few pages check receipts and every page loads the client.
 * `@consent-ledger/verify` also checks the record and the tlog-proof.
 */

import { fromBase64, textOf } from './bytes.ts'
import type { Receipt } from './ledger-answers.ts'

/**
 * Checks the promise of a receipt. Never rejects.
 *
 * @param receipt as the ledger gave it
 * @param logKey the log's verifier key (https://c2sp.org/signed-note), `<origin>+<hash>+<base64>`, from another source than the ledger
 * @returns whether the promise is valid; `undefined` if `logKey` is no such key or the platform cannot verify Ed25519
 */
export async function isPromised(receipt: Receipt, logKey: string): Promise<boolean | undefined> {
  return check(receipt, logKey).catch(() => false)
}

/** Rejects for a receipt that has no valid promise. */
async function check(receipt: Receipt, logKey: string): Promise<boolean | undefined> {
  const subtle = globalThis.crypto?.subtle
  const [origin = '', , ...key] = logKey.split('+')
  const keyOf = (bytes: Uint8Array<ArrayBuffer>) => subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
  const log = subtle && (await keyOf(bytesOf(key.join('+')).slice(1)).catch(() => undefined))
  if (!log) return undefined

  const sha256 = async (text: string) => toBase64Url(await subtle.digest('SHA-256', utf8(text)))
  /** The claims that `by` signed. */
  const claimsOf = async (jws: string, typ: string, by: CryptoKey): Promise<Claims> => {
    const [header = '', payload = '', signature = ''] = jws.split('.')
    const isGood = await subtle.verify('Ed25519', by, bytesOf(signature), utf8(`${header}.${payload}`))
    if (!isGood || JSON.parse(textOf(header)).typ !== `consent-${typ}+jwt`) throw new Error('not signed')
    return JSON.parse(textOf(payload))
  }
  const { leaf, disclosures, inclusionPromise, controller } = receipt
  let by = log
  for (const certificate of inclusionPromise.certificates)
    by = await keyOf(bytesOf((await claimsOf(certificate, 'receipt-key', by)).cnf.jwk.x))
  const promise = await claimsOf(inclusionPromise.jws, 'promise', by)
  const digests = await Promise.all(disclosures.map(sha256))
  return (
    promise.origin === origin &&
    origin.endsWith(`/${controller}`) &&
    promise.leafHash === (await sha256(`\0${leaf}`)) &&
    digests.every((digest) => JSON.parse(leaf)._sd.includes(digest))
  )
}

/** Claims of a promise (`origin`, `leafHash`) and of a certificate (`cnf`). */
interface Claims {
  readonly origin: string
  readonly leafHash: string
  readonly cnf: { readonly jwk: { readonly x: string } }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fromBase64(base64), (c) => c.charCodeAt(0))
}

function toBase64Url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const utf8 = (text: string) => new TextEncoder().encode(text)
