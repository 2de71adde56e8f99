/**
 * Compares checkpoints with the batches. There may be a checkpoint wherever a batch ends, in write-once storage and in the table. The
 * object is the checkpoint, and the row is a copy of it. After a crash the row of the newest checkpoint may be missing; any other gap is
 * damage.
 */

import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import type { Hash } from '../../tlog/merkle.ts'
import { cosignatureTime, parseNote, verifyNote } from '../../tlog/note.ts'
import { equalHashes } from '../log/batches.ts'
import { logKey, witnessKey } from '../log/checkpoint-store.ts'
import { checkpointFolder, checkpointObject, checkpointPk, numberSk, servedCheckpoint } from '../log/log-items.ts'
import type { SetBack } from '../log/set-backs.ts'
import { type Item, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'
import type { Severity } from './findings.ts'
import type { CheckpointWalk } from './pass-state.ts'

export interface CheckpointAudit {
  /** The size up to which something is published, in write-once storage or in the table. */
  readonly published: number
  /** A size at which a checkpoint may be, in order; `root` is absent where the batches are too damaged to know it. */
  at(size: number, root: Hash | undefined): Promise<void>
  /** After the last batch that was walked, which ends at this size. Rows from this key on are left to the next walk. @default none */
  end(size: number, firstLeft?: string): Promise<void>
}

export async function auditCheckpoints(
  audit: Audit,
  controller: string,
  setBacks: readonly SetBack[],
  walk: CheckpointWalk,
): Promise<CheckpointAudit> {
  const { ledger, found } = audit
  const { compared } = audit.pass
  const newestName = await ledger.objects.first(checkpointFolder(controller))
  const [newestRow] = (await ledger.log.query(checkpointPk(controller), { descending: true, limit: 1 })).items
  const newestSize = newestName === undefined ? -1 : sizeOfName(controller, newestName)
  if (newestName !== undefined && newestSize === -1) found('checkpoint-unsigned', controller, { object: newestName })
  const published = Math.max(newestSize, Number(newestRow?.sk ?? -1))
  const rows = queryAll(ledger.log, checkpointPk(controller), walk.row === '' ? {} : { after: walk.row })
  let row = await next()
  let hasNewest = newestSize <= walk.lastSize

  async function next(): Promise<Item | undefined> {
    const { value, done } = await rows.next()
    return done ? undefined : value
  }

  async function nextAfter({ sk }: Item): Promise<void> {
    walk.row = sk
    row = await next()
  }

  /** A crash leaves the newest checkpoint without a row; a working publisher a newer one. */
  function rowSeverity(size: number): Severity {
    if (size > newestSize) return 'pending'
    return size === newestSize ? 'warning' : 'error'
  }

  /** Checks rows of sizes at which no batch ends. */
  async function skipUpTo(sk: string): Promise<void> {
    while (row !== undefined && row.sk < sk) {
      // Checkpoints that were published after this check began may belong to batches that were inserted after it began.
      if (!(Number(row.sk) > published)) await check(Number(row.sk), undefined, String(row.values.note), true)
      await nextAfter(row)
    }
  }

  async function check(
    size: number,
    root: Hash | undefined,
    note: string | undefined,
    isStray: boolean,
  ): Promise<void> {
    const object = checkpointObject(controller, size)
    const stored = await ledger.objects.get(object)
    if (stored === undefined && note === undefined) return
    walk.hasFirst ||= size === 0
    hasNewest ||= size === newestSize
    compared.checkpoints++
    const where = { treeSize: size, object }
    if (isStray) found('checkpoint-beyond-log', controller, where)
    if (stored === undefined) found('checkpoint-object-missing', controller, where)
    if (note === undefined) found('checkpoint-row-missing', controller, where, { severity: rowSeverity(size) })
    const text = stored === undefined ? String(note) : Buffer.from(stored).toString()
    if (stored !== undefined && note !== undefined && text !== note)
      found('checkpoint-copies-differ', controller, where)
    const signed = await read(audit, controller, text)
    if (signed === undefined || signed.size !== size) {
      found('checkpoint-unsigned', controller, where)
      return
    }
    if (root !== undefined && !equalHashes(signed.root, root)) found('checkpoint-root', controller, where)
    const isSetBack = setBacks.some((setBack) => setBack.size > walk.lastSize && setBack.size <= size)
    if (!isSetBack && signed.seconds < walk.lastSeconds - promisedDelaySeconds)
      found('checkpoint-time', controller, where)
    walk.lastSeconds = isSetBack ? signed.seconds : Math.max(walk.lastSeconds, signed.seconds)
    walk.lastSize = size
  }

  return {
    published,
    async at(size, root) {
      await skipUpTo(numberSk(size))
      const note = row?.sk === numberSk(size) ? String(row.values.note) : undefined
      if (row !== undefined && note !== undefined) await nextAfter(row)
      await check(size, root, note, false)
    },
    async end(size, firstLeft = '~') {
      await skipUpTo(firstLeft)
      if (!hasNewest) await check(newestSize, undefined, undefined, true)
      // The first one is made when the log is opened, before all else.
      const isNew = size === 0 && published < 0
      if (!walk.hasFirst) found('checkpoint-none', controller, {}, { severity: isNew ? 'pending' : 'error' })
      const isDue = (walk.lastSeconds + promisedDelaySeconds) * 1000 < audit.nowMs
      await checkServed(audit, controller, newestSize, isDue ? 'warning' : 'pending')
    },
  }
}

/** -1 for what is not the name of a checkpoint. */
function sizeOfName(controller: string, name: string): number {
  const digits = name.slice(checkpointFolder(controller).length).replaceAll('/', '')
  const size = Number([...digits].map((digit) => 9 - Number(digit)).join(''))
  return Number.isSafeInteger(size) && checkpointObject(controller, size) === name ? size : -1
}

/** The publisher updates the copy in each run, so a copy that lags for longer than the promised delay is a fault. */
async function checkServed(
  { ledger, found }: Audit,
  controller: string,
  newestSize: number,
  severity: Severity,
): Promise<void> {
  const object = servedCheckpoint(controller)
  const served = await ledger.objects.readServed(object)
  if (served === undefined) {
    if (newestSize >= 0) found('checkpoint-served-behind', controller, { object }, { severity })
    return
  }
  const size = sizeOf(served.bytes)
  const stored = size === undefined ? undefined : await ledger.objects.get(checkpointObject(controller, size))
  // Witnesses add lines to the copy.
  const isCopy = stored !== undefined && equalHashes(stored, served.bytes.subarray(0, stored.length))
  if (!isCopy) found('checkpoint-served-differs', controller, { object, ...(size !== undefined && { treeSize: size }) })
  else if (size !== undefined && size < newestSize)
    found('checkpoint-served-behind', controller, { object, treeSize: size }, { severity })
}

function sizeOf(bytes: Uint8Array): number | undefined {
  try {
    return parseCheckpoint(parseNote(bytes).text).size
  } catch {
    return undefined
  }
}

interface Signed {
  readonly size: number
  readonly root: Hash
  readonly seconds: number
}

/** `undefined` for what a log key and the witness did not both sign. */
async function read({ ledger }: Audit, controller: string, text: string): Promise<Signed | undefined> {
  const logs = [ledger.checkpointKey, ...(ledger.earlierCheckpointKeys ?? [])].map((publicKey) =>
    logKey(ledger.host, controller, publicKey),
  )
  const witness = witnessKey(ledger.host, ledger.witnessKey)
  try {
    const note = parseNote(text)
    const signers = await verifyNote(note, [...logs, witness])
    const { origin, size, root } = parseCheckpoint(note.text)
    const seconds = cosignatureTime(note, witness)
    const isSigned = logs.some((log) => signers.includes(log) && origin === log.name)
    if (!isSigned || !signers.includes(witness) || seconds === undefined) return undefined
    return { size, root, seconds }
  } catch {
    return undefined
  }
}
