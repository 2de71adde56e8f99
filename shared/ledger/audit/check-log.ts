/**
 * Checks a controller's log batch by batch, and recomputes the tree from nothing. Each batch must follow the one before
 * it and have the leaves of its entries; its root, its compact range and what was published of it must be those of the leaves. A batch
 * that does not fit is reported and then taken as it is, so that one damage is not reported again for every later batch.
 */
import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { appendLeaves, type CompactRange, emptyRange, emptyRoot, leafHash, rootOf } from '../../tlog/merkle.ts'
import { equalHashes } from '../log/batches.ts'
import {
  type Batch,
  batchEnd,
  batchPk,
  controllerOf,
  type LoggedEntry,
  numberSk,
  readBatch,
  timeLeaf,
  timePk,
} from '../log/log-items.ts'
import { type SetBack, setBacksOf } from '../log/set-backs.ts'
import { type Item, type Key, queryAll } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { auditCheckpoints } from './check-checkpoints.ts'
import { auditTiles, type TileAudit } from './check-tiles.ts'
import { type KeyFingerprints, keyFingerprints } from './key-fingerprints.ts'

/** What the next batch is compared with; without a range, the one before could not be used. */
interface Before {
  readonly end: number
  readonly range: CompactRange | undefined
  readonly at: string
}

export async function auditLog(audit: Audit, controller: string): Promise<KeyFingerprints> {
  const { found, compared } = audit
  const prints = keyFingerprints(audit.ledger.random)
  const setBacks = await setBacksOf(audit.ledger.log, controller)
  for (const { size, from, until } of setBacks)
    found('clock-set-back', controller, { treeSize: size }, { severity: 'pending', detail: `from ${until} to ${from}` })
  const checkpoints = await auditCheckpoints(audit, controller, setBacks)
  const hours = new Set<string>()
  let tiles: TileAudit | undefined = auditTiles(audit, controller, checkpoints.published)
  let before: Before = { end: 0, range: emptyRange, at: '' }
  await checkpoints.at(0, emptyRoot)
  let unsettled: Missing | undefined
  for await (const item of queryAll(audit.ledger.log, batchPk(controller))) {
    const batch = readable(controller, item)
    if (batch === undefined) {
      found('batch-malformed', controller, { key: { pk: item.pk, sk: item.sk } })
      before = { ...before, range: undefined }
      tiles = undefined
      continue
    }
    if (unsettled) reportMissing(audit, controller, await stillMissing(audit, unsettled), 'error')
    if (batch.first !== before.end) {
      found('batch-gap', controller, { leafIndex: batch.first }, { detail: `expected ${before.end}` })
      before = { ...before, range: undefined }
      tiles = undefined
    }
    if (!isTimely(batch, before, setBacks, hours)) found('batch-time', controller, { leafIndex: batch.first })
    unsettled = await checkEntries(audit, controller, batch, prints)
    const hashes = batch.entries.map((entry) => entry.leafHash)
    const range = before.range && appendLeaves(before.range, hashes)
    const root = range && rootOf(range)
    if (root && !isTree(batch, range)) found('batch-root', controller, { leafIndex: batch.first })
    await tiles?.append(hashes)
    await checkpoints.at(batchEnd(batch), root)
    before = { end: batchEnd(batch), range: ownRange(batch), at: batch.at }
    compared.batches++
    compared.leaves += batch.entries.length
    audit.progress({ phase: 'log', done: compared.leaves })
  }
  const loggedMs = Date.parse(before.at)
  const isDue = loggedMs + promisedDelaySeconds * 1000 < audit.nowMs || isAhead(loggedMs, audit.nowMs)
  // The next run of the sequencer adds what the last batch lacks.
  if (unsettled) reportMissing(audit, controller, unsettled, isDue ? 'warning' : 'pending')
  if (Math.max(0, checkpoints.published) < before.end)
    found('unpublished', controller, { treeSize: before.end }, { severity: isDue ? 'error' : 'pending' })
  await checkpoints.end(before.end)
  return prints
}

function readable(controller: string, item: Item): Batch | undefined {
  try {
    const batch = readBatch(controller, item)
    return Number.isSafeInteger(batch.first) && numberSk(batch.first) === item.sk ? batch : undefined
  } catch {
    return undefined
  }
}

/** `hours` are those that have their `time` leaf; that of the batch is added. */
function isTimely(batch: Batch, before: Before, setBacks: readonly SetBack[], hours: Set<string>): boolean {
  const time = batch.entries.find(({ key }) => key.pk === timePk(controllerOf(key)))
  const hour = batch.at.slice(0, 13)
  const isSetBack = setBacks.some(
    ({ size, from, until }) => size === batchEnd(batch) && from === batch.at && until === before.at,
  )
  const isMarked = time === undefined ? hours.has(hour) : time.key.sk === hour
  hours.add(time?.key.sk ?? hour)
  return (batch.at >= before.at || isSetBack) && isMarked && !Number.isNaN(Date.parse(batch.at))
}

/** Index rows that a batch lacks. */
interface Missing {
  readonly first: number
  readonly at: readonly number[]
  readonly entries: readonly LoggedEntry[]
}

/** The sequencer may still be writing them. Once a later batch exists, they must be there. */
async function stillMissing({ ledger }: Audit, missing: Missing): Promise<Missing> {
  const keys = missing.at.flatMap((i) => missing.entries[i]?.key ?? [])
  const rows = await ledger.log.get(keys)
  return { ...missing, at: missing.at.filter((_, i) => rows[i] === undefined) }
}

function reportMissing(
  audit: Audit,
  controller: string,
  missing: Missing,
  severity: 'error' | 'warning' | 'pending',
): void {
  for (const i of missing.at) {
    const key = missing.entries[i]?.key
    audit.found('index-missing', controller, { leafIndex: missing.first + i, ...(key && { key }) }, { severity })
  }
}

/** Each leaf is of its entry, and of no other place. */
async function checkEntries(
  audit: Audit,
  controller: string,
  { first, entries, at: loggedAt }: Batch,
  prints: KeyFingerprints,
): Promise<Missing> {
  const { ledger, found, unsequenced } = audit
  const isTime = ({ pk }: Key): boolean => pk === timePk(controller)
  const keys = entries.map(({ key }) => key)
  const [rows, items] = await Promise.all([
    ledger.log.get(keys),
    ledger.entries.get(keys.filter((key) => !isTime(key))),
  ])
  const stored = items.values()
  const at: number[] = []
  entries.forEach(({ key, leafHash: logged }, i) => {
    const where = { leafIndex: first + i, key }
    prints.set(first + i, key)
    unsequenced.delete(JSON.stringify({ pk: key.pk, sk: key.sk }))
    const row = rows[i]?.values
    if (row === undefined) at.push(i)
    // An earlier batch has this entry too, or the row states another time.
    else if (row.index !== first + i || row.at !== loggedAt) found('index-differs', controller, where)
    const item = isTime(key) ? undefined : stored.next().value
    const leaf = isTime(key) ? timeLeaf(key.sk) : item?.values.leaf
    if (leaf === undefined && item === undefined) found('entry-missing', controller, where)
    else if (typeof leaf !== 'string' || !equalHashes(leafHash(Buffer.from(leaf)), logged))
      found('leaf-differs', controller, where)
  })
  return { first, at, entries }
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
