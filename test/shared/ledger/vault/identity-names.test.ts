/** The forms of an identifier, and the laws by which looking under all of them finds one person and never two. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstForm, secondForm } from '../../../../shared/ledger/vault/earlier-forms.ts'
import { formsOfAddress } from '../../../../shared/ledger/vault/email-address.ts'
import { formsOf, normaliseIdentity } from '../../../../shared/ledger/vault/identity-names.ts'
import { formsOfNumber } from '../../../../shared/ledger/vault/phone-number.ts'

const types = ['email', 'phone', 'loyalty-card'] as const
const exactTypes = ['device', 'account', 'reader', 'actor#'] as const
const current = async (type: string, id: string) => (await normaliseIdentity({ type, id }, 'SE')).id

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
  it.each(unseen)('without U+%#x', async (code) => {
    const mark = String.fromCodePoint(code)
    expect(await current('email', `ann${mark}@example.org${mark}`)).toBe('ann@example.org')
    expect(await current('phone', `${mark}+46 70${mark}123`)).toBe('+4670123')
    expect(await current('loyalty-card', `A${mark}B 1`)).toBe('AB 1')
  })

  it.each(dashes)('with U+%#x for a dash', async (code) => {
    const dash = String.fromCodePoint(code)
    expect(await current('email', `Ann${dash}Lee@example.org`)).toBe('ann-lee@example.org')
    expect(await current('phone', `070${dash}123`)).toBe('070123')
    expect(await current('loyalty-card', `A${dash}1`)).toBe('A-1')
  })

  it.each(spaces)('with U+%#x for a space', async (code) => {
    const space = String.fromCodePoint(code)
    expect(await current('email', `${space}ann${space}@example.org${space}`)).toBe('ann@example.org')
    expect(await current('phone', `070${space}123`)).toBe('070123')
    expect(await current('loyalty-card', `${space}A${space}1`)).toBe('A 1')
  })

  it.each([
    ['email', 'ann.lee@example.org'],
    ['phone', '+4670123'],
    ['loyalty-card', 'A-1'],
  ])('%s in full width', async (type, id) => expect(await current(type, fullWidth(id))).toBe(id))
})

it.each([
  ['plus-addressing', 'email', 'ann@example.org', 'ann+news@example.org'],
  ['dots in a local part', 'email', 'annlee@example.org', 'ann.lee@example.org'],
  ['a space in a quoted local part', 'email', '"ann lee"@example.org', '"annlee"@example.org'],
  ['letters of another script', 'email', 'ann@example.org', '\u0430nn@example.org'],
  ['case of another type', 'loyalty-card', 'a1', 'A1'],
])('%s keeps two people apart', async (_, type, one, other) =>
  expect(await current(type, one)).not.toBe(await current(type, other)),
)

it.each(exactTypes)('%s is exact, as machines compare it', async (type) => {
  await fc.assert(
    fc.asyncProperty(anyText, async (id) => {
      expect(await formsOf({ type, id }, 'SE')).toEqual({ current: { type, id }, stored: [{ type, id }] })
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

/** Pieces of numbers and domains, so that random ones are often read. */
const numberPiece = fc.constantFrom(
  ...['+46', '0046', '46', '0', '(0)', '70', '123', '45', '67', '8', '+1', '202', '555', '06', '+39', '/'],
  ...['tel:', ';ext=', 'x', '12', ' ', '-', '\u0660', '\uff10', ';phone-context=+46'],
)
const addressPiece = fc.constantFrom(
  ...[
    '@',
    '.',
    'b\u00fccher',
    'xn--bcher-kva',
    'xn--',
    'stra\u00dfe',
    '\u03c3',
    '\u03c2',
    'xn--nxasmm1c',
    '\u0130',
    '\u0131',
  ],
  ...[
    '\u3002',
    '\uff61',
    'mailto:',
    '?',
    '%',
    '/',
    '[',
    ':',
    '1',
    '\u2764\ufe0f',
    '\u0644',
    '\u05d0',
    '\u0301',
    'ann',
    'com',
  ],
)
const some = (one: fc.Arbitrary<string>) => fc.array(one, { maxLength: 8 }).map((pieces) => pieces.join(''))
const anyNumber = some(fc.oneof({ weight: 9, arbitrary: numberPiece }, { weight: 1, arbitrary: piece }))
const anyAddress = fc
  .tuple(some(addressPiece), some(fc.oneof({ weight: 4, arbitrary: addressPiece }, { weight: 1, arbitrary: piece })))
  .map(([local, domain]) => `${local}@${domain}`)
function anyIn(type: string): fc.Arbitrary<string> {
  if (type === 'phone') return fc.oneof(anyNumber, anyText)
  return type === 'email' ? fc.oneof(anyAddress, anyText) : anyText
}

const ignorable = fc.constantFrom(
  ...Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => (code < 0xd800 || code > 0xdfff) && /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)),
  ),
)

