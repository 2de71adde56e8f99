/**
 * Checkpoints (https://c2sp.org/tlog-checkpoint), the text of a signed note: origin, tree size, root hash, and extension lines, which the
 * ledger does not write. The text is not verified here: see `verifyCheckpoint` in `tlog-policy.ts`.
 */
import { checkNumber, decodeBase64, encodeBase64, hasControls, parseDecimal } from './encoding.ts'
import { type Hash, hashLength } from './merkle.ts'
import { maxNoteBytes } from './note.ts'
import { excerpt, TlogError } from './tlog-error.ts'

export interface Checkpoint {
  /** The log's identity, e.g. `log.example/acme`. */
  readonly origin: string
  readonly size: number
  readonly root: Hash
  readonly extensions: readonly string[]
}

export function checkpointText(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint
  checkNumber(size, 'the size of a checkpoint')
  checkRoot(root)
  for (const line of [origin, ...extensions]) checkLine(line)
  return `${[origin, size, encodeBase64(root), ...extensions].join('\n')}\n`
}

export function parseCheckpoint(noteText: string): Checkpoint {
  if (noteText.length > maxNoteBytes) throw malformed('it is longer than a note may be')
  if (!noteText.endsWith('\n')) throw malformed('it does not end with a newline')
  const [origin, size, root, ...extensions] = noteText.slice(0, -1).split('\n')
  if (origin === undefined || size === undefined || root === undefined) throw malformed('it has fewer than three lines')
  for (const line of [origin, ...extensions]) checkLine(line)
  const hash = decodeBase64(root)
  checkRoot(hash)
  return { origin, size: parseDecimal(size), root: hash, extensions }
}

function checkLine(line: string): void {
  if (line.length === 0 || line.includes('\n') || hasControls(line) || !line.isWellFormed())
    throw malformed(`${excerpt(line)} is not a line: not empty, no control characters`)
}

function checkRoot(root: Hash): void {
  if (root.length !== hashLength) throw malformed(`its root has ${root.length} bytes; a hash has ${hashLength}`)
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-checkpoint', `not a checkpoint: ${why}`)
}
