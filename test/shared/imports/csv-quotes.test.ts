/** Quotes of CSV files: what is refused, and that no arrangement of them makes reading take long. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRows } from '../../../shared/imports/csv-rows.ts'
import { maxLineLength } from '../../../shared/imports/lines.ts'

async function read(text: string, length = 256 * 1024) {
  async function* chunks() {
    for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length)
  }
  const rows = []
  for await (const some of csvRows({ chunks: chunks(), skip: 0 })) rows.push(...some)
  return rows
}

function parsedAlone(record: string): string[] | 'quotes' | undefined {
  try {
    return parse(record, { record_delimiter: '\n', relax_column_count: true })[0]
  } catch {
    return 'quotes'
  }
}

it('a record is refused for its quotes exactly where csv-parse would refuse it', async () => {
  const text = fc.string({ unit: fc.constantFrom('"', '""', ',', 'x', ' ', '\n'), minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(text, async (record) => {
      const isOneRecord = !/^\n/.test(record) && (record.match(/"/g)?.length ?? 0) % 2 === 0 && !hasOpenBreak(record)
      fc.pre(isOneRecord)
      // More columns than the record can have fields.
      const columns = Array.from({ length: record.length + 2 }, (_, i) => `c${i}`)
      const [row] = await read(`${columns.join(',')}\n${record}\n`)
      const alone = parsedAlone(record)
      if (row === undefined || alone === undefined) throw new Error('there is one record')
      if (alone === 'quotes') expect(row).toMatchObject({ line: 2, refused: 'quotes' })
      else
        expect(row).toMatchObject({ line: 2, detail: `${alone.length} fields; the first line names ${columns.length}` })
    }),
    { numRuns: 300 },
  )
})

/** A line break at which all quotes are closed ends the record. */
function hasOpenBreak(record: string): boolean {
  return record.split('\n').some((_, i, lines) => {
    const before = lines.slice(0, i + 1).join('\n')
    return i < lines.length - 1 && (before.match(/"/g)?.length ?? 0) % 2 === 0
  })
}

it('a record of several lines that is too long is refused, and the one after it read', async () => {
  const long = `"${'x'.repeat(maxLineLength / 2)}`
  const rows = await read(`a,b\n${long}\n${'y'.repeat(maxLineLength / 2)}",2\n3,4\n`)
  expect(rows).toMatchObject([
    { line: 2, refused: 'too-large' },
    { line: 4, fields: { a: '3', b: '4' } },
  ])
})

it('a quote that opens by mistake takes no record with it, also where another one closes it', async () => {
  const lines = ['id;name', '1;"never', '2;x', '3;y', '4;a"b', '5;z', '"6";"of two\nlines"', '7;"a ""b"" c"', '8;"d" e']
  for (const length of [1, 5, 1_000])
    expect((await read(`${lines.join('\n')}\n`, length)).map((row) => [row.line, 'refused' in row])).toEqual([
      ...[
        [2, true],
        [3, false],
        [4, false],
        [5, true],
        [6, false],
      ],
      ...[
        [7, false],
        [9, false],
        [10, true],
      ],
    ])
})

it('what an open quote and a long line leave is refused in the order of the file', async () => {
  const rows = await read(`a,b\n"1,2\n3,4\n${'x'.repeat(maxLineLength + 1)}\n5,6\n`)
  expect(rows.map((row) => [row.line, 'refused' in row ? row.refused : 'read'])).toEqual([
    [2, 'quotes'],
    [3, 'read'],
    [4, 'line-too-long'],
    [5, 'read'],
  ])
})

const bytes = 100_000
const whole = (lines: string) => `a,b\n${lines.repeat(Math.ceil(bytes / lines.length))}`

it.each([
  ['a quote that closes in the next line', '"x,2\n'],
  ['quotes within fields', 'x"y",2\n'],
  ['a quote that is open before lines full of quotes', `"x\n${`${'"'.repeat(10_000)}\n`.repeat(99)}`],
])('%s: takes no longer than the same length of sound records', async (_, lines) => {
  const sound = whole('"x",2\n')
  await read(sound)
  await read(whole(lines))
  expect((await cpuUs(whole(lines))) / (await cpuUs(sound))).toBeLessThan(4)
})

/** CPU time of this thread: what other processes do does not count. */
async function cpuUs(text: string): Promise<number> {
  const begin = process.threadCpuUsage()
  await read(text)
  const { user, system } = process.threadCpuUsage(begin)
  return user + system
}
