/** Rows of files, also of hostile ones: each bad record is refused by line and reason, and the others are read. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRows } from '../../../shared/imports/csv-rows.ts'
import { jsonRows, ndjsonRows } from '../../../shared/imports/json-rows.ts'
import { maxLineLength } from '../../../shared/imports/lines.ts'
import type { Row, RowSource } from '../../../shared/imports/rows.ts'
import { type SourceForm, textOf } from '../../../shared/imports/source-text.ts'

type Reader = (source: RowSource) => AsyncGenerator<readonly Row[]>

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(reader: Reader, content: string | Uint8Array, form: SourceForm = {}, skip = 0, size = 7) {
  const rows: Row[] = []
  const chunks = textOf(chunksOf(Buffer.from(content), size), form)
  for await (const some of reader({ chunks, skip })) rows.push(...some)
  return rows.map((row) => ('fields' in row ? [row.line, row.fields] : [row.line, row.refused]))
}

describe('CSV', () => {
  it.each([
    [
      'plain',
      'a,b\n1,2\n3,4',
      [
        [2, { a: '1', b: '2' }],
        [3, { a: '3', b: '4' }],
      ],
    ],
    ['CR LF and a last line break', 'a,b\r\n1,2\r\n', [[2, { a: '1', b: '2' }]]],
    ['semicolons', 'a;b\n1,5;2\n', [[2, { a: '1,5', b: '2' }]]],
    ['tabs', 'a\tb\n1\t2\n', [[2, { a: '1', b: '2' }]]],
    ['a byte order mark', '\ufeffa,b\n1,2\n', [[2, { a: '1', b: '2' }]]],
    [
      'quotes, with a line break and a quote within',
      'a,b\n"x\ny ""z""",2\n3,4\n',
      [
        [2, { a: 'x\ny "z"', b: '2' }],
        [4, { a: '3', b: '4' }],
      ],
    ],
    ['empty lines', 'a,b\n\n1,2\n\n', [[3, { a: '1', b: '2' }]]],
    [
      'too many and too few fields',
      'a,b\n1,2,3\n1\n3,4\n',
      [
        [2, 'columns'],
        [3, 'columns'],
        [4, { a: '3', b: '4' }],
      ],
    ],
    [
      'a quote within a field',
      'a,b\n1,x"y"\n"p"q,r\n3,4\n',
      [
        [2, 'quotes'],
        [3, 'quotes'],
        [4, { a: '3', b: '4' }],
      ],
    ],
    [
      'a formula',
      'a,b\n=HYPERLINK("http://x"),2\n1,"=1+1"\n',
      [
        [2, 'quotes'],
        [3, { a: '1', b: '=1+1' }],
      ],
    ],
  ])('%s', async (_, content, expected) => {
    for (const size of [1, 7, 1000]) expect(await read(csvRows, content, {}, 0, size)).toEqual(expected)
  })

  it('refuses a quote that is not closed by its line, and reads what follows', async () => {
    const rest = Array.from({ length: 300 }, (_, i) => `${i},x`).join('\n')
    const rows = await read(csvRows, `a,b\n1,2\n"never,closed\n${rest}\n`)
    expect(rows).toHaveLength(302)
    expect(rows.filter(([, row]) => row === 'quotes')).toEqual([[3, 'quotes']])
  })

  it('passes a line that is too long, without keeping it, and reads what follows', async () => {
    async function* huge() {
      yield 'a,b\n1,2\n'
      for (let i = 0; i < 64; i++) yield 'x'.repeat(1024 * 1024)
      yield '\n3,4\n'
    }
    const rows: Row[] = []
    for await (const some of csvRows({ chunks: huge(), skip: 0 })) rows.push(...some)
    expect(rows).toMatchObject([{ line: 2 }, { line: 3, refused: 'line-too-long' }, { line: 4, fields: { a: '3' } }])
  })

  it.each(['', '\n\n', 'a,a\n1,2\n', `${'x'.repeat(maxLineLength + 1)}\n1\n`])(
    'refuses a file without columns',
    async (content) => {
      const rows = read(csvRows, content)
      if (content.trim() === '') expect(await rows).toEqual([])
      else await expect(rows).rejects.toMatchObject({ reason: 'not-the-format' })
    },
  )

  it('goes on at any record as if it had read from the beginning', async () => {
    const line = fc.constantFrom('1,2', '"x\ny",2', '1', 'p"q,r', '"a""b",c')
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.nat(12),
        fc.integer({ min: 1, max: 20 }),
        async (lines, skip, size) => {
          const content = `a,b\n${lines.join('\n')}\n`
          const all = await read(csvRows, content)
          expect(await read(csvRows, content, {}, skip, size)).toEqual(all.slice(skip))
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('JSON', () => {
  it('reads one object a line', async () => {
    const content = '{"a":1}\n\nnot json\n[1]\n{"b":"é"}\n'
    expect(await read(ndjsonRows, content)).toEqual([
      [1, { a: 1 }],
      [3, 'not-json'],
      [4, 'not-json'],
      [5, { b: 'é' }],
    ])
    expect(await read(ndjsonRows, content, {}, 2)).toEqual([
      [4, 'not-json'],
      [5, { b: 'é' }],
    ])
  })

  it.each([
    [
      '[{"a":1},\n {"b":"]},{"}]',
      [
        [1, { a: 1 }],
        [2, { b: ']},{' }],
      ],
    ],
    ['[]', []],
    ['[{"a":"\\"]"}]', [[1, { a: '"]' }]]],
    [
      '{"from":"x","data":[{"a":1},{"a":2}],"more":[3]}',
      [
        [1, { a: 1 }],
        [1, { a: 2 }],
      ],
    ],
    [
      '[{"a":1},2,nope,{"a":3}]',
      [
        [1, { a: 1 }],
        [1, 'not-json'],
        [1, 'not-json'],
        [1, { a: 3 }],
      ],
    ],
  ])('cuts %s into its elements', async (content, expected) => {
    for (const size of [1, 5, 1000]) expect(await read(jsonRows, content, {}, 0, size)).toEqual(expected)
  })

  it.each([
    ['{"a":1}', 'not-the-format'],
    ['nothing', 'not-the-format'],
    ['{"a":{"b":[{}]}}', 'not-the-format'],
    ['[{"a":1},{"a"', 'file-damaged'],
  ])('refuses %s', async (content, reason) => {
    await expect(read(jsonRows, content)).rejects.toMatchObject({ reason })
  })

  it('passes an element that is too long, and reads what follows', async () => {
    const content = `[{"a":"${'x'.repeat(maxLineLength)}"},{"a":2}]`
    expect(await read(jsonRows, content, {}, 0, 10_000)).toEqual([
      [1, 'too-large'],
      [1, { a: 2 }],
    ])
  })

  it('reads what JSON writes, however it is cut', async () => {
    const values = fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }), {
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(values, fc.nat(2), fc.integer({ min: 1, max: 50 }), async (all, indent, size) => {
        const rows = await read(jsonRows, JSON.stringify(all, null, indent), {}, 0, size)
        expect(rows.map(([, fields]) => JSON.stringify(fields))).toEqual(all.map((each) => JSON.stringify(each)))
      }),
      { numRuns: 100 },
    )
  })
})

describe('bytes', () => {
  const gzip = { compression: 'gzip' } as const

  it('are decompressed and decoded as they come', async () => {
    expect(await read(csvRows, gzipSync('a,b\nå,ä\n'), gzip)).toEqual([[2, { a: 'å', b: 'ä' }]])
    expect(await read(csvRows, Buffer.from('a,b\nå,ä\n', 'latin1'), { encoding: 'windows-1252' })).toEqual([
      [2, { a: 'å', b: 'ä' }],
    ])
    expect(await read(csvRows, Buffer.from('\ufeffa,b\nå,ä\n', 'utf16le'), {}, 0, 1)).toEqual([[2, { a: 'å', b: 'ä' }]])
    const wrong = await read(csvRows, Buffer.from('a,b\nå,ä\n1,2\n', 'latin1'))
    expect(wrong).toEqual([
      [2, { a: '\ufffd', b: '\ufffd' }],
      [3, { a: '1', b: '2' }],
    ])
  })

  it('end at a bomb, and at half a file, with what was read', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024))
    await expect(read(csvRows, bomb, gzip, 0, 10_000)).rejects.toMatchObject({ reason: 'file-expands-too-far' })
    const long = read(csvRows, gzipSync('a,b\n1,2\n'), { ...gzip, maxExpanded: 7 })
    await expect(long).rejects.toMatchObject({ reason: 'file-expands-too-far' })
    const half = gzipSync('a,b\n1,2\n').subarray(0, 20)
    await expect(read(csvRows, half, gzip)).rejects.toMatchObject({ reason: 'file-damaged' })
    await expect(read(csvRows, 'a,b\n1,2\n', gzip)).rejects.toMatchObject({ reason: 'file-damaged' })
  })
  it.each([
    ['a ZIP file', [0x50, 0x4b, 3, 4], 'unpack it'],
    ['a gzip file', [...gzipSync('a,b')], '.gz'],
    ['a file of Zstandard', [0x28, 0xb5, 0x2f, 0xfd, 1], 'unpack it'],
    ['an old spreadsheet', [0xd0, 0xcf, 0x11, 0xe0, 1], 'save it as CSV'],
    ['UTF-16 in the other order', [0xfe, 0xff, 0, 0x61], 'UTF-8'],
  ])('of %s are refused, with what to do', async (_, bytes, advice) => {
    for (const size of [1, 10_000])
      await expect(read(csvRows, Buffer.from(bytes), {}, 0, size)).rejects.toMatchObject({
        reason: 'not-the-format',
        message: expect.stringContaining(advice),
      })
  })

  it('that a store cannot give are no damage of the file', async () => {
    const closed = Object.assign(new Error('closed'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
    async function* broken() {
      yield gzipSync('a,b\n').subarray(0, 12)
      throw closed
    }
    const all = async () => {
      for await (const _ of textOf(broken(), gzip));
    }
    await expect(all()).rejects.toBe(closed)
  })
})
