/** Descriptions are text and code; nothing in them is markup. */
import { expect, it } from 'vitest'
import { piecesOf } from '../../../functions/reference/plain-descriptions.ts'

it.each([
  ['plain', [['plain', false]]],
  ['', []],
  [
    'send `next` as `after`',
    [
      ['send ', false],
      ['next', true],
      [' as ', false],
      ['after', true],
    ],
  ],
  ['a lone ` here', [['a lone ` here', false]]],
  [
    '<b>`<i>`',
    [
      ['<b>', false],
      ['<i>', true],
    ],
  ],
])('%s', (source, pieces) => {
  expect(piecesOf(source).map(({ text, isCode }) => [text, isCode])).toEqual(pieces)
})
