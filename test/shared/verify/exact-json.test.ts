/** The strict reader against JSON.parse: it reads what that reads, and refuses what two parsers could read differently. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { JsonError, readExactJson } from '../../../shared/verify/exact-json.ts'

/** Names and strings that end in or are full of what ends a string. */
const awkward = fc.string({
  unit: fc.constantFrom('"', '\\', ':', '{', '}', '[', ']', ',', ' ', '\n', 'a', 'å'),
  maxLength: 8,
})
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    awkward,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(awkward, tie('value'), { maxKeys: 4 }),
  ),
}))
const indents = fc.constantFrom(0, 1, '\t')

it('reads JSON with any names and strings, however it is indented', () => {
  fc.assert(
    fc.property(value, indents, (given, indent) => {
      const text = JSON.stringify(given, null, indent)
      expect(readExactJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

it('refuses a repeated member, also when its name is spelled with escapes', () => {
  fc.assert(
    fc.property(awkward, value, fc.boolean(), (name, first, isEscaped) => {
      const spelled = JSON.stringify(name)
      const unicode = [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
      const again = isEscaped ? `"${unicode}"` : spelled
      const text = `{${spelled}:${JSON.stringify(first)},"other-name":1,${again} : 2}`
      expect(() => readExactJson(text)).toThrow(JsonError)
    }),
  )
})

it.each([
  '{"__proto__":1}',
  '{"\\u005f_proto__":1}',
  '"\\',
  '"\\"',
  '{"a\\":1}',
  '{"a":"\\\\\\"}',
  '{"a":1',
  '[}',
  '"\\ud800"',
  '1.5',
  '',
])('refuses %j', (text) => {
  expect(() => readExactJson(text)).toThrow(JsonError)
})
