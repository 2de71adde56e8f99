/** Ed25519 keys and signed notes for tests. A key's seed is made from its name, so that every run signs alike. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { cosignedMessage, formatCosignature } from '../../../shared/tlog/cosignature.ts'
import { formatNote, type NoteSignature } from '../../../shared/tlog/note.ts'
import { signatureTypes, type VerifierKey, verifierKey } from '../../../shared/tlog/verifier-key.ts'

export interface TestSigner {
  readonly key: VerifierKey
  readonly sign: (message: Uint8Array) => Uint8Array
}

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

export function signer(name: string, type: number = signatureTypes.ed25519, seed = name): TestSigner {
  const secret = createHash('sha256').update(seed).digest()
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    key: verifierKey(name, type, new Uint8Array(spki.subarray(-32))),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  }
}

export function witness(name: string): TestSigner {
  return signer(name, signatureTypes.cosignature)
}

export function signatureOf({ key, sign }: TestSigner, text: string, timeSeconds = 0): NoteSignature {
  const signature =
    key.type === signatureTypes.cosignature
      ? formatCosignature(timeSeconds, sign(cosignedMessage(timeSeconds, text)))
      : sign(new TextEncoder().encode(text))
  return { name: key.name, keyId: key.keyId, signature }
}

export function signedNote(text: string, signers: readonly TestSigner[], timeSeconds = 1_700_000_000): string {
  return formatNote({ text, signatures: signers.map((one) => signatureOf(one, text, timeSeconds)) })
}
