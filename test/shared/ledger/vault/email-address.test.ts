/** Spellings of e-mail addresses: those in a row are one person, and the rows are different people. */
import { expect, it } from 'vitest'
import { currentAddress } from '../../../../shared/ledger/vault/email-address.ts'

/** The current form, then other spellings of it. */
const people: readonly [string, ...string[]][] = [
  [
    'ann@example.org',
    'Ann@Example.ORG',
    'ann＠example．org',
    'ann﹫example.org',
    'ann@example.org.',
    'mailto:Ann@example.org',
  ],
  [
    'ann@xn--bcher-kva.example',
    'ann@bücher.example',
    'ann@BÜCHER.example',
    'ann@bu\u0308cher.example',
    'ANN@XN--BCHER-KVA.EXAMPLE',
  ],
  ['ann@bucher.example'],
  ['ann@xn--strae-oqa.de', 'ann@straße.de', 'ann@STRAẞE.de', 'ann@xn--Strae-oqa.de'],
  ['ann@strasse.de', 'ann@STRASSE.DE'],
  // The capital I with a dot is an i with a combining dot, and the one without a dot is another letter.
  ['ann@xn--istanbul-o0e.com', 'ann@İstanbul.com', 'ann@i\u0307stanbul.com'],
  ['ann@xn--stanbul-qfb.com', 'ann@ıstanbul.com'],
  ['ann@istanbul.com', 'ann@ISTANBUL.com'],
  ['ann@xn--i-7iq.ws', 'ann@i❤.ws', 'ann@I❤\ufe0f.ws', 'ann@xn--i-7iq.ws.'],
  ['ann@xn--r8jz45g.jp', 'ann@例え.jp', 'ann@例え。jp', 'ann@例え｡jp', 'ann@例え．ｊｐ'],
  // The two small sigmas are one letter in every address, also when one of them comes in punycode.
  ['ann@xn--nxasmq6b.com', 'ann@βόλος.com', 'ann@βόλοσ.com', 'ann@ΒΌΛΟΣ.com', 'ann@xn--nxasmm1c.com'],
  ['ann@xn--e1afmkfd.xn--p1ai', 'ann@пример.рф', 'Ann@ПРИМЕР.РФ'],
  ['ann@xn--mgbh0fb.xn--kgbechtv', 'ann@مثال.إختبار', '\u202bann@مثال.إختبار\u202c'],
  ['jörg@xn--bcher-kva.example', 'Jörg@bücher.example', 'jo\u0308rg@Bücher.example'],
  // Neither of them is a domain name, so what is written stays.
  ['ann@xn--iñvalid.com'],
  ['ann@xn--zzzzzzz.com', 'ann@XN--zzzzzzz.com'],
  ['ann@[192.0.2.1]'],
  ['ann@127.1'],
  ['ann@127.0.0.1'],
  ['ann@bücher.example/path'],
  ['ann@bücher.example:25'],
  ['ann@b%c3%bccher.example'],
  [`ann@${'ü'.repeat(60)}.example`],
  ['ann', 'Ann'],
  ['ann@'],
  ['@xn--bcher-kva.example'],
  ['@bücher.example'],
  // Header fields and percent-encoding of a URI are not read, and a quoted local part is not opened.
  ['mailto:ann@example.org?subject=hello'],
  ['mailto:ann%2bnews@example.org'],
  ['mailto:'],
  ['"ann"@example.org'],
  ['"a@b"@xn--bcher-kva.example', '"a@b"@bücher.example'],
  // Rules of some providers, which no other program may assume.
  ['ann+news@example.org', 'mailto:ann+news@example.org'],
  ['a.nn@example.org'],
]

it.each(people.flatMap(([form, ...others]) => [form, ...others].map((given) => [given, form])))(
  '%s is %s',
  (given, form) => {
    expect(currentAddress(given)).toBe(form)
  },
)

it('nobody is in the table twice', () => {
  const forms = people.map(([form]) => form)
  expect(new Set(forms).size).toBe(forms.length)
})
