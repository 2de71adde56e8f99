/** Which faults are shown while a form is filled in: those of what the reader touched, not those of fields that they have not come to. */
import { describe, expect, it } from 'vitest'
import { isTouched, touchOf } from '../../../../functions/console/schema-form/form-state.ts'

describe('a fault is shown', () => {
  it.each([
    ['at the field that was filled in', touchOf(['version'], '9'), '/version', true],
    ['in a language of a text that was filled in', touchOf(['title'], { en: '' }), '/title/sv-SE', true],
    ['at a line of a list of words', touchOf(['scope'], ['web', '?']), '/scope/1', true],
    ['at a list that got a record too many', touchOf(['purposes'], [{ purposeId: '' }]), '/purposes', true],
    [
      'not in the empty fields of a record that was just added',
      touchOf(['purposes'], [{}]),
      '/purposes/0/title',
      false,
    ],
    ['not at a field whose name begins alike', touchOf(['title'], 'a'), '/titles', false],
  ])('%s', (_, touch, pointer, isShown) => {
    expect(isTouched([touch], pointer)).toBe(isShown)
  })
})
