import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeOf } from '../../../functions/aws/query-range.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\uff01', '\u{1f36a}'), maxLength: 3 })
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** DynamoDB's own reading of a range: by condition, then strictly behind the start key. It refuses one outside the condition. */
function read(stored: readonly string[], range: ReturnType<typeof rangeOf>): string[] {
  if (range === undefined) return []
  const prefix = range.ExpressionAttributeValues?.[':prefix']?.S
  const start = range.ExclusiveStartKey?.sk?.S
  expect(prefix).not.toBe('')
  expect(start).not.toBe('')
  if (start !== undefined) expect(start.startsWith(prefix ?? '')).toBe(true)
  const direction = range.ScanIndexForward === false ? -1 : 1
  return stored
    .filter((sk) => sk.startsWith(prefix ?? ''))
    .filter((sk) => start === undefined || compare(sk, start) * direction > 0)
    .toSorted((a, b) => compare(a, b) * direction)
}

test('a range reads what the port promises, with a start key that DynamoDB takes', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(text.filter((sk) => sk !== '')),
      text,
      fc.option(text),
      fc.boolean(),
      (stored, prefix, from, descending) => {
        const after = from ?? undefined
        const options = { prefix, descending, ...(after === undefined ? {} : { after }) }
        const direction = descending ? -1 : 1
        const promised = stored
          .filter((sk) => sk.startsWith(prefix) && (after === undefined || compare(sk, after) * direction > 0))
          .toSorted((a, b) => compare(a, b) * direction)
        expect(read(stored, rangeOf('p', options))).toEqual(promised)
      },
    ),
    { numRuns: 500 },
  )
})
