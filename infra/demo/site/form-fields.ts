/** Fields of forms, each with its label, its hint and its error, which is the field's description. */

import { type Html, html, type Piece } from '../../../functions/public/html.ts'
import { currentAddress } from '../../../shared/ledger/vault/email-address.ts'
import type { Words } from './language.ts'

/** What is wrong, by the name of the field. */
export type Errors = Readonly<Record<string, string>>

export interface Field {
  readonly name: string
  readonly label: Piece
  readonly hint?: Piece
  readonly errors: Errors
}

export function textField(
  field: Field & { readonly type: 'text' | 'email'; readonly value: string; readonly autocomplete: string },
): Html {
  const { name, label, type, value, autocomplete } = field
  return html`<div class="field"><label for="${name}">${label}</label>${aside(field)}
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" required maxlength="200" ${describedBy(field)}></div>`
}

/** A box is never ticked before the person ticks it; after an error it is as they left it. */
export function box(field: Field & { readonly isTicked: boolean; readonly isRequired?: boolean }): Html {
  const { name, label, isTicked, isRequired } = field
  return html`<div class="field box"><input id="${name}" name="${name}" type="checkbox" value="yes" ${isTicked && html`checked`}
 ${isRequired && html`required`} ${describedBy(field)}><div><label for="${name}">${label}</label>${aside(field)}</div></div>`
}

/** Stands above the form, so that it is read first; each error leads to its field. */
export function errorSummary(errors: Errors, { say }: Words): Html | undefined {
  const found = Object.entries(errors)
  if (found.length === 0) return undefined
  return html`<div class="note error" role="alert"><p><strong>${say('Något saknas', 'Something is missing')}</strong></p>
<ul>${found.map(([name, error]) => html`<li><a href="#${name}">${error}</a></li>`)}</ul></div>`
}

function aside({ name, hint, errors }: Field): Html {
  const error = errors[name]
  return html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}`
}

function describedBy({ name, hint, errors }: Field): Html | undefined {
  const isWrong = errors[name] !== undefined
  const by = [hint !== undefined && `${name}-hint`, isWrong && `${name}-error`].filter(Boolean).join(' ')
  return by === '' ? undefined : html`aria-describedby="${by}" ${isWrong && html`aria-invalid="true"`}`
}

/** The address in the form that the ledger keeps, so that one person is on the list once; `undefined` when it is not an address. */
export function addressIn(form: URLSearchParams): string | undefined {
  const given = (form.get('email') ?? '').trim()
  // The visitor can correct a space in the middle. Only characters that cannot be seen are removed silently.
  if (/\s/.test(given)) return undefined
  const address = currentAddress(given)
  return address.length <= 200 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? address : undefined
}
