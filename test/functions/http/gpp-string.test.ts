/** GPP strings: the form of those that IAB's encoder makes, and that no other text does any harm. */
import { GppModel } from '@iabgpp/cmpapi'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGppString } from '../../../functions/http/gpp-string.ts'
import { groups } from '../../../shared/verify/forms-event.ts'
import { segmentOf } from '../../support/tc-strings.ts'

const sections = { 6: 'uspv1', 7: 'usnat', 8: 'usca', 9: 'usva', 10: 'usco', 12: 'usct', 13: 'usfl', 14: 'usmt' }

/** A string with these sections, each as the encoder makes it of nothing. */
function gppString(ids: readonly number[]): string {
  const model = new GppModel()
  for (const id of ids) {
    const name = sections[id as keyof typeof sections]
    model.setFieldValue(name, name === 'uspv1' ? 'Notice' : 'MspaCoveredTransaction', name === 'uspv1' ? 'Y' : 1)
  }
  return model.encode()
}

describe('a string', () => {
  const ids = fc.uniqueArray(fc.constantFrom(...Object.keys(sections).map(Number)), { minLength: 1 })

  it('is plausible when IAB’s encoder made it, with its sections by number', () => {
    fc.assert(
      fc.property(ids, (chosen) => {
        const expected = chosen.toSorted((a, b) => a - b)
        expect(readGppString(gppString(chosen))).toEqual({ verdict: 'plausible', sections: expected })
      }),
      { numRuns: 60 },
    )
  })

  it('is malformed with a section too few or too many, or with none that anybody could read', () => {
    const whole = gppString([6, 7, 8])
    for (const text of [
      whole.slice(0, whole.lastIndexOf('~')),
      `${whole}~BAAA`,
      whole.replace(/~.*/, ''),
      `${whole}~`,
    ]) {
      expect(readGppString(text)).toEqual({ verdict: 'malformed' })
    }
    for (const text of ['', '~', 'consent', 'DBgpp', 'D', whole.replace('DB', 'DC'), `${whole} `]) {
      expect(readGppString(text).verdict).toBe('malformed')
    }
  })

  it('has a bounded number of sections, whatever its ranges say', () => {
    // One range: from 1 over the Fibonacci code of 987.
    const header = segmentOf([3, 6], [1, 6], [1, 12], [1, 1], [0b11, 2], [1, 15], [1, 1])
    expect(readGppString(`${header}~A`)).toEqual({ verdict: 'malformed' })
  })

  it('may be any text', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 8192 }),
      fc.string({ maxLength: 400, unit: fc.constantFrom(...'DBCA_-z~.') }),
    )
    fc.assert(
      fc.property(text, (rest) => {
        for (const given of [rest, `DBA${rest}`]) {
          const { verdict, sections: found = [] } = readGppString(given)
          expect(['plausible', 'malformed']).toContain(verdict)
          expect(found.length).toBeLessThanOrEqual(64)
          const gpp = { verdict, ...(found.length > 0 && { sections: found }) }
          expect(groups.how.safeParse({ site: 'web', gpp }).success).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
