/** Spellings of phone numbers: those of one form are one person. When an update of the library changes a form here, see `phone-number.ts`. */
import { getCountries, getExampleNumber } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, it } from 'vitest'
import { normaliseIdentity } from '../../../../shared/ledger/vault/identity-names.ts'

/** Country of the controller, the current form, and the spellings. */
const spellings: readonly [country: string, form: string, ...string[]][] = [
  ['SE', '+46701234567', '+46 70-123 45 67', '070-123 45 67', '0701234567', '+46 (0)70 123 45 67', '+46 (0)70-1234567'],
  [
    'SE',
    '+46701234567',
    '0046 70 123 45 67',
    '0046 (0)70 123 45 67',
    '＋４６７０１２３４５６７',
    '070/123 45 67',
    '٠٧٠١٢٣٤٥٦٧',
  ],
  [
    'SE',
    '+46701234567',
    'tel:+46-70-123-45-67',
    'TEL:+46701234567',
    'tel:070-1234567;phone-context=+46',
    'tel:0701234567',
  ],
  ['SE', '+46812345678', '08-123 456 78', '+46 8 123 456 78', '(08) 123 456 78'],
  [
    'SE',
    '+46812345678;ext=12',
    '08-123 456 78 ankn. 12',
    '+46 8 123 456 78 ext. 12',
    '0812345678 x12',
    '0812345678#12',
  ],
  [
    'SE',
    '+46812345678;ext=12',
    'tel:+46-8-123-456-78;ext=12',
    'tel:+46812345678;ext=12;phone-context=+46',
    '08-123 456 78 anknytning 12',
  ],
  ['SE', '+46812345678;ext=012', '08-123 456 78 ext 012'],
  ['SE', '+12025550123', '+1 202-555-0123', '+1 (202) 555-0123', '001 202 555 0123', '+1 1 202 555 0123'],
  [
    'DE',
    '+493012345678',
    '030 12345678',
    '030/12345678',
    '+49 (0)30 12345678',
    '0049 30 12345678',
    '0049 (0) 30 / 123 456 78',
  ],
  ['DE', '+491711234567', '0171 1234567', '0171/1234567', '+49 171 1234567'],
  ['DE', '+46701234567', 'tel:0701234567;phone-context=+46', '+46 (0)70 123 45 67', '0046701234567'],
  ['GB', '+442079460018', '020 7946 0018', '(020) 7946 0018', '+44 (0)20 7946 0018', '00 44 20 7946 0018'],
  ['GB', '+447400123456', '07400 123456', '+44 7400 123 456'],
  ['US', '+12025550123', '(202) 555-0123', '1-202-555-0123', '202.555.0123', '+1 202 555 0123', '12025550123'],
  ['US', '+46701234567', '011 46 70 123 45 67', '+46 70 123 45 67'],
  ['US', '+12025550123;ext=99', '(202) 555-0123 x99', '202-555-0123 ext. 99', '202-555-0123 extension 99'],
  // An Italian number keeps its zero, also after the country code. Without it, it is not a number.
  ['IT', '+390612345678', '06 1234 5678', '+39 06 1234 5678', '0039 06 12345678', '+39 (0)6 1234 5678'],
  ['IT', '+39612345678', '+39 6 1234 5678'],
  ['IT', '+393123456789', '312 345 6789', '+39 312 3456789'],
  ['FI', '+358401234567', '040 1234567', '+358 40 1234567', '+358 (0)40 1234567', '00358401234567'],
  ['DK', '+4532123456', '32 12 34 56', '+45 32 12 34 56', '004532123456'],
  ['NO', '+4722123456', '22 12 34 56', '+47 22123456'],
  ['RU', '+79123456789', '8 (912) 345-67-89', '+7 912 345-67-89', '7 912 345 67 89'],
  // Not the whole number, so two people in two towns or countries may write it.
  ['SE', '701234567', '70-123 45 67'],
  ['SE', '46701234567', '46 70 123 45 67'],
  ['SE', '12345678', '123 456 78'],
  ['DE', '30123456', '30 123456'],
  ['DE', '12345678', '12345678'],
  ['US', '5550123', '555-0123'],
  ['RU', '9123456789', '912 345-67-89'],
  // Short codes and numbers that are not valid.
  ['SE', '112', '112'],
  ['SE', '71100', '71 100'],
  ['DE', '110', '110'],
  ['DE', '22422', '22422'],
  ['FI', '16400', '16400'],
  ['GB', '07700900123', '07700 900123'],
  ['FI', '116117', '116 117'],
  ['US', '911', '911'],
  ['SE', '070123', '070-123'],
  ['SE', '+4670123', '+46 70 123'],
  ['SE', '+999701234567', '+999 70 123 45 67'],
  ['US', '0046701234567', '0046 70 123 45 67'],
  // The numbering plan has no such country: only complete international numbers are read.
  ['AQ', '0701234567', '070-123 45 67'],
  ['AQ', '+46701234567', '+46 (0)70 123 45 67', 'tel:0701234567;phone-context=+46'],
  // Two numbers, a private one, parameters with another meaning, letters.
  ['SE', '0701234567/08123456/7', '070-123 45 67/08-123 456/7'],
  ['SE', 'tel:7042;phonecontext=examplecom', 'tel:7042;phone-context=example.com'],
  ['SE', 'tel:+46701234567;isub=1', 'tel:+46701234567;isub=1'],
  ['US', '1800FLOWERS', '1-800-FLOWERS'],
  ['SE', 'Ann0701234567', 'Ann 070-123 45 67'],
]

it.each(spellings.flatMap(([country, form, ...all]) => [form, ...all].map((given) => [country, given, form])))(
  'in %s %s is %s',
  async (country, given, form) => {
    expect(await normaliseIdentity({ type: 'phone', id: given }, country)).toEqual({ type: 'phone', id: form })
  },
)

it('in every country a mobile number is one person with and without the country code', async () => {
  const undecided: string[] = []
  for (const country of getCountries(metadata)) {
    const example = getExampleNumber(country, examples, metadata)
    if (example === undefined) continue
    const formOf = async (id: string) => (await normaliseIdentity({ type: 'phone', id }, country)).id
    expect(await formOf(example.formatInternational())).toBe(example.number)
    expect(await formOf(example.getURI())).toBe(example.number)
    const national = await formOf(example.formatNational())
    if (national !== example.number) undecided.push(country)
  }
  // The library knows no national format of these, so a number that is written like a local one stays.
  expect(undecided).toEqual(['AC', 'BO', 'FK', 'GI', 'KI', 'SH', 'TA', 'TK'])
})
