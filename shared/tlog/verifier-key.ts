/**
 * Verifier keys (https://c2sp.org/signed-note), `<name>+<key id, 8 hex digits>+<base64 of type and public key>`, a verifier's configuration.
 * The key id is the first 4 bytes of SHA-256(name || newline || type || public key). It only helps to find a key: different keys may share an id.
 */
import { sha256 } from '#sha256'
import { concatBytes, decodeBase64, encodeBase64, encodeHex, encodeUtf8, hasControls } from './encoding.ts'
import { excerpt, TlogError } from './tlog-error.ts'

/** Only `ed25519` and `cosignature` signatures are verified here. The other types are parsed, but do not count. */
export const signatureTypes = {
  ed25519: 0x01,
  ecdsa: 0x02,
  cosignature: 0x04,
  treeHead: 0x05,
  mlDsa44: 0x06,
  other: 0xff,
} as const

export interface VerifierKey {
  readonly name: string
  readonly type: number
  /** Unsigned 32 bits. */
  readonly keyId: number
  readonly publicKey: Uint8Array
}

const publicKeyBytes: ReadonlyMap<number, number> = new Map([
  [signatureTypes.ed25519, 32],
  [signatureTypes.cosignature, 32],
  [signatureTypes.mlDsa44, 1312],
])
const maxKeyText = 8192
const maxKeyName = 1024

/** Key names are not empty and have no space of any script, no plus and no control character. */
export function checkKeyName(name: string): void {
  const allowed = name.length > 0 && name.length <= maxKeyName && name.isWellFormed()
  if (!allowed || /[\p{White_Space}+]/u.test(name) || hasControls(name))
    throw new TlogError('malformed-key', `${excerpt(name)} is not a key name: no spaces, no plus, 1 to 1024 characters`)
}

export function verifierKey(name: string, type: number, publicKey: Uint8Array): VerifierKey {
  checkKeyName(name)
  if (!Number.isInteger(type) || type < 1 || type > 255)
    throw new TlogError('malformed-key', `signature type ${type}; allowed are 1 to 255`)
  const expected = publicKeyBytes.get(type) ?? publicKey.length
  if (publicKey.length !== expected || publicKey.length === 0 || publicKey.length > maxKeyText / 2)
    throw new TlogError(
      'malformed-key',
      `a public key of ${publicKey.length} bytes does not fit signature type ${type}`,
    )
  const key = new Uint8Array(publicKey)
  return { name, type, keyId: keyIdOf(name, type, key), publicKey: key }
}

/** Type 0x02 is older than that rule: its id is the hash of the public key alone. */
function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  const named = concatBytes(encodeUtf8(`${name}\n`, 'malformed-key'), Uint8Array.of(type), publicKey)
  return readUint32(sha256(type === signatureTypes.ecdsa ? publicKey : named))
}

export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id = '', material = ''] =
    (text.length <= maxKeyText && /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text)) || []
  const [type, ...publicKey] = decodeBase64(material)
  if (type === undefined) throw new TlogError('malformed-key', `${excerpt(text)} is not a verifier key: name+id+key`)
  const key = verifierKey(name, type, Uint8Array.from(publicKey))
  if (hexKeyId(key) !== id)
    throw new TlogError('malformed-key', `${excerpt(text)} has key id ${id}; its key's is ${hexKeyId(key)}`)
  return key
}

export function formatVerifierKey(key: VerifierKey): string {
  const { name, type, publicKey } = verifierKey(key.name, key.type, key.publicKey)
  return `${name}+${hexKeyId(key)}+${encodeBase64(concatBytes(Uint8Array.of(type), publicKey))}`
}

export function hexKeyId(key: { readonly keyId: number }): string {
  return encodeHex(writeUint32(key.keyId))
}

export function readUint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
}

export function writeUint32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
