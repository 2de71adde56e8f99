/**
 * KMS as far as the ledger asks for it, over its protocol (AWS JSON 1.1), so that the unmodified client of the SDK is what is
 * tested: GetPublicKey, Sign, Encrypt, Decrypt on keys that a test adds. Signatures of requests are not checked.
 *
 * From KMS's documentation, and for the message types from what others measured on it: `ED25519_SHA_512` takes RAW only and
 * `ED25519_PH_SHA_512` DIGEST only, else `ValidationException`; another algorithm is `InvalidKeyUsageException`; messages and
 * plaintexts end at 4,096 bytes; a ciphertext opens under its own key and encryption context, else `IncorrectKeyException` or
 * `InvalidCiphertextException`. The words of messages are not KMS's; nothing may rest on them.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { type Behaviour, type Double, type DoubleAnswer, type DoubleRequest, startDouble } from './http-double.ts'

export type DoubleKey =
  | { readonly use: 'sign'; readonly spec: string; privateKey: KeyObject; state: KeyState }
  | { readonly use: 'encrypt'; readonly secret: Buffer; state: KeyState }
type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion'

export interface KmsDouble extends Double {
  readonly keys: Map<string, DoubleKey>
  /** What `Sign` gives instead of its signature; for signatures that are wrong. */
  forge: ((signature: Buffer) => Buffer) | undefined
}

interface Parameters {
  readonly KeyId?: string
  readonly Message?: string
  readonly MessageType?: string
  readonly SigningAlgorithm?: string
  readonly Plaintext?: string
  readonly CiphertextBlob?: string
  readonly EncryptionContext?: Readonly<Record<string, string>>
}

export const ed25519Key = (privateKey = generateKeyPairSync('ed25519').privateKey): DoubleKey => ({
  use: 'sign',
  spec: 'ECC_NIST_EDWARDS25519',
  privateKey,
  state: 'Enabled',
})
export const p256Key = (): DoubleKey => ({
  use: 'sign',
  spec: 'ECC_NIST_P256',
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  state: 'Enabled',
})
export const symmetricKey = (): DoubleKey => ({ use: 'encrypt', secret: randomBytes(32), state: 'Enabled' })

