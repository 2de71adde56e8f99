/** What strangers wrote into a file or a table, as a terminal gets to see it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { harmless, harmlessJson } from '../../infra/terminal-text.ts'

const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b', '\u009b', '\u007f', '\u202e', '\u2066', '\u2028', '\ufeff', '\u{e0041}', '\n', '"', '\\'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

it('text: nothing is left that could steer a terminal', () => {
  fc.assert(fc.property(hostile, (given) => !steering.test(harmless(given))))
})

it('JSON: the same value, and nothing but its own line ends could steer a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
      const text = harmlessJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(steering.test(text.replaceAll('\n', ''))).toBe(false)
    }),
  )
})