/** The current form, made from the second one without waiting: for the tests of every character, which would take ten times as long. */
const currentAtOnce: Readonly<Record<(typeof types)[number], (second: string) => string>> = {
  email: (second) => formsOfAddress(second).current,
  phone: (second) => formsOfNumber(second, 'SE').current,
  'loyalty-card': (second) => second,
}

describe.each(types)('of type %s', (type) => {
  it('characters that nobody sees change no form, wherever they stand', async () => {
    const insertions = fc.array(fc.tuple(fc.nat(), ignorable), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(anyIn(type), insertions, async (id, marks) => {
        const characters = [...id]
        for (const [place, code] of marks)
          characters.splice(place % (characters.length + 1), 0, String.fromCodePoint(code))
        expect(await current(type, characters.join(''))).toBe(await current(type, id))
      }),
      { numRuns: 1_000 },
    )
  })

  it('every form under which an identifier may be stored has its current form', async () => {
    await fc.assert(
      fc.asyncProperty(anyIn(type), fc.constantFrom('SE', 'US', 'IT', 'AQ'), async (id, country) => {
        const forms = await formsOf({ type, id }, country)
        expect(forms.stored).toContainEqual(forms.current)
        expect(new Set(forms.stored.map((form) => form.id)).size).toBe(forms.stored.length)
        for (const form of forms.stored) expect(await normaliseIdentity(form, country)).toEqual(forms.current)
      }),
      { numRuns: 1_500 },
    )
  })

  it('so does each single character beside letters', async () => {
    for (let code = 0; code < 0x20000; code++) {
      const id = `A${String.fromCodePoint(code)}\u03a3`
      const second = secondForm(type, id)
      const now = currentAtOnce[type](second)
      const isOne =
        [firstForm(type, id), second].every((form) => secondForm(type, form) === second) &&
        (now === second || currentAtOnce[type](secondForm(type, now)) === now)
      if (!isOne) throw new Error(`U+${code.toString(16)}: ${JSON.stringify([now, second, firstForm(type, id)])}`)
      if (code % 251 === 0) expect(await current(type, id)).toBe(now)
    }
  })
})

it('so does each single character in a domain', async () => {
  const characters = [...difficult, ...[...Array(500).keys()].map((i) => String.fromCodePoint(0x80 + 260 * i))]
  for (const c of characters) {
    const { current: now, stored: all } = await formsOf({ type: 'email', id: `a@b${c}\u03a3.se` }, 'SE')
    for (const form of all) expect((await normaliseIdentity(form, 'SE')).id).toBe(now.id)
  }
})

describe('two identifiers that share a form are one person', () => {
  const part = (...some: string[]) => fc.constantFrom(...some)
  const number = fc
    .tuple(
      part('+46', '+46 (0)', '0046', '0', '', '46', '+1', '1', '001', 'tel:+46', 'tel:0'),
      part('701234567', '70-123 45 67', '2025550123', '(202) 555-0123', '70123'),
      part('', '', ' x1', ';phone-context=+46'),
    )
    .map((parts) => parts.join(''))
  const domain = part(
    ...[
      'b\u00fccher.se',
      'xn--bcher-kva.se',
      'B\u00dcCHER.se.',
      'bucher.se',
      'stra\u00dfe.se',
      'strasse.se',
      'xn--strae-oqa.se',
    ],
    ...[
      '\u03b2\u03cc\u03bb\u03bf\u03c2.se',
      '\u03b2\u03cc\u03bb\u03bf\u03c3.se',
      'xn--nxasmm1c.se',
      '\u0131.se',
      'i.se',
      '\u0130.se',
    ],
  )
  const address = fc.tuple(part('ann', 'Ann', 'mailto:ann', '"ann"', 'a.nn'), domain).map((parts) => parts.join('@'))

  it.each([
    ['phone', number],
    ['email', address],
  ])('of type %s', async (type, spelling) => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(spelling, spelling, fc.constantFrom('SE', 'US', 'AQ'), async (one, other, country) => {
        const [a, b] = await Promise.all([one, other].map((id) => formsOf({ type, id }, country)))
        const isShared = a?.stored.some(({ id }) => b?.stored.some((form) => form.id === id)) ?? false
        if (isShared) shared++
        expect(a?.current.id === b?.current.id).toBe(isShared)
      }),
      { numRuns: 800 },
    )
    expect(shared).toBeGreaterThan(0)
  })
})

it('what is written as nearly everybody writes it has one form, and costs one look', async () => {
  const plain = fc.emailAddress().map((id) => id.toLowerCase())
  await fc.assert(
    fc.asyncProperty(plain, async (id) => {
      const identity = { type: 'email', id }
      expect(await formsOf(identity, 'SE')).toEqual({ current: identity, stored: [identity] })
    }),
  )
})
