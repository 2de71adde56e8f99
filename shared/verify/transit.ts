/**
 * What mail programs, editors, terminals and version control do to a text file on its way, undone where the format leaves no doubt about
 * what was there before: a byte order mark at the beginning of any file; in notes and tlog-proofs, whose lines hold no carriage return
 * and which end in one newline (C2SP signed-note, tlog-proof), CRLF, and a final newline that is missing or repeated. JSON does not mind
 * line ends. The digests and signatures are then checked as always, so nothing that was not signed can become valid by it.
 */

export interface Received {
  readonly text: string
  /** What was undone, in words. */
  readonly changes: readonly string[]
}

const byteOrderMark = '\uFEFF'

/** JSON: a proof, a receipt, an answer with receipts. */
export function receivedJson(given: string): Received {
  const isMarked = given.startsWith(byteOrderMark)
  return { text: isMarked ? given.slice(1) : given, changes: isMarked ? ['a byte order mark was put before it'] : [] }
}

/** Text whose lines end in LF, the last one as well: a `.tlog-proof` file, a checkpoint, a log's policy. */
export function receivedLines(given: string): Received {
  const { text, changes } = receivedJson(given)
  const unix = text.replaceAll('\r\n', '\n')
  const whole = `${unix.replace(/\n+$/, '')}\n`
  return {
    text: whole,
    changes: [
      ...changes,
      ...(unix === text ? [] : ['its line ends were made CRLF']),
      ...(whole === unix ? [] : [unix.endsWith('\n') ? 'newlines were put after it' : 'its final newline was cut off']),
    ],
  }
}

/** A leaf is one line of canonical JSON without a newline. */
export function receivedLeaf(given: string): string {
  return receivedJson(given).text.replace(/(\r?\n)+$/, '')
}

/** What a reader can see of changes that cannot be undone; `undefined` when there is nothing of the kind. */
export function lostInTransit(text: string): string | undefined {
  if (text.includes('\uFFFD')) return 'it has characters that a program could not read and replaced (U+FFFD)'
  if (text.includes('\r')) return 'it has carriage returns'
  if (/=3D|=\r?\n/.test(text)) return 'it is written in the quoted-printable form of mail'
  return undefined
}

/** Of bytes that are not UTF-8. */
export function otherEncoding(bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0, third] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || second === 0
  if (isUtf16) return 'it was made UTF-16, as “>” does in Windows PowerShell'
  return first === 0x1f && second === 0x8b && third === 8 ? 'it is compressed (gzip)' : undefined
}

export const askAgain =
  'get it once more, byte for byte: save it with curl -o FILE, and send it as an attachment or in an archive'
