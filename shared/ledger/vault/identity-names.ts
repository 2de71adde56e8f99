/**
 * The forms of an identifier. The vault names a subject's row after one form of the identifier (`vault.ts`), so two spellings lead to one
 * person exactly when they have the same current form.
 *
 *   device, account, reader, actor#      exact, because a machine made the name (a hash, the `sub` of a token)
 *   email, phone, and any other          spellings that mean the same are one person (`spelled-forms.ts`)
 *
 * Rows that were named by an earlier form are looked for under that of the spelling, and under the usual spellings of the current form:
 * a person who was stored as `0701234567` is found as `+46701234567`. A row named by an unusual spelling is found only by that spelling.
 *
 * Invariant, tested in `identity-names.test.ts`: every form under which an identifier may be stored has the identifier's current form. So
 * each row of the vault belongs to the spellings of one current form, whichever version named it, and a look-up under all forms never finds
 * two people. When the rules change, the current form becomes an earlier one; no row and no MAC changes.
 */
import type { Identity } from '../../consent/event.ts'
import type { Forms } from './spelled-forms.ts'

/** Identity type of administrators. No client can send it, because types of identifiers have no `#`. */
export const actorType = 'actor#'

const exactTypes: ReadonlySet<string> = new Set(['device', 'account', 'reader', actorType])

/** @param country the controller's, ISO 3166-1 alpha-2: that of phone numbers without a country code */
export async function formsOf(identity: Identity, country: string): Promise<Forms> {
  if (exactTypes.has(identity.type)) return { current: identity, stored: [identity] }
  return (await import('./spelled-forms.ts')).spelledForms(identity, country)
}

/** The current form. */
export async function normaliseIdentity(identity: Identity, country: string): Promise<Identity> {
  return (await formsOf(identity, country)).current
}
