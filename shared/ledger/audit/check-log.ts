/**
 * Checks a controller's log batch by batch, and recomputes the tree from nothing. Each batch must follow the one before
 * it and have the leaves of its entries; its root, its compact range and what was published of it must be those of the leaves. A batch
 * that does not fit is reported and then taken as it is, so that one damage is not reported again for every later batch.
 */
import { hash } from 'node:crypto'
import { appendLeaves, type CompactRange, emptyRoot, rootOf } from '../../tlog/merkle.ts'
import { batchBefore, equalHashes } from '../log/batches.ts'
import {
  type Batch,
  batchEnd,
  batchPk,
  controllerOf,
  type LoggedEntry,
  numberSk,
  readBatch,
  timeKey,
  timeLeaf,
  timePk,
} from '../log/log-items.ts'
import { type SetBack, setBacksOf } from '../log/set-backs.ts'
import { type Item, type Key, queryAll, type Table } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { auditCheckpoints } from './check-checkpoints.ts'
import { checkProviderClaims } from './check-claims.ts'
import { kindOf } from './check-entries.ts'
import { checkHolderEntries } from './check-holders.ts'
import { auditTiles } from './check-tiles.ts'
import { expectLeaf, isDue, isLeaf } from './compare-leaves.ts'
import type { Severity } from './findings.ts'
import { type LogWalk, type MissingRows, newLogWalk } from './pass-state.ts'

/** Every log of the share, in the order of the controllers' ids. @returns false when the run must end before the last one does */
export async function auditLogs(audit: Audit): Promise<boolean> {
  const { log, share, of } = audit.pass
  const rest = [...audit.controllers.keys()].filter((controller) => shareOfLog(controller, of) === share).sort()
  for (const controller of rest) {
    if (controller < log.controller || (controller === log.controller && log.walk === undefined)) continue
    if (controller !== log.controller) {
      if (!audit.mayGoOn()) return false
      await checkProviderClaims(audit, controller)
      log.controller = controller
      log.walk = newLogWalk()
    }
    if (!(await auditLog(audit, controller, log.walk ?? newLogWalk(), 'all'))) return false
    delete log.walk
  }
  return true
}

/** The share in which a log is walked: there is one for each log, because its tree is made from one leaf after the other. */
export function shareOfLog(controller: string, of: number): number {
  return hash('sha256', controller, 'buffer').readUInt32BE() % of
}

/**
 * @param batches which are walked: all, or those up to the newest checkpoint, which will not change any more
 * @returns false when the run must end before the log does; `walk` is then where the next one goes on
 */
export async function auditLog(
  audit: Audit,
  controller: string,
  walk: LogWalk,
  batches: 'all' | 'published',
): Promise<boolean> {
  const { found, ledger } = audit
  const { compared } = audit.pass
  const setBacks = await setBacksOf(ledger.log, controller)
  const checkpoints = await auditCheckpoints(audit, controller, setBacks, walk.checkpoints)
  if (walk.isBegun) await checkVerified(audit, controller, walk)
  else {
    walk.isBegun = true
    for (const { size, from, until } of setBacks)
      found(
        'clock-set-back',
        controller,
        { treeSize: size },
        { severity: 'pending', detail: `from ${until} to ${from}` },
      )
    await checkpoints.at(0, emptyRoot)
  }
  let tiles = walk.tiles && auditTiles(audit, controller, walk.tiles, checkpoints.published)
  const dropTiles = () => {
    walk.range = undefined
    walk.tiles = undefined
    tiles = undefined
  }
  let unpublishedAt: string | undefined
  const rest = walk.batch === '' ? {} : { after: walk.batch }
  for await (const item of queryAll(ledger.log, batchPk(controller), rest)) {
    await settleMissing(audit, controller, walk, 'error')
    if (!audit.mayGoOn()) return false
    const batch = readable(controller, item)
    if (batches === 'published' && batch !== undefined && batchEnd(batch) > checkpoints.published) {
      unpublishedAt = batch.at
      break
    }
    walk.batch = item.sk
    if (batch === undefined) {
      found('batch-malformed', controller, { key: { pk: item.pk, sk: item.sk } })
      dropTiles()
      continue
    }
    if (batch.first !== walk.end) {
      found('batch-gap', controller, { leafIndex: batch.first }, { detail: `expected ${walk.end}` })
      dropTiles()
    }
    if (!(await isTimely(ledger.log, controller, batch, walk, setBacks)))
      found('batch-time', controller, { leafIndex: batch.first })
    walk.missing = await checkEntries(audit, controller, batch)
    const hashes = batch.entries.map((entry) => entry.leafHash)
    const range = walk.range && appendLeaves(walk.range, hashes)
    const root = range && rootOf(range)
    if (root && !isTree(batch, range)) found('batch-root', controller, { leafIndex: batch.first })
    await tiles?.append(hashes)
    await checkpoints.at(batchEnd(batch), root)
    walk.end = batchEnd(batch)
    walk.range = ownRange(batch)
    walk.at = batch.at
    compared.batches++
    compared.leaves += batch.entries.length
    audit.progress({ phase: 'log', done: compared.leaves })
  }
  const isLate = isDue(audit, Date.parse(unpublishedAt ?? walk.at))
  // The next run of the sequencer adds what the last batch lacks.
  if (batches === 'all') await settleMissing(audit, controller, walk, isLate ? 'warning' : 'pending')
  if (unpublishedAt !== undefined || Math.max(0, checkpoints.published) < walk.end)
    found('unpublished', controller, { treeSize: walk.end }, { severity: isLate ? 'error' : 'pending' })
  // A later row may be of a batch that was not walked.
  await checkpoints.end(
    walk.end,
    batches === 'published' ? numberSk(Math.max(0, checkpoints.published) + 1) : undefined,
  )
  return true
}

