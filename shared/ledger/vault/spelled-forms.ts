/**
 * The forms of an identifier that people write, in contrast to those that machines make. Loaded when the first one is seen, because most
 * events name a device. Version 3 is the current form; `earlier-forms.ts` has those before.
 *
 *   email      the second form, with its domain in ASCII (`email-address.ts`)
 *   phone      E.164 (`phone-number.ts`)
 *   other      the second form
 *
 * Not merged, because they may be two people: plus-addressing, dots in a local part, quoted local parts, and different case in any other
 * type than `email`.
 */
import type { Identity } from '../../consent/event.ts'
import { firstForm, secondForm } from './earlier-forms.ts'
import { formsOfAddress } from './email-address.ts'

export interface Forms {
  /** The form that names new rows. Its id is empty when the identifier had only characters that are removed; callers refuse that. */
  readonly current: Identity
  /** All forms under which rows may be stored, without repetition. When several are, the first of them is the subject. */
  readonly stored: readonly Identity[]
}

/** @param country the controller's, for phone numbers without a country code */
export async function spelledForms({ type, id }: Identity, country: string): Promise<Forms> {
  const second = secondForm(type, id)
  const { current, others } = await formsOfType(type, second, country)
  const ids = new Set([firstForm(type, id), second, current, ...others])
  return { current: { type, id: current }, stored: [...ids].map((each) => ({ type, id: each })) }
}

async function formsOfType(type: string, second: string, country: string) {
  if (type === 'email') return formsOfAddress(second)
  if (type === 'phone') return (await import('./phone-number.ts')).formsOfNumber(second, country)
  return { current: second, others: [] }
}
