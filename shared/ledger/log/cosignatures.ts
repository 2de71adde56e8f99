/**
 * Cosignatures of outside witnesses (https://c2sp.org/tlog-cosignature), stored beside the checkpoints that they are of:
 *
 *   PK `<controller>#cosigned`    SK `<size>#<key id>`    `key`, the witness's verifier key, and `line`, its signature line
 *
 * A partition of its own, so that the function that reaches witnesses can insert nothing else into a log. Whoever reads a checkpoint for
 * somebody outside adds the lines. A row that does not verify is left out: a line that is no good would make a reader refuse the note.
 */
import { LedgerError } from '../../errors.ts'
import { type Cosignature, cosignatureIn, formatSignatureLine, withSignatureLines } from '../../tlog/add-checkpoint.ts'
import { TlogError } from '../../tlog/tlog-error.ts'
import { formatVerifierKey, hexKeyId, parseVerifierKey, type VerifierKey } from '../../tlog/verifier-key.ts'
import { type Item, insertOne, type QueryOptions, queryAll, type Table } from '../store.ts'
import { numberSk } from './log-items.ts'
import { checkpointBefore, type PublishedCheckpoint } from './log-reader.ts'

/** Witnesses of one checkpoint, at most; a policy has seldom more than five. */
export const maxWitnesses = 16

export const cosignedPk = (controller: string): string => `${controller}#cosigned`

/** @returns false when the witness's cosignature of this size is already stored; the first one stands */
export async function storeCosignature(
  log: Table,
  controller: string,
  size: number,
  witness: VerifierKey,
  { signature }: Cosignature,
): Promise<boolean> {
  return insertOne(log, {
    pk: cosignedPk(controller),
    sk: `${numberSk(size)}#${hexKeyId(witness)}`,
    values: { key: formatVerifierKey(witness), line: formatSignatureLine(signature) },
  })
}

/** The checkpoint with the lines of its outside witnesses; the same where there are none. One query. */
export async function withCosignatures<T extends PublishedCheckpoint>(
  { log }: { readonly log: Pick<Table, 'query'> },
  controller: string,
  checkpoint: T,
): Promise<T> {
  const rows = await cosignatureRows(log, controller, { prefix: `${numberSk(checkpoint.size)}#` })
  return withRows(checkpoint, rows)
}

/** The same for a page of checkpoints, of consecutive sizes. */
export async function allWithCosignatures<T extends PublishedCheckpoint>(
  { log }: { readonly log: Pick<Table, 'query'> },
  controller: string,
  checkpoints: readonly T[],
): Promise<T[]> {
  const [first, last] = [checkpoints[0], checkpoints.at(-1)]
  if (first === undefined || last === undefined) return []
  const rows: Item[] = []
  for await (const row of queryAll(log, cosignedPk(controller), { after: numberSk(first.size), limit: 500 })) {
    if (row.sk > `${numberSk(last.size)}~`) break
    rows.push(row)
  }
  const bySize = Map.groupBy(rows, sizeOf)
  return Promise.all(checkpoints.map((each) => withRows(each, bySize.get(each.size) ?? [])))
}

/** A checkpoint that witnesses cosigned. */
export interface CosignedCheckpoint extends PublishedCheckpoint {
  /** By when the first of them did; it was the newest checkpoint then. Seconds since 1970. */
  readonly cosignedSeconds: number
}

/** The newest checkpoint, with its lines, strongly consistent. Throws `not-found` while the controller has no log, moments after its creation. */
export async function newestPublishedCheckpoint(
  reader: { readonly log: Table },
  controller: string,
): Promise<PublishedCheckpoint> {
  const newest = await newestWithCosignatures(reader, controller)
  if (newest === undefined) throw new LedgerError('not-found', 'the controller has no log yet', { given: controller })
  return newest
}

/** The newest checkpoint, with its lines; `undefined` for a log that is not there yet. Two queries at once. */
export async function newestWithCosignatures(
  reader: { readonly log: Table },
  controller: string,
): Promise<PublishedCheckpoint | undefined> {
  const [newest, rows] = await Promise.all([
    checkpointBefore(reader, controller, Number.MAX_SAFE_INTEGER),
    newestRows(reader.log, controller),
  ])
  return (
    newest &&
    withRows(
      newest,
      rows.filter((row) => sizeOf(row) === newest.size),
    )
  )
}

/** The newest checkpoint that a witness cosigned, with all lines; `undefined` when there is none. */
export async function newestCosigned(
  reader: { readonly log: Table },
  controller: string,
): Promise<CosignedCheckpoint | undefined> {
  const rows = await newestRows(reader.log, controller)
  const last = rows.at(-1)
  const size = last && sizeOf(last)
  const published = size === undefined ? undefined : await checkpointBefore(reader, controller, size)
  if (published === undefined || published.size !== size) return undefined
  const { note } = published
  const found = await Promise.all(rows.filter((row) => sizeOf(row) === size).map((row) => cosignatureOf(row, note)))
  const cosignatures = found.filter((each) => each !== undefined)
  if (cosignatures.length === 0) return undefined
  const lines = cosignatures.map(({ signature }) => formatSignatureLine(signature))
  return {
    ...{ size, note: withSignatureLines(note, lines) },
    cosignedSeconds: Math.min(...cosignatures.map(({ timeSeconds }) => timeSeconds)),
  }
}

/** The newest sizes that witnesses cosigned, by the hexadecimal ids of their keys. */
export async function lastCosigned(log: Pick<Table, 'query'>, controller: string): Promise<Map<string, number>> {
  const rows = await cosignatureRows(log, controller, { descending: true, limit: 10 * maxWitnesses })
  return new Map(rows.toReversed().map((row) => [row.sk.slice(row.sk.indexOf('#') + 1), sizeOf(row)]))
}

/** Those of the newest size that has any, and maybe of older ones, in the order of their keys. */
async function newestRows(log: Pick<Table, 'query'>, controller: string): Promise<Item[]> {
  return (await cosignatureRows(log, controller, { descending: true })).toReversed()
}

async function cosignatureRows(
  log: Pick<Table, 'query'>,
  controller: string,
  options: QueryOptions,
): Promise<readonly Item[]> {
  return (await log.query(cosignedPk(controller), { limit: maxWitnesses, ...options })).items
}

const sizeOf = ({ sk }: Item): number => Number(sk.slice(0, sk.indexOf('#')))

async function withRows<T extends PublishedCheckpoint>(checkpoint: T, rows: readonly Item[]): Promise<T> {
  if (rows.length === 0) return checkpoint
  const found = await Promise.all(rows.map((row) => cosignatureOf(row, checkpoint.note)))
  const lines = found.filter((each) => each !== undefined).map(({ signature }) => formatSignatureLine(signature))
  return { ...checkpoint, note: withSignatureLines(checkpoint.note, lines) }
}

/** `undefined` for a row that holds no cosignature of this note. */
async function cosignatureOf({ values: { key, line } }: Item, note: string): Promise<Cosignature | undefined> {
  try {
    return await cosignatureIn(String(line), note, parseVerifierKey(String(key)))
  } catch (error) {
    if (error instanceof TlogError) return undefined
    throw error
  }
}
