/** The strict reader against `JSON.parse`: equal on every text without the defects it names, and a refusal for each defect. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseStrictJson } from '../../../functions/http/strict-json.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { growth } from '../../support/growth.ts'

function refusalOf(text: string, maxDepth?: number): LedgerError | undefined {
  try {
    parseStrictJson(text, maxDepth === undefined ? undefined : { maxDepth })
    return undefined
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('refuses', () => {
  /** What it is, the text, and the offset at which it is found. */
  const defects: [string, string, number][] = [
    ['nothing', '', 0],
    ['space only', ' \n\t\r', 4],
    ['a byte order mark', '\ufeff{}', 0],
    ['a byte order mark behind', '{}\ufeff', 2],
    ['a second value', '{} {}', 3],
    ['a second value at once', '12[', 2],
    ['an open object', '{', 1],
    ['an open object behind a name', '{"a"', 4],
    ['an open object behind a colon', '{"a":', 5],
    ['an open object behind a value', '{"a":1', 6],
    ['an open array', '[1', 2],
    ['an open array behind a comma', '[1,', 3],
    ['the wrong bracket', '[1}', 2],
    ['the wrong brace', '{"a":1]', 6],
    ['a lone closing bracket', ']', 0],
    ['a trailing comma in an array', '[1,]', 3],
    ['a trailing comma in an object', '{"a":1,}', 7],
    ['a leading comma', '[,1]', 1],
    ['two commas', '[1,,2]', 3],
    ['no colon', '{"a" 1}', 5],
    ['a bare name', '{a:1}', 1],
    ['a number as name', '{1:1}', 1],
    ['single quotes', "['a']", 1],
    ['a comment', '/**/1', 0],
    ['other space', '\u00a01', 0],
    ['an open string', '"abc', 4],
    ['a line feed in a string', '"a\nb"', 2],
    ['a raw NUL in a string', '"a\u0000b"', 2],
    ['a raw NUL in a name', '{"a\u0000":1}', 3],
    ['a raw NUL outside', '1\u0000', 1],
    ['an escaped NUL', '"a\\u0000"', 2],
    ['an escaped NUL in a name', '{"\\u0000":1}', 2],
    ['an unknown escape', '"\\x41"', 1],
    ['an escape in capitals', '"\\U0041"', 1],
    ['a short escape', '"\\u12"', 1],
    ['an escape that is not hexadecimal', '"\\u00g0"', 1],
    ['a backslash at the end', '"\\', 1],
    ['a lone high surrogate, escaped', '"\\ud83d"', 1],
    ['a lone low surrogate, escaped', '"\\uDE00"', 1],
    ['two high surrogates, escaped', '"\\ud83d\\ud83d"', 1],
    ['surrogates in the wrong order, escaped', '"\\ude00\\ud83d"', 1],
    ['a lone surrogate in a name, escaped', '{"\\ud83d":1}', 2],
    ['a lone high surrogate, raw', '"\ud83d"', 1],
    ['a lone low surrogate, raw', '"\ude00"', 1],
    ['a lone high surrogate at the end', '"\ud83d', 1],
    ['a lone surrogate in a name, raw', '{"\ude00":1}', 2],
    ['a pair half escaped, half raw', '"\\ud83d\ude00"', 1],
    ['a leading zero', '[01]', 1],
    ['a negative leading zero', '-01', 1],
    ['a plus sign', '+1', 0],
    ['a lone minus', '-', 1],
    ['no digit before the point', '.5', 0],
    ['no digit behind the point', '1.', 2],
    ['no digit in the exponent', '1e', 2],
    ['no digit behind the sign', '1e+', 3],
    ['hexadecimal', '0x10', 1],
    ['NaN', 'NaN', 0],
    ['Infinity', '-Infinity', 1],
    ['undefined', 'undefined', 0],
    ['a literal in capitals', 'True', 0],
    ['half a literal', 'nul', 0],
    ['a literal that goes on', 'truely', 4],
    ['an integer too large', '[9007199254740992]', 1],
    ['an integer too small', '-9007199254740992', 0],
    ['a large integer with a fraction', '9007199254740993.0', 0],
    ['a large integer by exponent', '1e16', 0],
    ['infinity by exponent', '{"a":1e999}', 5],
    ['negative infinity', '-1E+999', 0],
    ['infinity by digits', `${'9'.repeat(400)}`, 0],
    ['a name twice', '{"a":1,"a":1}', 7],
    ['a name twice, further on', '{"a":1,"b":{"a":1},"c":[{"a":1}],"a":1}', 33],
    ['a name twice, one escaped', '{"a":1,"\\u0061":2}', 7],
    ['a name twice, both escaped', '{"\\u0061":1,"\\u0061":2}', 12],
    ['the empty name twice', '{"":1,"":2}', 6],
    ['a slash twice, one escaped', '{"/":1,"\\/":2}', 7],
    ['an emoji twice, one escaped', '{"😀":1,"\\ud83d\\ude00":2}', 8],
    ['__proto__', '{"a":{"__proto__":{"isAdmin":true}}}', 6],
    ['__proto__, escaped', '{"a":1,"\\u005f_proto__":2}', 7],
    ['constructor twice', '{"constructor":1,"constructor":2}', 17],
    ['an array index twice', '{"0":1,"0":2}', 7],
    ['nesting too deep', nested(17), 16],
    ['objects too deep', nestedObjects(17), 80],
  ]
  test.each(defects)('%s', (_name, text, offset) => {
    const error = refusalOf(text)
    expect(error?.code).toBe('malformed-json')
    expect(error?.facts.members?.offset).toBe(offset)
    expect(error?.facts.allowed).toEqual(expect.any(String))
  })

  it('depth, where it begins to be too deep, before it can hurt', () => {
    for (const text of [nested(100_000), '['.repeat(100_000), nestedObjects(100_000), '{"a":['.repeat(50_000)]) {
      expect(refusalOf(text)?.facts.members?.offset).toBeLessThan(100)
    }
  })

  it('with line and column', () => {
    expect(refusalOf('{\n  "a": 1,\r\n  "b": x\n}')?.facts.members).toEqual({ offset: 20, line: 3, column: 8 })
    expect(refusalOf('{\n"a":\n')?.message).toMatch(/line 3, column 1\b/)
  })

  it('without repeating what was sent, but for the name', () => {
    for (const text of ['{"secret":"s3cr3t', '{"secret":s3cr3t}', '{"x":"s3cr3t","secret":12345678901234567890}']) {
      expect(JSON.stringify([refusalOf(text)?.message, refusalOf(text)?.facts])).not.toMatch(/s3cr3t|secret|1234567890/)
    }
    expect(refusalOf('{"x":"s3cr3t","twice":1,"twice":2}')?.facts.given).toBe('twice')
    const long = '😀'.repeat(100)
    expect(refusalOf(`{"${long}":1,"${long}":2}`)?.facts.given).toBe('😀'.repeat(40))
  })
})

