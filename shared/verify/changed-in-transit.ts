/**
 * Undoes what mail programs, editors, terminals and version control do to a text file in transit, where its format shows what was there
 * before. A byte order mark is removed from any file. Notes and tlog-proofs have lines without carriage returns and end in one newline
 * (C2SP signed-note, tlog-proof), so in these CRLF becomes LF, and a missing or repeated final newline becomes one. JSON allows any line
 * ends. Digests and signatures are checked afterwards, so that no unsigned content can become valid.
 */
import { type Said, say } from './say.ts'

export interface RestoredText {
  readonly text: string
  /** What happened to it in transit and was undone. */
  readonly changes: readonly Said[]
}

const byteOrderMark = '\uFEFF'

/** JSON: a proof, a receipt, an answer with receipts. */
export function restoreJson(given: string): RestoredText {
  const isMarked = given.startsWith(byteOrderMark)
  return { text: isMarked ? given.slice(1) : given, changes: isMarked ? [say('mark-put-before')] : [] }
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
      ...(unix === text ? [] : [say('lines-made-crlf')]),
      ...(whole === unix ? [] : [say(unix.endsWith('\n') ? 'newlines-put-after' : 'newline-cut-off')]),
    ],
  }
}

/** A leaf is one line of canonical JSON without a newline. */
export function restoreLeaf(given: string): string {
  return restoreJson(given).text.replace(/(\r?\n)+$/, '')
}

/** The first sign of a change that cannot be undone; `undefined` when there is none. */
export function lostInTransit(text: string): Said | undefined {
  if (text.includes('\uFFFD')) return say('characters-replaced')
  if (text.includes('\r')) return say('carriage-returns')
  // Base64 ends lines in `=` as well; this form writes that as `=3D`.
  if (text.includes('=3D') && /=(3D)?\r?\n/.test(text)) return say('quoted-printable')
  return undefined
}

/** What bytes that are not UTF-8 seem to be; `undefined` when that is unknown. */
export function otherEncoding(bytes: Uint8Array): Said | undefined {
  const [first = 0, second = 0, third] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || second === 0
  if (isUtf16) return say('utf16')
  return first === 0x1f && second === 0x8b && third === 8 ? say('gzip') : undefined
}

export const howToFetchAgain = say('fetch-again')
