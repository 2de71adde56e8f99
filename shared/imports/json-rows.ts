/**
 * Rows of a file of JSON: one object on each line (NDJSON), or one array of objects, which is cut into its elements as it comes, so that a long
 * one takes no memory. An array may also be the member of an object, as exports of some tools are: `{"data": [ … ]}`; the first array counts.
 */
import { linesOf, maxLineLength } from './lines.ts'
import { Refusal } from './refusal.ts'
import { type Fields, maxFields, type Row, type RowSource } from './rows.ts'

export async function* ndjsonRows({ chunks, skip }: RowSource): AsyncGenerator<readonly Row[]> {
  let skipped = 0
  for await (const lines of linesOf(chunks)) {
    const records = lines.filter(({ text }) => text?.trim() !== '')
    const passed = Math.min(skip - skipped, records.length)
    skipped += passed
    yield records
      .slice(passed)
      .map(({ number, text }) =>
        text === undefined
          ? { line: number, refused: 'line-too-long', detail: `a line has at most ${maxLineLength} characters` }
          : rowIn(number, text),
      )
  }
}

function rowIn(line: number, text: string): Row {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, refused: 'not-json', detail: 'this is not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, refused: 'not-json', detail: 'a record is a JSON object' }
  if (Object.keys(value).length > maxFields)
    return { line, refused: 'columns', detail: `a record has at most ${maxFields} members` }
  return { line, fields: value as Fields }
}

interface Element {
  readonly line: number
  /** `undefined` for one that is too long. */
  readonly text: string | undefined
}

export async function* jsonRows({ chunks, skip }: RowSource): AsyncGenerator<readonly Row[]> {
  let skipped = 0
  for await (const elements of elementsOf(chunks)) {
    const passed = Math.min(skip - skipped, elements.length)
    skipped += passed
    yield elements
      .slice(passed)
      .map(({ line, text }) =>
        text === undefined
          ? { line, refused: 'too-large', detail: `a record has at most ${maxLineLength} characters` }
          : rowIn(line, text),
      )
  }
}

const quote = 34
const backslash = 92
const comma = 44
const newline = 10
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125]

/** The elements of the first array, which stands alone or in an object. What follows it is not read. */
async function* elementsOf(chunks: AsyncIterable<string>): AsyncGenerator<readonly Element[]> {
  let line = 1
  let depth = 0
  /** Depth within the array; 0 until it was found. */
  let arrayDepth = 0
  let isInText = false
  let isEscaped = false
  let isEnded = false
  let text = ''
  let isTooLong = false
  let elementLine = 0
  let found: Element[] = []

  const end = () => {
    const whole = text.trim()
    if (isTooLong || whole !== '') found.push({ line: elementLine, text: isTooLong ? undefined : whole })
    text = ''
    isTooLong = false
    elementLine = 0
  }

  for await (const chunk of chunks) {
    let from = 0
    const keep = (to: number) => {
      if (text.length + to - from > maxLineLength) {
        isTooLong = true
        text = ''
      } else if (!isTooLong) text += chunk.slice(from, to)
      from = to
    }
    for (let i = 0; i < chunk.length && !isEnded; i++) {
      const code = chunk.charCodeAt(i)
      if (code === newline) line++
      if (isInText) {
        if (isEscaped) isEscaped = false
        else if (code === backslash) isEscaped = true
        else if (code === quote) isInText = false
        continue
      }
      const isInArray = arrayDepth > 0
      if (isInArray && elementLine === 0 && code > 32 && code !== comma && code !== closeArray) elementLine = line
      if (code === quote) isInText = true
      else if (code === openArray || code === openObject) {
        depth++
        if (!isInArray && code === openArray && depth <= 2) {
          arrayDepth = depth
          from = i + 1
        } else if (!isInArray && depth > 2) throw notAnArray()
      } else if (code === closeArray || code === closeObject) {
        if (isInArray && depth === arrayDepth) {
          keep(i)
          end()
          isEnded = true
        }
        depth--
      } else if (code === comma && isInArray && depth === arrayDepth) {
        keep(i)
        end()
        from = i + 1
      } else if (!isInArray && depth === 0 && code > 32) throw notAnArray()
    }
    if (arrayDepth > 0 && !isEnded) keep(chunk.length)
    yield found
    found = []
    if (isEnded) return
  }
  throw arrayDepth === 0
    ? notAnArray()
    : new Refusal('file-damaged', 'the array does not end: part of the file is missing')
}

function notAnArray(): Refusal {
  return new Refusal(
    'not-the-format',
    'the file is an array of objects, or an object whose first member that is one has them',
  )
}
