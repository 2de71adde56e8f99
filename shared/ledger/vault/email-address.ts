/**
 * The current form of an e-mail address, made from its second form (`earlier-forms.ts`):
 *
 *   domain        in ASCII, by the mapping of browsers (UTS 46, not transitional: https://url.spec.whatwg.org/#idna), so that IDN and punycode
 *                 are one person. `ß` and `ss` are two domains; the two small sigmas are one, as in the second form. The ideographic full stop
 *                 is a dot, and dots at the end are removed
 *   `mailto:`     removed (RFC 6068), when neither header fields nor percent-encoding follow
 *
 * What is not a domain name (an address literal, invalid punycode, a label longer than the DNS allows) stays in the second form.
 */
import { domainToASCII, domainToUnicode } from 'node:url'
import { secondForm } from './earlier-forms.ts'

/** An address's current form, and the spelling with a domain that is not in ASCII, under which older rows may be stored. */
export interface AddressForms {
  readonly current: string
  readonly others: readonly string[]
}

export function formsOfAddress(second: string): AddressForms {
  const current = formOf(second)
  const { local, domain } = partsOf(current)
  if (!domain.includes('xn--')) return { current, others: [] }
  const shown = secondForm('email', `${local}@${domainToUnicode(domain)}`)
  return { current, others: formOf(shown) === current ? [shown] : [] }
}

/** The current form of an address in any spelling. */
export function currentAddress(given: string): string {
  return formOf(secondForm('email', given))
}

/** A form that would change again is not taken, so that the form of a form is itself. */
function formOf(second: string): string {
  const form = mapped(second)
  if (form === undefined || form === second) return second
  return secondForm('email', form) === form && mapped(form) === form ? form : second
}

function mapped(second: string): string | undefined {
  const { local, domain } = partsOf(second.replace(/^mailto:(?=[^"?%]+@[^?%]+$)/, ''))
  const ascii = asciiDomain(domain)
  return ascii && local && `${local}@${ascii}`
}

function partsOf(address: string): { readonly local: string; readonly domain: string } {
  const at = address.lastIndexOf('@')
  return { local: address.slice(0, Math.max(at, 0)), domain: address.slice(at + 1) }
}

/** Any other ASCII character would make `domainToASCII` read an address literal, a port or a path. */
const domainCharacters = /^(?:[a-z0-9._-]|[^\p{ASCII}])+$/u

function asciiDomain(given: string): string | undefined {
  const domain = given.replace(/[\u3002\uFF61]/g, '.').replace(/\.+$/, '')
  if (!domainCharacters.test(domain)) return undefined
  if (!/[^\p{ASCII}]|(?:^|\.)xn--/u.test(domain)) return domain
  // Punycode is read first, because the second form has one small sigma, and punycode may contain the other.
  const ascii = domainToASCII(secondForm('email', domainToUnicode(domain)))
  return domainCharacters.test(ascii) && ascii.length <= 253 && !/[^.]{64}/.test(ascii) ? ascii : undefined
}
