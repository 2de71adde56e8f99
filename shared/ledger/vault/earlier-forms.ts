/**
 * The forms by which rows of the vault were named before the current form (`spelled-forms.ts`). They must never change, because stored rows
 * have names made by them.
 */

const withoutGlyph = /[\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}]|(?!\p{White_Space})\p{Cc}/gu
/** The property Dash covers the category Pd and U+2212; the other three characters only look like dashes. */
const dashes = /[\p{Dash}\u02D7\u2043\u2796]/gu
/** The braille blank (U+2800) does not have the property White_Space, but is drawn as a space. */
const spaces = /[\p{White_Space}\u2800]/gu

/**
 * Version 2.
 *
 *   all types     NFKC (Unicode Annex 15), which makes full-width forms ordinary ones. Characters without a glyph are removed: those with
 *                 the property Default_Ignorable_Code_Point (zero width, soft hyphen, bidirectional controls, variation selectors), control
 *                 characters, and U+FFF9 to U+FFFB. Every dash becomes `-`, every space U+0020, and spaces at the ends are removed
 *   email         lower case; no spaces, unless the local part is quoted (RFC 5321 allows them only there)
 *   phone         without spaces, dashes, dots and parentheses
 *
 * Removing a character can make its neighbours compose, so the steps are repeated until nothing changes.
 */
export function secondForm(type: string, id: string): string {
  const once = ofType(type, id.normalize('NFKC').replace(withoutGlyph, '').replace(dashes, '-').replace(spaces, ' '))
  return once === id ? id : secondForm(type, once)
}

function ofType(type: string, text: string): string {
  const id = text.trim()
  if (type === 'phone') return id.replace(/[ ().-]/g, '')
  if (type !== 'email') return id
  // Lower-casing turns a capital sigma into one of two small letters, depending on its neighbours. Case folding has one small sigma.
  const lower = id.toLowerCase().replaceAll('ς', 'σ')
  return lower.startsWith('"') ? lower : lower.replaceAll(' ', '')
}

/** Version 1. */
export function firstForm(type: string, given: string): string {
  const id = given.normalize('NFKC').trim()
  if (type === 'email') return id.toLowerCase()
  return type === 'phone' ? id.replace(/[\s().-]/g, '') : id
}
