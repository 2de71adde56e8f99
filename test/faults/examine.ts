/**
 * Checks the invariants of a log at rest, from its items and objects alone, against trees computed the slow way. Returns a sentence for
 * each violation.
 */
import {
  type Batch,
  batchEnd,
  batchPk,
  checkpointObject,
  checkpointPk,
  logObject,
  readBatch,
  timeLeaf,
  timePk,
} from '../../shared/ledger/log/log-items.ts'
import { type Key, type Objects, queryAll, type Table } from '../../shared/ledger/store.ts'
import { bundlePath, tilePath } from '../../shared/tlog/tile.ts'
import { type NaiveLog, naiveLog } from '../support/naive-log.ts'

export interface ExaminedLog {
  readonly log: Table
  readonly entries: Pick<Table, 'get'>
  readonly objects: Pick<Objects, 'get'>
  readonly controller: string
}

const keyText = ({ pk, sk }: Key): string => `${pk}\n${sk}`

export async function readBatches({ log, controller }: Pick<ExaminedLog, 'log' | 'controller'>): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const item of queryAll(log, batchPk(controller))) batches.push(readBatch(controller, item))
  return batches
}

export async function readLeaves({ entries, controller }: ExaminedLog, batches: readonly Batch[]): Promise<string[]> {
  const keys = batches.flatMap((batch) => batch.entries.map(({ key }) => key))
  const items = await entries.get(keys)
  return keys.map(({ pk, sk }, i) => (pk === timePk(controller) ? timeLeaf(sk) : String(items[i]?.values.leaf)))
}

/** `expected`: the keys of all entries that have a valid leaf. All of them must be published. */
export async function examine(log: ExaminedLog, expected: readonly Key[]): Promise<string[]> {
  const batches = await readBatches(log)
  const naive = naiveLog(await readLeaves(log, batches))
  return [
    ...examineBatches(batches, naive),
    ...(await examineRows(log, batches, expected)),
    ...(await examineCheckpoints(log, naive)),
  ]
}

function examineBatches(batches: readonly Batch[], naive: NaiveLog): string[] {
  const wrong: string[] = []
  let end = 0
  let at = ''
  const hours = new Set<string>()
  for (const batch of batches) {
    if (batch.first !== end) wrong.push(`a batch begins at ${batch.first}, and the one before ends at ${end}`)
    end = batchEnd(batch)
    if (!naive.root(end).equals(batch.root)) wrong.push(`the batch that ends at ${end} has another root`)
    if (batch.at < at) wrong.push(`the batch at ${batch.first} is earlier than the one before`)
    at = batch.at
    const hour = at.slice(0, 13)
    const [first] = batch.entries
    const isTime = first?.key.pk.endsWith('#time') && first.key.sk === hour
    if (isTime === hours.has(hour)) wrong.push(`the time leaf of ${hour} is missing or repeated`)
    hours.add(hour)
  }
  return wrong
}

async function examineRows(
  { log }: ExaminedLog,
  batches: readonly Batch[],
  expected: readonly Key[],
): Promise<string[]> {
  const keys = batches.flatMap((batch) => batch.entries.map(({ key }) => key))
  const rows = await log.get(keys)
  const wrong: string[] = []
  const logged = new Set<string>()
  keys.forEach((key, index) => {
    if (logged.has(keyText(key))) wrong.push(`the entry at ${index} was logged before`)
    logged.add(keyText(key))
    if (rows[index]?.values.index !== index) wrong.push(`the row of ${index} says ${rows[index]?.values.index}`)
  })
  for (const key of expected) if (!logged.has(keyText(key))) wrong.push(`${key.sk} was never logged`)
  const times = keys.filter(({ pk }) => pk.endsWith('#time')).length
  if (logged.size > expected.length + times) wrong.push('more was logged than there is')
  return wrong
}

async function examineCheckpoints({ log, objects, controller }: ExaminedLog, naive: NaiveLog): Promise<string[]> {
  const wrong: string[] = []
  const sizes: number[] = []
  for await (const { sk, values } of queryAll(log, checkpointPk(controller))) {
    const size = Number(sk)
    sizes.push(size)
    const object = await objects.get(checkpointObject(controller, size))
    if (object?.toString() !== values.note) wrong.push(`the row of checkpoint ${size} is not its object`)
    const [, stated, root] = String(values.note).split('\n')
    if (stated !== String(size)) wrong.push(`the checkpoint of ${size} says ${stated}`)
    if (root !== naive.root(size).toString('base64')) wrong.push(`the checkpoint of ${size} is no prefix of the log`)
  }
  if (sizes.at(-1) !== naive.size) wrong.push(`published are ${sizes.at(-1)} of ${naive.size}`)
  for (const [name, bytes] of tilesOf(naive, controller)) {
    const stored = await objects.get(name)
    if (stored === undefined || Buffer.compare(stored, bytes()) !== 0)
      wrong.push(`${name} is missing or has other bytes`)
  }
  return wrong
}

/** The objects that a tree of this size needs, by the definition of tlog-tiles: level 0 only full, above also partial. */
export function* tilesOf(
  naive: Pick<NaiveLog, 'size' | 'tile' | 'bundle'>,
  controller: string,
): Generator<[name: string, bytes: () => Buffer]> {
  for (let level = 0, count = naive.size; count > 0; level++, count = Math.floor(count / 256)) {
    for (let index = 0; index * 256 < count; index++) {
      const width = Math.min(256, count - index * 256)
      if (level === 0 && width < 256) continue
      yield [logObject(controller, tilePath({ level, index, width })), () => naive.tile(level, index, width)]
      if (level === 0) {
        yield [logObject(controller, bundlePath({ index, width })), () => naive.bundle(index, width)]
      }
    }
  }
}
