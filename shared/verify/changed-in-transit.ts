/**
 * Undoes what mail programs, editors, terminals and version control do to a text file in transit, where its format shows what was there
 * before. A byte order mark is removed from any file. Notes and tlog-proofs have lines without carriage returns and end in one newline
 * (C2SP signed-note, tlog-proof), so in these CRLF becomes LF, and a missing or repeated final newline becomes one. JSON allows any line
 * ends. Digests and signatures are checked afterwards, so that no unsigned content can become valid.
 */

export interface RestoredText {
  readonly text: string
  /** What happened to it in transit and was undone, as sentences. */
  readonly changes: readonly string[]
}

const byteOrderMark = '\uFEFF'

/** JSON: a proof, a receipt, an answer with receipts. */
export function restoreJson(given: string): RestoredText {
  const isMarked = given.startsWith(byteOrderMark)
  return { text: isMarked ? given.slice(1) : given, changes: isMarked ? ['a byte order mark was put before it'] : [] }
}

/** Text whose lines end in LF, the last one as well: a `.tlog-proof` file, a checkpoint, a log's policy. */
export function restoreLines(given: string): RestoredText {
  const { text, changes } = restoreJson(given)
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
export function restoreLeaf(given: string): string {
  return restoreJson(given).text.replace(/(\r?\n)+$/, '')
}

/** The first sign of a change that cannot be undone, as a sentence; `undefined` when there is none. */
export function lostInTransit(text: string): string | undefined {
  if (text.includes('\uFFFD')) return 'it has characters that a program could not read and replaced (U+FFFD)'
  if (text.includes('\r')) return 'it has carriage returns'
  // Base64 ends lines in `=` as well; this form writes that as `=3D`.
  if (text.includes('=3D') && /=(3D)?\r?\n/.test(text)) return 'it is written in the quoted-printable form of mail'
  return undefined
}

/** What bytes that are not UTF-8 seem to be, as a sentence; `undefined` when that is unknown. */
export function otherEncoding(bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0, third] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || second === 0
  if (isUtf16) return 'it was made UTF-16, as “>” does in Windows PowerShell'
  return first === 0x1f && second === 0x8b && third === 8 ? 'it is compressed (gzip)' : undefined
}

export const howToFetchAgain =
  'get it once more, byte for byte: save it with curl -o FILE, and send it as an attachment or in an archive'
