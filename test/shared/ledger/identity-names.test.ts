/** The forms of an identifier, and the laws by which looking under all of them finds one person and never two. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formsOf, normaliseIdentity } from '../../../shared/ledger/identity-names.ts'

const types = ['email', 'phone', 'loyalty-card'] as const
const exactTypes = ['device', 'account', 'reader', 'actor#'] as const
const current = (type: string, id: string) => normaliseIdentity({ type, id }).id

/** At least one character of each class; the property below takes any. */
const unseen = [
  0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e, 0x202e, 0x2060, 0x2069, 0xfe0f, 0xfeff, 0xfff9, 0xe0041,
]
const dashes = [
  0x2d, 0x5be, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x2043, 0xfe31, 0xfe58, 0xfe63, 0xff0d,
]
const spaces = [0x20, 0x9, 0xa0, 0x1680, 0x2002, 0x2009, 0x202f, 0x205f, 0x2800, 0x3000]
const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0))

describe('one person in the eye is one form', () => {
  it.each(unseen)('without U+%#x', (code) => {
    const mark = String.fromCodePoint(code)
    expect(current('email', `ann${mark}@example.org${mark}`)).toBe('ann@example.org')
    expect(current('phone', `${mark}+46 70${mark}123`)).toBe('+4670123')
    expect(current('loyalty-card', `A${mark}B 1`)).toBe('AB 1')
  })

  it.each(dashes)('with U+%#x for a dash', (code) => {
    const dash = String.fromCodePoint(code)
    expect(current('email', `Ann${dash}Lee@example.org`)).toBe('ann-lee@example.org')
    expect(current('phone', `070${dash}123`)).toBe('070123')
    expect(current('loyalty-card', `A${dash}1`)).toBe('A-1')
  })

  it.each(spaces)('with U+%#x for a space', (code) => {
    const space = String.fromCodePoint(code)
    expect(current('email', `${space}ann${space}@example.org${space}`)).toBe('ann@example.org')
    expect(current('phone', `070${space}123`)).toBe('070123')
    expect(current('loyalty-card', `${space}A${space}1`)).toBe('A 1')
  })

  it.each([
    ['email', 'ann.lee@example.org'],
    ['phone', '+4670123'],
    ['loyalty-card', 'A-1'],
  ])('%s in full width', (type, id) => expect(current(type, fullWidth(id))).toBe(id))
})

it.each([
  ['plus-addressing', 'email', 'ann@example.org', 'ann+news@example.org'],
  ['dots in a local part', 'email', 'annlee@example.org', 'ann.lee@example.org'],
  ['a space in a quoted local part', 'email', '"ann lee"@example.org', '"annlee"@example.org'],
  ['letters of another script', 'email', 'ann@example.org', '\u0430nn@example.org'],
  ['case of another type', 'loyalty-card', 'a1', 'A1'],
])('%s keeps two people apart', (_, type, one, other) => expect(current(type, one)).not.toBe(current(type, other)))

it.each(exactTypes)('%s is exact, as machines compare it', (type) => {
  fc.assert(
    fc.property(anyText, (id) => {
      expect(formsOf({ type, id })).toEqual([{ type, id }])
    }),
  )
})

/** Letters whose case or composition depends on their neighbours, among any others. */
const difficult = [
  ...'AaΣσςİıſßẞǅJK',
  'ﬁ',
  '¨',
  '"',
  '@',
  '.',
  '(',
  '-',
  ' ',
  '\u0307',
  '\u030c',
  '\u0323',
  '\u0345',
  '\u1100',
  '\u1161',
  '\u11a8',
  '\u{1d173}',
]
const piece = fc.oneof(
  fc.constantFrom(...difficult, ...[...unseen, ...dashes, ...spaces].map((code) => String.fromCodePoint(code))),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const ignorable = fc.constantFrom(
  ...Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => (code < 0xd800 || code > 0xdfff) && /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)),
  ),
)

describe.each(types)('of type %s', (type) => {
  it('characters that nobody sees change no form, wherever they stand', () => {
    const insertions = fc.array(fc.tuple(fc.nat(), ignorable), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(anyText, insertions, (id, marks) => {
        const characters = [...id]
        for (const [place, code] of marks)
          characters.splice(place % (characters.length + 1), 0, String.fromCodePoint(code))
        expect(current(type, characters.join(''))).toBe(current(type, id))
      }),
      { numRuns: 2000 },
    )
  })

  it('every form that an identifier ever had is of its current form, which has no other', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        const [now, ...earlier] = formsOf({ type, id })
        for (const form of earlier) expect(normaliseIdentity(form)).toEqual(now)
        expect(formsOf(now)).toEqual([now])
      }),
      { numRuns: 5000 },
    )
  })

  it('so does each single character between letters', () => {
    for (let code = 0; code < 0x20000; code++) {
      const id = `A${String.fromCodePoint(code)}\u03a3`
      const [now, ...earlier] = formsOf({ type, id })
      const isOne = earlier.every((form) => normaliseIdentity(form).id === now.id) && formsOf(now).length === 1
      if (!isOne) throw new Error(`U+${code.toString(16)}: ${JSON.stringify(formsOf({ type, id }))}`)
    }
  })
})

it('what is written as nearly everybody writes it has one form, and costs one look', () => {
  const plain = fc.emailAddress().map((id) => id.toLowerCase())
  fc.assert(
    fc.property(plain, (id) => {
      expect(formsOf({ type: 'email', id })).toEqual([{ type: 'email', id }])
    }),
  )
})
