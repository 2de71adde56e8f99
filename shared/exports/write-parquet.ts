/**
 * Apache Parquet (https://parquet.apache.org/docs/file-format/), by `hyparquet-writer`: row groups of 10,000 rows, each of which leaves memory when
 * it is written. All columns may be empty, because a reader joins files of exports with different filters.
 */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { Cell, Cells, Column, ColumnType, ExportedRow } from './rows.ts'

const groupRows = 10_000

const typeOf = { text: 'STRING', whole: 'INT64', flag: 'BOOLEAN', time: 'TIMESTAMP' } as const satisfies Record<
  ColumnType,
  string
>

export async function* parquetBytes(
  rows: AsyncIterable<ExportedRow>,
  columns: readonly Column[],
): AsyncGenerator<Uint8Array> {
  const target = new ByteWriter()
  const flushed: Uint8Array[] = []
  /** The library calls it after each row group. Offsets go on counting. */
  const flush = () => {
    flushed.push(new Uint8Array(target.buffer.slice(0, target.index)))
    target.index = 0
  }
  const schema = schemaFromColumnData({ columnData: columnsOf([], columns) })
  const file = new ParquetWriter({
    writer: Object.assign(target, { flush, finish: flush }),
    schema,
    createdBy: 'consent-ledger',
  })
  let group: Cells[] = []
  for await (const { cells } of rows) {
    group.push(...cells)
    if (group.length < groupRows) continue
    await file.write({ columnData: columnsOf(group, columns), rowGroupSize: group.length })
    group = []
    yield* flushed.splice(0)
  }
  if (group.length > 0) await file.write({ columnData: columnsOf(group, columns), rowGroupSize: group.length })
  await file.finish()
  yield* flushed.splice(0)
}

function columnsOf(group: readonly Cells[], columns: readonly Column[]) {
  return columns.map(({ name, type }) => ({
    ...{ name, type: typeOf[type], nullable: true },
    data: group.map((cells) => columnValue(cells[name], type)),
  }))
}

function columnValue(cell: Cell, type: ColumnType): string | bigint | boolean | Date | null {
  if (cell === undefined) return null
  if (type === 'whole') return BigInt(cell)
  if (type === 'flag') return cell === true
  return type === 'time' ? new Date(String(cell)) : String(cell)
}
