/**
 * Text of a file that a stranger may have made, for a page. Elements keep markup inert; this shows the characters that could make a text look
 * like another: control characters, and those that reorder what stands around them (Unicode Bidirectional Algorithm,
 * https://www.unicode.org/reports/tr9/). Line ends and tabs stay, and so do letters of every script.
 */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

export function visible(text: string): string {
  return text.replace(steering, (character) =>
    character === '\n' || character === '\t' ? character : `⟨U+${codeOf(character)}⟩`,
  )
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

/** At most `length` characters, and how many are left. */
export function beginning(text: string, length: number): { readonly shown: string; readonly left: number } {
  return { shown: visible(text.slice(0, length)), left: Math.max(0, text.length - length) }
}
