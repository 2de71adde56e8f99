/**
 * Inclusion proofs as one text file (https://c2sp.org/tlog-proof, `tlog-proof@v1`), which can be verified with only a policy. Lines: the
 * format's name; optionally `extra` and base64, which no signature covers; `index` and the leaf index; the inclusion proof, one base64 hash
 * a line; an empty line; the checkpoint's note, verbatim.
 */
import { parseCheckpoint } from './checkpoint.ts'
import { checkNumber, decodeBase64, encodeBase64, parseDecimal } from './encoding.ts'
import { checkHashes, maxInclusionHashes } from './inclusion.ts'
import type { Hash } from './merkle.ts'
import { maxNoteBytes, parseNote } from './note.ts'
import { excerpt, TlogError } from './tlog-error.ts'

export interface TlogProof {
  readonly index: number
  readonly hashes: readonly Hash[]
  /** The note with its signatures, verbatim. */
  readonly checkpoint: string
  /** Not covered by any signature. Absent or not empty. */
  readonly extra?: Uint8Array
}

const firstLine = 'c2sp.org/tlog-proof@v1'
const maxExtraBytes = 750_000
const maxProofText = 2 * maxNoteBytes + 64 * 1024

export function formatTlogProof(proof: TlogProof): string {
  const { index, hashes, checkpoint, extra } = proof
  checkNumber(index, 'the leaf index')
  checkHashes(hashes.slice(0, maxInclusionHashes), hashes.length, maxInclusionHashes)
  checkCheckpoint(checkpoint)
  if (extra && (extra.length === 0 || extra.length > maxExtraBytes))
    throw malformed(`extra data of ${extra.length} bytes; allowed are 1 to ${maxExtraBytes}, or none`)
  const extraLine = extra ? [`extra ${encodeBase64(extra)}`] : []
  return [firstLine, ...extraLine, `index ${index}`, ...hashes.map(encodeBase64), '', checkpoint].join('\n')
}

export function parseTlogProof(text: string): TlogProof {
  if (text.length > maxProofText) throw malformed(`it has ${text.length} characters; allowed are ${maxProofText}`)
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('it has no empty line before the checkpoint')
  // Splits off one line more than the longest proof has, which is enough to see that there are too many hashes.
  const [first, ...lines] = text.slice(0, split).split('\n', maxInclusionHashes + 4)
  if (first !== firstLine) throw malformed(`it begins with ${excerpt(first ?? '')}, not with ${firstLine}`)
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift() ?? '') : undefined
  const indexLine = lines.shift() ?? ''
  if (!indexLine.startsWith('index ')) throw malformed(`${excerpt(indexLine)} is where the index should be`)
  const index = parseDecimal(indexLine.slice('index '.length))
  const hashes = lines.map(decodeBase64)
  checkHashes(hashes, hashes.length, maxInclusionHashes)
  const checkpoint = text.slice(split + 2)
  checkCheckpoint(checkpoint)
  return extra ? { index, hashes, checkpoint, extra } : { index, hashes, checkpoint }
}

function parseExtra(line: string): Uint8Array {
  const extra = decodeBase64(line.slice('extra '.length))
  if (extra.length === 0 || extra.length > maxExtraBytes)
    throw malformed(`extra data of ${extra.length} bytes; allowed are 1 to ${maxExtraBytes}, or no such line`)
  return extra
}

/** The last note that was found to be a checkpoint: proofs of one file mostly have the same one. */
let lastSound: string | undefined

function checkCheckpoint(note: string): void {
  if (note === lastSound) return
  parseCheckpoint(parseNote(note).text)
  lastSound = note
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-proof', `not a tlog-proof: ${why}`)
}