/** The tree that was verified before must still be there: otherwise the log was written again, and is a fork. */
async function checkVerified({ ledger, found }: Audit, controller: string, { end, range }: LogWalk): Promise<void> {
  if (range === undefined || end === 0) return
  const batch = await batchBefore(ledger.log, controller, end).catch(() => undefined)
  if (batch === undefined || batchEnd(batch) !== end || !equalHashes(batch.root, rootOf(range)))
    found('verified-differs', controller, { treeSize: end })
}

function readable(controller: string, item: Item): Batch | undefined {
  try {
    const batch = readBatch(controller, item)
    return Number.isSafeInteger(batch.first) && numberSk(batch.first) === item.sk ? batch : undefined
  } catch {
    return undefined
  }
}

/** How many hours of a log are remembered. After a clock was set back, a log returns to earlier hours. */
const maxHours = 48

async function isTimely(
  log: Table,
  controller: string,
  batch: Batch,
  before: LogWalk,
  setBacks: readonly SetBack[],
): Promise<boolean> {
  const time = batch.entries.find(({ key }) => key.pk === timePk(controllerOf(key)))
  const hour = batch.at.slice(0, 13)
  const isSetBack = setBacks.some(
    ({ size, from, until }) => size === batchEnd(batch) && from === batch.at && until === before.at,
  )
  const isMarked =
    time === undefined
      ? before.hours.includes(hour) || (await hasTimeLeaf(log, controller, hour, batch.first))
      : time.key.sk === hour
  before.hours = [...new Set([...before.hours, time?.key.sk ?? hour])].slice(-maxHours)
  return (batch.at >= before.at || isSetBack) && isMarked && !Number.isNaN(Date.parse(batch.at))
}

async function hasTimeLeaf(log: Table, controller: string, hour: string, before: number): Promise<boolean> {
  const [row] = await log.get([timeKey(controller, hour)])
  return row !== undefined && Number(row.values.index) < before
}

/**
 * Reports the index rows that the last batch still lacks. The sequencer may have written them meanwhile; once a later batch exists, they must
 * be there.
 */
async function settleMissing(audit: Audit, controller: string, walk: LogWalk, severity: Severity): Promise<void> {
  const { first, at, keys } = walk.missing ?? { first: 0, at: [], keys: [] }
  const rows = await audit.ledger.log.get(keys)
  for (const [j, key] of keys.entries()) {
    if (rows[j] === undefined)
      audit.found('index-missing', controller, { leafIndex: first + (at[j] ?? 0), key }, { severity })
  }
  walk.missing = undefined
}

/**
 * Checks that each leaf is that of its entry, and of no other one: leaves of the pass as a set, and the others one by one. Opens reads and acts.
 *
 * @returns the index rows that the batch lacks
 */
async function checkEntries(audit: Audit, controller: string, batch: Batch): Promise<MissingRows | undefined> {
  const { ledger, found } = audit
  const { unsequenced } = audit.pass
  const { first, entries } = batch
  const isTime = ({ pk }: Key): boolean => pk === timePk(controller)
  const alone: { readonly i: number; readonly entry: LoggedEntry }[] = []
  entries.forEach((entry, i) => {
    const { pk, sk } = entry.key
    unsequenced.delete(JSON.stringify({ pk, sk }))
    if (isTime(entry.key) && !isLeaf(timeLeaf(sk), entry.leafHash))
      found('leaf-differs', controller, { leafIndex: first + i, key: entry.key })
    if (!expectLeaf(audit, batch, first + i, entry)) alone.push({ i, entry })
  })
  const single = alone.map(({ entry }) => entry)
  const isHeld = ({ key }: LoggedEntry) =>
    ['read', 'act'].includes(kindOf(controller, { ...key, values: { leaf: '' } }))
  const held = entries.filter((entry) => isHeld(entry) && !single.includes(entry))
  const [rows, items] = await Promise.all([
    ledger.log.get(single.map(({ key }) => key)),
    ledger.entries.get([...single, ...held].map(({ key }) => key).filter((key) => !isTime(key))),
  ])
  const stored = items.values()
  const at: number[] = []
  for (const [j, { i, entry }] of alone.entries()) {
    const { key, leafHash: logged } = entry
    const where = { leafIndex: first + i, key }
    const row = rows[j]?.values
    if (row === undefined) at.push(i)
    // An earlier batch has this entry too, or the row states another time.
    else if (row.index !== first + i || row.at !== batch.at) found('index-differs', controller, where)
    if (isTime(key)) continue
    const item = stored.next().value
    if (item === undefined) found('entry-missing', controller, where)
    else if (!isLeaf(item.values.leaf, logged)) found('leaf-differs', controller, where)
  }
  await checkHolderEntries(
    audit,
    items.flatMap((item) => (item ? [{ item, controller, kind: kindOf(controller, item) }] : [])),
  )
  return at.length === 0 ? undefined : { first, at, keys: at.flatMap((i) => entries[i]?.key ?? []) }
}

function isTree({ root, range }: Batch, made: CompactRange): boolean {
  const isRange =
    range.hashes.length === made.hashes.length &&
    range.hashes.every((hash, i) => equalHashes(hash, made.hashes[i] ?? hash))
  return isRange && equalHashes(root, rootOf(made))
}

/** The batch as it stands, when it is a tree at all. */
function ownRange({ range, root }: Batch): CompactRange | undefined {
  try {
    return equalHashes(rootOf(range), root) ? range : undefined
  } catch {
    return undefined
  }
}