export async function startKmsDouble(): Promise<KmsDouble> {
  const keys = new Map<string, DoubleKey>()
  const service: Behaviour = {
    operationOf: ({ headers }) => String(headers['x-amz-target']).replace('TrentService.', ''),
    answer: (request) => {
      try {
        return json(200, answer(request))
      } catch (error) {
        if (error instanceof Refusal) return refusal(error.status, error.code, error.message)
        throw error
      }
    },
    refusal,
  }

  function answer({ operation, body, headers }: DoubleRequest): object {
    if (headers['content-type'] !== 'application/x-amz-json-1.1') throw new Refusal('UnknownOperationException', '')
    const input: Parameters = JSON.parse(body.toString())
    const name = input.KeyId ?? ''
    const key = keys.get(name)
    if (key === undefined) throw new Refusal('NotFoundException', 'Key does not exist')
    if (key.state === 'Disabled') throw new Refusal('DisabledException', 'the key is disabled')
    if (key.state === 'PendingDeletion') throw new Refusal('KMSInvalidStateException', 'the key is pending deletion')
    const KeyId = `arn:aws:kms:eu-north-1:111122223333:key/${name}`
    switch (operation) {
      case 'GetPublicKey':
        return { KeyId, ...publicKeyOf(key) }
      case 'Sign': {
        const signature = signatureOf(key, input)
        const Signature = (double.forge?.(signature) ?? signature).toString('base64')
        return { KeyId, Signature, SigningAlgorithm: input.SigningAlgorithm }
      }
      case 'Encrypt':
        return { KeyId, CiphertextBlob: encrypted(name, key, input), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
      case 'Decrypt':
        return { KeyId, Plaintext: decrypted(name, key, input), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
      default:
        throw new Refusal('UnknownOperationException', operation)
    }
  }

  const double: KmsDouble = Object.assign(await startDouble(service), { keys, forge: undefined })
  return double
}

function publicKeyOf(key: DoubleKey): object {
  if (key.use !== 'sign') throw new Refusal('UnsupportedOperationException', 'a symmetric key has no public key')
  const der = createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' })
  const SigningAlgorithms =
    key.spec === 'ECC_NIST_EDWARDS25519' ? ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] : ['ECDSA_SHA_256']
  const shared = { PublicKey: der.toString('base64'), KeyUsage: 'SIGN_VERIFY', SigningAlgorithms }
  return { ...shared, KeySpec: key.spec, CustomerMasterKeySpec: key.spec }
}

function signatureOf(key: DoubleKey, { Message = '', MessageType = 'RAW', SigningAlgorithm = '' }: Parameters): Buffer {
  const message = sized('message', Message)
  if (key.use !== 'sign') throw new Refusal('InvalidKeyUsageException', 'the key is not for signatures')
  const takes: Readonly<Record<string, string>> = { ED25519_SHA_512: 'RAW', ED25519_PH_SHA_512: 'DIGEST' }
  const taken = takes[SigningAlgorithm]
  if (key.spec !== 'ECC_NIST_EDWARDS25519' || taken === undefined) {
    throw new Refusal(
      'InvalidKeyUsageException',
      `Algorithm ${SigningAlgorithm} is incompatible with key spec ${key.spec}.`,
    )
  }
  if (MessageType !== taken) throw new Refusal('ValidationException', `Message type ${MessageType} is incompatible`)
  // Node has no Ed25519ph; it is another function of the message, and so is this.
  return sign(null, taken === 'RAW' ? message : Buffer.concat([Buffer.from('ph'), message]), key.privateKey)
}

/** Layout of a ciphertext: u8 length of the key's name ‖ name ‖ nonce (12) ‖ tag (16) ‖ AES-256-GCM. KMS's own layout is secret. */
function encrypted(name: string, key: DoubleKey, { Plaintext = '', EncryptionContext = {} }: Parameters): string {
  if (key.use !== 'encrypt') throw new Refusal('InvalidKeyUsageException', 'the key is not for encryption')
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(contextOf(EncryptionContext))
  const text = Buffer.concat([cipher.update(sized('plaintext', Plaintext)), cipher.final()])
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), nonce, cipher.getAuthTag(), text]).toString('base64')
}

function decrypted(name: string, key: DoubleKey, { CiphertextBlob = '', EncryptionContext = {} }: Parameters): string {
  if (key.use !== 'encrypt') throw new Refusal('InvalidKeyUsageException', 'the key is not for encryption')
  const blob = Buffer.from(CiphertextBlob, 'base64')
  const at = 1 + (blob[0] ?? 0)
  if (blob.length < at + 28) throw new Refusal('InvalidCiphertextException', '')
  if (blob.toString('utf8', 1, at) !== name) throw new Refusal('IncorrectKeyException', 'another key made this')
  const decipher = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(at, at + 12))
  decipher.setAAD(contextOf(EncryptionContext)).setAuthTag(blob.subarray(at + 12, at + 28))
  try {
    return Buffer.concat([decipher.update(blob.subarray(at + 28)), decipher.final()]).toString('base64')
  } catch {
    throw new Refusal('InvalidCiphertextException', '')
  }
}

/** Order does not matter to KMS, case and content do. */
function contextOf(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function sized(member: string, base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length >= 1 && bytes.length <= 4096) return bytes
  throw new Refusal('ValidationException', `'${member}' must have a length between 1 and 4096`)
}

class Refusal extends Error {
  readonly code: string
  readonly status = 400

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function refusal(status: number, code: string, message = ''): DoubleAnswer {
  return json(status, { __type: code, ...(message !== '' && { message }) })
}

function json(status: number, content: object): DoubleAnswer {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '6e27ab9b-3ff8-4d39-b8a5-0b1f9bd8d9c2',
  }
  return { status, headers, body: JSON.stringify(content) }
}
