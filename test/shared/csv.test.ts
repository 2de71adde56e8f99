/** A cell that a spreadsheet would run gets an apostrophe, and reading it back gives the value, whatever it is. */
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { cellValue, csvLine } from '../../shared/csv.ts'

const parts = ['=', '+', '-', '@', '\t', '\r', '\n', ';', "'", '"', ',', ' ', 'a', '＝', '1', 'å']

/** Every text of up to four of the characters that matter, and some. */
function* texts(length: number): Generator<string> {
  if (length === 0) return
  for (const first of parts) {
    yield first
    for (const rest of texts(length - 1)) yield first + rest
  }
}

it('is read back as it was', () => {
  const all = [...texts(4)]
  const rows = parse(all.map((text) => csvLine([text])).join(''), {
    record_delimiter: '\r\n',
    relax_column_count: true,
  })
  expect(rows.length).toBe(all.length)
  const wrong = all.filter((text, i) => cellValue(String(rows[i]?.[0])) !== text)
  expect(wrong).toEqual([])
})

it('no cell begins like a formula, nor what follows a semicolon, a tab or a line end', () => {
  for (const text of texts(3)) {
    const [cell = ''] = parse(csvLine([text]), { record_delimiter: '\r\n' })[0] ?? []
    for (const piece of String(cell).split(/[;\t\r\n]/)) expect(piece).not.toMatch(/^[\s]*[=+\-@＝]/)
  }
})
