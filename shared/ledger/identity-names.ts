/**
 * The forms of an identifier. The vault names a subject's row after one form of the identifier (`vault.ts`), so two spellings lead to one
 * person exactly when they have a form in common. Version 2 is the current form. Version 1 named the rows made before 30 November 2026.
 *
 *   all types     NFKC (Unicode Annex 15), which makes full-width forms ordinary ones. Characters without a glyph are removed: those with
 *                 the property Default_Ignorable_Code_Point (zero width, soft hyphen, bidirectional controls, variation selectors), control
 *                 characters, and U+FFF9 to U+FFFB. Every dash becomes `-`, every space U+0020, and spaces at the ends are removed
 *   email         lower case; no spaces, unless the local part is quoted (RFC 5321 allows them only there)
 *   phone         without spaces, dashes, dots and parentheses
 *   device, account, reader, actor#      exact, because a machine made the name (a hash, the `sub` of a token)
 *
 * Not merged, because they may be two people: plus-addressing, dots in a local part, and different case in any other type.
 *
 * Invariant, tested in `identity-names.test.ts`: the current form of an earlier form, and of the current form, is the current form. So each
 * row of the vault belongs to the spellings of one current form, whichever version named it, and a look-up under all forms never finds two
 * people. When the rules change, `currentForm` is replaced and becomes an earlier form; no row and no MAC changes.
 */
import type { Identity } from '../consent/event.ts'

/** Identity type of administrators. No client can send it, because types of identifiers have no `#`. */
export const actorType = 'actor#'

const exactTypes: ReadonlySet<string> = new Set(['device', 'account', 'reader', actorType])

/** The forms of an identifier, without repetition: the current one, then the earlier one if it differs, under which older rows were made. */
export function formsOf(identity: Identity): readonly [Identity, ...Identity[]] {
  const { type, id } = identity
  if (exactTypes.has(type)) return [identity]
  const [current, earlier] = [currentForm(type, id), firstForm(type, id)]
  return earlier === current
    ? [{ type, id: current }]
    : [
        { type, id: current },
        { type, id: earlier },
      ]
}

/** The current form. Its id is empty when the identifier had only characters that are removed; callers refuse that. */
export function normaliseIdentity(identity: Identity): Identity {
  return formsOf(identity)[0]
}

const withoutGlyph = /[\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}]|(?!\p{White_Space})\p{Cc}/gu
/** The property Dash covers the category Pd and U+2212; the other three characters only look like dashes. */
const dashes = /[\p{Dash}\u02D7\u2043\u2796]/gu
/** The braille blank (U+2800) does not have the property White_Space, but is drawn as a space. */
const spaces = /[\p{White_Space}\u2800]/gu

/** Version 2. Removing a character can make its neighbours compose, so the steps are repeated until nothing changes. */
function currentForm(type: string, id: string): string {
  const once = ofType(type, id.normalize('NFKC').replace(withoutGlyph, '').replace(dashes, '-').replace(spaces, ' '))
  return once === id ? id : currentForm(type, once)
}

function ofType(type: string, text: string): string {
  const id = text.trim()
  if (type === 'phone') return id.replace(/[ ().-]/g, '')
  if (type !== 'email') return id
  // Lower-casing turns a capital sigma into one of two small letters, depending on its neighbours. Case folding has one small sigma.
  const lower = id.toLowerCase().replaceAll('ς', 'σ')
  return lower.startsWith('"') ? lower : lower.replaceAll(' ', '')
}

/** Version 1. It must never change, because stored rows have names made by it. */
function firstForm(type: string, given: string): string {
  const id = given.normalize('NFKC').trim()
  if (type === 'email') return id.toLowerCase()
  return type === 'phone' ? id.replace(/[\s().-]/g, '') : id
}
