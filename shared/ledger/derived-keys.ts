/**
 * Derives keys, seals and opens bytes. All keys are 32 bytes. Those that encrypt are KeyObjects, because Node converts a raw key anew at each use;
 * those of a subject that only derive or authenticate are MacKeys (`mac-key.ts`).
 *
 *   derived = HKDF-Expand-SHA256(key, "consent-ledger/v1/<use>/<controller>", 32)                                (RFC 5869)
 *   wrapped = nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16)
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { LedgerError } from '../errors.ts'
import { MacKey, macKeyOf } from './mac-key.ts'
import type { Randomness } from './store.ts'

export const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** Secrets of a controller: 96 bytes from its creation, wrapped together by the keyring, and what replaced some of them (`change-keys.ts`). */
export interface ControllerSecrets {
  /** Wraps the subjects' keys in the vault. */
  readonly dataKey: KeyObject
  /** Turn identifiers into vault partition keys, oldest first. Rows may be named by each of them. */
  readonly peppers: readonly KeyObject[]
  /** The one of them that names new rows. */
  readonly pepper: KeyObject
  /** Authenticates notice tokens. */
  readonly noticeKey: KeyObject
  /** Notice keys that were replaced, while their tokens still count. */
  readonly earlierNoticeKeys: readonly EarlierNoticeKey[]
}

export interface EarlierNoticeKey {
  readonly key: KeyObject
  /** Milliseconds since 1970. A token that was issued later is none. */
  readonly issuedUntilMs: number
}

export const controllerSecretsBytes = 3 * keyBytes

export function readControllerSecrets(bytes: Uint8Array): ControllerSecrets {
  if (bytes.length !== controllerSecretsBytes) throw new Error('a controller has 96 bytes of secrets')
  // The cast is right, because the length was checked.
  const [dataKey, pepper, noticeKey] = readKeys(bytes) as [KeyObject, KeyObject, KeyObject]
  return { dataKey, peppers: [pepper], pepper, noticeKey, earlierNoticeKeys: [] }
}

/** One key after the other, 32 bytes each. */
export function readKeys(bytes: Uint8Array): KeyObject[] {
  const count = bytes.length / keyBytes
  return Array.from({ length: count }, (_, i) => createSecretKey(bytes.subarray(i * keyBytes, (i + 1) * keyBytes)))
}

/** Stands in for the secrets in an instance that may not unwrap any. */
export const withheldSecrets: ControllerSecrets = {
  get dataKey() {
    return withheld()
  },
  get peppers() {
    return withheld()
  },
  get pepper() {
    return withheld()
  },
  get noticeKey() {
    return withheld()
  },
  get earlierNoticeKeys() {
    return withheld()
  },
}

function withheld(): never {
  throw new LedgerError('internal', 'this instance holds no keys of controllers')
}

/** What HMACs are made with. */
export type HmacKey = KeyObject | MacKey

/** One block of HKDF-Expand. HKDF-Extract is not needed, because the input keys are uniformly random. */
export function deriveKey(key: HmacKey, use: DerivedUse, controller: string): KeyObject {
  return createSecretKey(deriveBytes(key, use, controller))
}

export function deriveMacKey(key: HmacKey, use: DerivedUse, controller: string): MacKey {
  return new MacKey(deriveBytes(key, use, controller))
}

export function deriveBytes(key: HmacKey, use: DerivedUse, controller: string): Buffer {
  return hmac(key, derivation(use, controller))
}

/** The same, base64url. */
export function deriveText(key: HmacKey, use: DerivedUse, controller: string): string {
  return hmacText(key, derivation(use, controller), 32)
}

const derivation = (use: DerivedUse, controller: string) => `consent-ledger/v1/${use}/${controller}\x01`

/** What keys are derived for. The name is part of the derivation, so none may be changed. */
export const derivedUses = [
  'sub',
  'id',
  'digest',
  'salt',
  'seal',
  'reads',
  'erasure',
  'holds',
  'hold',
  'letter',
  'links',
  'mandates',
  'statistics',
  'holder',
  'transfers',
  'expiry-hour',
  'expiry-name',
  'expiry',
] as const
export type DerivedUse = (typeof derivedUses)[number]

export function hmac(key: HmacKey, message: string): Buffer {
  return Buffer.from(mac(key, message, 'binary'), 'binary')
}

/** The first bytes of the HMAC, base64url. Made from text to text: a Buffer would cost as much again as the HMAC itself. */
export function hmacText(key: HmacKey, message: string, byteCount: 16 | 32): string {
  const text = mac(key, message, 'base64url')
  return byteCount === 32 ? text : firstBytesOf(text)
}

function mac(key: HmacKey, message: string, encoding: 'base64url' | 'binary'): string {
  return (key instanceof MacKey ? key : macKeyOf(key)).mac(message, encoding)
}

/** 16 bytes take 21 characters and two bits of the next, by which each sixteen of the alphabet's characters differ. */
function firstBytesOf(text: string): string {
  const last = 'AQgw'[Math.floor(alphabet.indexOf(text.charAt(21)) / 16)]
  return `${text.slice(0, 21)}${last}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Encrypts and authenticates. `context` is authenticated but not stored, so the bytes open only in the item they were made for. A
 * `prefix` byte precedes them in clear.
 */
export function sealBytes(
  key: KeyObject,
  plain: Uint8Array,
  context: string,
  random: Randomness,
  prefix?: number,
): Buffer {
  const nonce = random(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const box = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(prefix === undefined ? box : [Buffer.of(prefix), ...box])
}

/** @throws when the bytes were sealed under another key or context, or were changed */
export function openBytes(key: KeyObject, sealed: Uint8Array, context: string): Buffer {
  const end = sealed.length - tagBytes
  if (end < nonceBytes) throw new Error('sealed bytes are too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()])
}
