/** Text of a stranger's file: letters of every script stay, and what could make it look like another is named. */
import { expect, it } from 'vitest'
import { beginning, visible } from '../../../../functions/console/verify/visible-text.ts'

it.each([
  ['a text with tabs and lines', 'One\ttwo\nthree', 'One\ttwo\nthree'],
  ['Hebrew and Persian with a joiner', 'שלום می‌خواهم', 'שלום می‌خواهم'],
  ['markup, which the page shows as text', '<b onclick=x>&amp;</b>', '<b onclick=x>&amp;</b>'],
  ['an override', 'file\u202Egpj.exe', 'file⟨U+202E⟩gpj.exe'],
  ['an isolate and a mark', '\u2066a\u2069\u200F', '⟨U+2066⟩a⟨U+2069⟩⟨U+200F⟩'],
  ['control characters', 'a\u0000b\u001B[2Jc\u009B', 'a⟨U+0000⟩b⟨U+001B⟩[2Jc⟨U+009B⟩'],
  ['separators and a byte order mark', 'a\u2028b\u2029c\uFEFF', 'a⟨U+2028⟩b⟨U+2029⟩c⟨U+FEFF⟩'],
])('%s', (_, given, shown) => {
  expect(visible(given)).toBe(shown)
})

it('says how much of a long text is left', () => {
  expect(beginning('abcdef', 4)).toEqual({ shown: 'abcd', left: 2 })
  expect(beginning('abc', 4)).toEqual({ shown: 'abc', left: 0 })
})