describe('accepts', () => {
  const texts = [
    '{}',
    '[]',
    ' [ ] ',
    '{"a":[{},[],{"b":null}],"c":{"d":{"a":true}}}',
    '[{"a":1},{"a":2},{"a":{"a":3}}]',
    '0',
    '-0',
    '-0.0e-0',
    '9007199254740991',
    '-9007199254740991',
    '9007199254740991.0',
    '9.007199254740991E15',
    '1e-999',
    '0.1',
    '1E2',
    '"\ufeff"',
    '"\ud83d\ude00 \\ud83d\\ude00 \\uD83D\\uDE00"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001"',
    '"\u2028\u2029\u007f"',
    '\t\r\n {"a" : 1 , "b" : [ 1 , 2 ] } ',
    nested(16),
    nestedObjects(16),
  ]
  test.each(texts)('%s', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  })

  test.each([
    ['', 'There is no JSON, at line 1, column 1.'],
    ['{', 'The text ends in the middle of the JSON, at line 1, column 2.'],
    ['{"a":\n1', 'The text ends in the middle of the JSON, at line 2, column 2.'],
    ['["abc', 'The text ends in the middle of a string, at line 1, column 6.'],
    ['{}x', 'The JSON has an unexpected character, at line 1, column 3.'],
  ])('says what is wrong with %j', (text, message) => {
    expect(refusalOf(text)?.message).toBe(message)
  })

  it('just the depth that is allowed', () => {
    expect(refusalOf('1', 0)).toBeUndefined()
    expect(refusalOf('[]', 0)?.facts.allowed).toBe('at most 0 levels')
    expect(refusalOf(nested(3), 3)).toBeUndefined()
    expect(refusalOf(nested(4), 3)?.facts.members?.offset).toBe(3)
  })
})

