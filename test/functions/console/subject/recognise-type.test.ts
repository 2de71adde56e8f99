/** Which type of identifier the console takes from what is typed, and when it leaves the choice to the reader. */
import { expect, it } from 'vitest'
import { recogniseType } from '../../../../functions/console/subject/recognise-type.ts'

it.each([
  ['kim@example.org', 'email'],
  [' kim@example.org ', 'email'],
  ['+46 70 123 45 67', 'phone'],
  ['47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', 'device'],
  // Half typed, or a name that several types may have.
  ['kim@', undefined],
  ['+46', undefined],
  ['0701234567', undefined],
  ['kim', undefined],
  ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', undefined],
  ['', undefined],
])('%j: %s', (typed, type) => expect(recogniseType(typed)).toBe(type))
