/**
 * Timestamped Ed25519 cosignatures (https://c2sp.org/tlog-cosignature, type 0x04): a witness states that at a time the checkpoint was the
 * largest consistent one that it had seen of the log. The signature in the note is the time in POSIX seconds (unsigned 64-bit, big-endian)
 * and 64 bytes of Ed25519. Times above 2^53 - 1 are refused, although the format allows them.
 */
import { checkNumber, concatBytes, encodeUint64, encodeUtf8 } from './encoding.ts'
import { TlogError } from './tlog-error.ts'

const timeBytes = 8
const signatureBytes = 64

/** The message that the witness signs. Its two lines before the checkpoint's text keep it apart from the log's own signature. */
export function cosignedMessage(timeSeconds: number, noteText: string): Uint8Array<ArrayBuffer> {
  checkNumber(timeSeconds, 'the time of a cosignature')
  return encodeUtf8(`cosignature/v1\ntime ${timeSeconds}\n${noteText}`, 'malformed-note')
}

/** The bytes after the key id in the signature line. */
export function formatCosignature(timeSeconds: number, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  checkNumber(timeSeconds, 'the time of a cosignature')
  if (signature.length !== signatureBytes)
    throw new TlogError('bad-signature', `an Ed25519 signature has ${signatureBytes} bytes, not ${signature.length}`)
  return concatBytes(encodeUint64(timeSeconds), signature)
}

export function parseCosignature(bytes: Uint8Array): { readonly timeSeconds: number; readonly signature: Uint8Array } {
  if (bytes.length !== timeBytes + signatureBytes)
    throw new TlogError('bad-signature', `a cosignature has ${timeBytes + signatureBytes} bytes, not ${bytes.length}`)
  const time = new DataView(bytes.buffer, bytes.byteOffset, timeBytes).getBigUint64(0)
  if (time > BigInt(Number.MAX_SAFE_INTEGER))
    throw new TlogError('bad-signature', `a cosignature of second ${time}; allowed are times up to 2^53 - 1`)
  return { timeSeconds: Number(time), signature: bytes.subarray(timeBytes) }
}
