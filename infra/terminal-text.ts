/**
 * Makes text from files and tables safe to print. A stranger may have written it, so it must not control the terminal (C0 and C1),
 * reorder the text beside it (bidirectional formatting), or begin a line that looks like the program's own.
 */

/** Control, format, line separator and paragraph separator characters. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** One line of text, each steering character shown as `?`. */
export function harmless(given: string): string {
  return given.replace(steering, '?')
}

/** Indented JSON with the same value, each steering character inside a string written as an escape (RFC 8259, section 7). */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(steering, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
          .join(''),
  )
}
