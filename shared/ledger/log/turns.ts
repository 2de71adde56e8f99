/**
 * Turns: how several sequencers of one log avoid doing the same work. On AWS each shard of the stream has entries of every log, so a busy
 * ledger runs several. Only one of them can commit at a leaf index, and without turns the others would have prepared a batch in vain.
 *
 * A turn is a row at the index at which its owner wants to commit; whoever inserts it is the owner, and the others wait for the batch. The
 * row is advice: it decides who works first, and the insert of the batch decides what is in the log. An owner that died, or had nothing left
 * to commit, is waited for no longer than `patienceMs`. Turns of a log are taken only while a process sees batches of another one.
 *
 *   PK `<controller>#turn`   SK a leaf index, 16 digits; or `publish#` and the size of the checkpoint that its owner wants to extend
 */
import type { LogWriter } from '../ledger.ts'
import type { Item } from '../store.ts'
import { batchesAfter } from './batches.ts'
import { type Batch, batchEnd, batchPk, numberSk, readBatch, turnPk } from './log-items.ts'

export type Sleep = (ms: number) => Promise<void>

interface Span {
  readonly least: number
  readonly more: number
}

/** A commit with its rows takes some 50 ms. Some wait longer than others, so that not all of them give up at once. */
const patienceMs: Span = { least: 1_000, more: 2_000 }
const pollMs: Span = { least: 8, more: 16 }
/** How often the rows of the batch before are looked for, before they are inserted in its owner's place. */
const looksForRows = 10
const lookMs: Span = { least: 2, more: 3 }
/** Who is further behind begins anew, at the end of the log. */
const maxFollowed = 64

/**
 * Waits for this process's turn at the end of the log. Makes no promise: a batch may come all the same, of a process that saw no other or
 * waited in vain.
 *
 * @param size where the log ended when the caller read it
 * @returns the batches committed since, without a gap; `undefined` when they are too many
 */
export async function batchesUntilTurn(
  logWriter: Pick<LogWriter, 'log' | 'clock' | 'random'>,
  controller: string,
  size: number,
  sleep: Sleep,
): Promise<readonly Batch[] | undefined> {
  const { log, clock } = logWriter
  const since: Batch[] = []
  for await (const batch of batchesAfter(log, controller, size, maxFollowed)) {
    since.push(batch)
    if (since.length > maxFollowed) return undefined
  }
  for (;;) {
    const last = since.at(-1)
    const end = last ? batchEnd(last) : size
    const [taken] = await log.insert([turnItem(controller, numberSk(end))])
    const patience = within(logWriter, patienceMs)
    const expiresAt = clock() + patience
    let sleptMs = 0
    let next: Batch | undefined
    // Slept time counts as well, because a clock may go back.
    while (taken?.outcome === 'exists' && next === undefined && clock() < expiresAt && sleptMs < patience) {
      const ms = within(logWriter, pollMs)
      await sleep(ms)
      sleptMs += ms
      const [item] = await log.get([{ pk: batchPk(controller), sk: numberSk(end) }])
      next = item && readBatch(controller, item)
    }
    if (next === undefined) {
      if (last) await rowsOf(logWriter, last, sleep)
      return since
    }
    since.push(next)
  }
}

/** Waits a moment for the owner of a batch to insert its index rows, which is under way. */
async function rowsOf(logWriter: Pick<LogWriter, 'log' | 'random'>, batch: Batch, sleep: Sleep): Promise<void> {
  const lastKey = batch.entries.at(-1)?.key
  for (let look = 0; lastKey !== undefined && look < looksForRows; look++) {
    const [row] = await logWriter.log.get([lastKey])
    if (row !== undefined) return
    await sleep(within(logWriter, lookMs))
  }
}

/** Whether this process is the first that wants to extend the checkpoint of this size. */
export async function mayPublish({ log }: Pick<LogWriter, 'log'>, controller: string, size: number): Promise<boolean> {
  const [taken] = await log.insert([turnItem(controller, `publish#${numberSk(size)}`)])
  return taken?.outcome === 'inserted'
}

function turnItem(controller: string, sk: string): Item {
  return { pk: turnPk(controller), sk, values: {} }
}

function within({ random }: Pick<LogWriter, 'random'>, { least, more }: Span): number {
  return least + ((random(1)[0] ?? 0) / 256) * more
}
