import { describe, expect, it } from 'vitest'
import { isCountry, isJurisdiction, isPlace } from '../../../shared/consent/countries.ts'

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const pairs = letters.flatMap((a) => letters.map((b) => a + b))
/** What CLDR names although ISO 3166-1 does not assign it: former, reserved and private codes. */
const unassigned = 'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB XK YD YU ZR ZZ'.split(
  ' ',
)

describe('countries', () => {
  it('are the 249 assigned codes, which are those that CLDR names without the others', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
    const countries = pairs.filter(isCountry)
    expect(countries).toHaveLength(249)
    expect(countries).toEqual(pairs.filter((code) => names.of(code) !== undefined && !unassigned.includes(code)))
  })

  it.each(['', 'S', 'se', 'SWE', 'EU', 'UK', 'WW', 'ZZ', 'XK', 'DA', '\u{1f1f8}\u{1f1ea}'])('%j is none', (text) => {
    expect(isCountry(text)).toBe(false)
  })
})

it.each([
  ['SE', true, true],
  ['EEA', true, true],
  ['worldwide', true, false],
  ['US-CA', false, true],
  ['EU', false, false],
  ['WW', false, false],
  ['ZZ-1', false, false],
  ['Worldwide', false, false],
])('%j: a place %s, a jurisdiction %s', (text, place, jurisdiction) => {
  expect([isPlace(text), isJurisdiction(text)]).toEqual([place, jurisdiction])
})