describe('against JSON.parse', () => {
  const units = fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed() && !s.includes('\0'))
  /** That one name is refused, which has a test of its own. */
  const names = units.filter((name) => name !== '__proto__')
  const numbers = fc.oneof(
    fc.maxSafeInteger(),
    fc.double({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1, noNaN: true }),
    fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      numbers,
      units,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(names, fc.constantFrom('a', '0', 'constructor')), tie('value'), {
        maxKeys: 5,
      }),
    ),
  }))

  it('reads what it wrote, however it is indented', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('', ' ', '\t', '\r\n'), (original, indent) => {
        const text = JSON.stringify(original, null, indent)
        expect(isDeepStrictEqual(parseStrictJson(text), JSON.parse(text))).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('reads strings and names with any character escaped', () => {
    const escaped = (text: string) =>
      [...text].map((c) => [...new Array(c.length).keys()].map((i) => hex(c.charCodeAt(i))).join('')).join('')
    const hex = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`
    fc.assert(
      fc.property(names, units, (name, text) => {
        const json = `{"${escaped(name)}":"${escaped(text)}"}`
        expect(isDeepStrictEqual(parseStrictJson(json), JSON.parse(json))).toBe(true)
      }),
    )
  })

  it('accepts no text that JSON.parse refuses, and gives the reason when it refuses one that JSON.parse accepts', () => {
    const pieces = [
      ...'{}[]:,"\\ -+.0123eEu',
      'true',
      'null',
      '"a"',
      '"a":',
      '"b":1',
      '\\ud83d',
      '\\ude00',
      '\\u0061',
      '\n',
    ]
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((p) => p.join(''))
    const mutated = fc
      .tuple(value, fc.nat(), fc.constantFrom(...pieces, ''))
      .map(([original, at, piece]) => splice(JSON.stringify(original), at, piece))
    let bothAccepted = 0
    fc.assert(
      fc.property(fc.oneof(soup, mutated), (text) => {
        const strict = refusalOf(text)
        let loose: unknown
        try {
          loose = JSON.parse(text)
        } catch {
          expect(strict?.code).toBe('malformed-json')
          expect(strict?.message).not.toMatch(/This is not JSON/)
          return
        }
        if (strict === undefined) {
          bothAccepted++
          expect(isDeepStrictEqual(parseStrictJson(text), loose)).toBe(true)
        } else expect(strict.message).toMatch(/already has|not allowed|surrogate|NUL|out of range|too deep/)
      }),
      { numRuns: 4000 },
    )
    expect(bothAccepted).toBeGreaterThan(100)
  })

  it('takes linear time', () => {
    const names = (count: number) => `{${[...new Array(count).keys()].map((i) => `"name-${i}":${i}`).join()}}`
    const escapes = (count: number) => `"${'\\u00e9'.repeat(count)}"`
    for (const make of [names, escapes]) {
      const texts = new Map([10_000, 80_000].map((count) => [count, make(count)]))
      expect(growth(10_000, 80_000, (count) => parseStrictJson(texts.get(count) ?? ''))).toBeLessThan(30)
    }
  })
})

function splice(text: string, at: number, piece: string): string {
  const index = at % (text.length + 1)
  return text.slice(0, index) + piece + text.slice(index + 1)
}
