/**
 * The current form of a phone number, made from its second form (`earlier-forms.ts`): E.164, and `;ext=` with an extension (RFC 3966).
 *
 * `libphonenumber-js` knows the numbering plans. Its metadata is 80 KB, so this module is loaded with the first phone number. The library
 * also guesses; its reading is taken only when the digits are a whole number that somebody can dial:
 *
 *   international    `+`, or the controller's country's prefix, such as 00; country code; number. A trunk prefix between them is left out: `+46 (0)70`
 *   national         as in the controller's country's national format, with the trunk prefix: 070 in Sweden, but 06 in Italy keeps its zero
 *   `tel:` URI       with the country code or `phone-context=+46`; with any other parameter than `ext` it is not read
 *   extension        `;ext=`, `ext`, `extension`, `x`, `#`, `ankn`, `anknytning`, then digits: another person than the number without it
 *
 * Everything else stays in the second form: a number that is not valid, without its area code or trunk prefix, or short; two numbers in one;
 * and `46701234567`, because a number without `+` is a national one.
 *
 * Updating the library may change forms. `phone-number.test.ts` has spellings of each kind: when the form of one changes, rows may have been
 * named by the old form, which then becomes an earlier form.
 */
import { type CountryCode, getCountries, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'
import { secondForm } from './earlier-forms.ts'

/** A number's current form, and the other usual spellings in the second form, under which older rows may be stored. */
export interface NumberForms {
  readonly current: string
  readonly others: readonly string[]
}

/** @param country ISO 3166-1 alpha-2, the controller's */
export function formsOfNumber(second: string, country: string): NumberForms {
  const home = getCountries(metadata).find((each) => each === country)
  const found = read(second, home)
  if (found === undefined) return { current: second, others: [] }
  const { form, number, extension } = found
  const digits = number.number.slice(1)
  const trunk = `+${number.countryCallingCode}0${number.nationalNumber}`
  const others = [nationalDigits(number), digits, `00${digits}`, trunk].map((each) => each + extension)
  return { current: form, others: others.filter((each) => each !== form && read(each, home)?.form === form) }
}

const spelling = /^(?<number>\+?\d+(?:\/\d+)?)(?:(?:;ext=|extension|ext|x|#|anknytning|ankn)(?<extension>\d{1,15}))?$/i
/** The second form has taken the dashes out of `phone-context` and of its value. */
const uri = /^tel:(?<number>\+?\d+)(?<parameters>(?:;(?:ext=\d{1,15}|phonecontext=\+\d+))*)$/i

type PhoneNumber = NonNullable<ReturnType<typeof parsePhoneNumberFromString>>

interface Reading {
  readonly form: string
  readonly number: PhoneNumber
  /** Empty, or `;ext=` and digits. */
  readonly extension: string
}

/** `undefined` for what is not understood. A form that would change again is not taken, so that the form of a form is itself. */
function read(second: string, home: CountryCode | undefined): Reading | undefined {
  const { digits, extension } = partsOf(second) ?? {}
  if (digits === undefined) return undefined
  const number = internationalNumber(digits, home) ?? nationalNumber(digits, home)
  if (number === undefined) return undefined
  const suffix = extension === undefined ? '' : `;ext=${extension}`
  const form = `${number.number}${suffix}`
  return secondForm('phone', form) === form ? { form, number, extension: suffix } : undefined
}

function internationalNumber(digits: string, home: CountryCode | undefined): PhoneNumber | undefined {
  const international = digits.startsWith('+') ? digits : withPlus(digits, home)
  const number = international && validNumber(international)
  if (!number) return undefined
  const rest = international.slice(1 + number.countryCallingCode.length)
  return rest === number.nationalNumber || isWhole(rest, number) ? number : undefined
}

function nationalNumber(digits: string, home: CountryCode | undefined): PhoneNumber | undefined {
  if (digits.startsWith('+') || home === undefined) return undefined
  const number = validNumber(digits, home)
  return number && isWhole(digits, number) ? number : undefined
}

/** Replaces the prefix that is dialled for a call abroad. No country code begins with 0. */
function withPlus(digits: string, home: CountryCode | undefined): string | undefined {
  if (home === undefined) return undefined
  const plans = new Metadata(metadata)
  plans.selectNumberingPlan(home)
  const [prefix] = new RegExp(`^(?:${plans.numberingPlan?.IDDPrefix()})(?=[1-9])`).exec(digits) ?? []
  return prefix && `+${digits.slice(prefix.length)}`
}

function validNumber(digits: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(
    digits,
    { ...(defaultCountry && { defaultCountry }), extract: false },
    metadata,
  )
  return number?.isValid() ? number : undefined
}

/**
 * Whether these digits are the whole national number: as its country writes it, or after one more digit, which the library knows as the
 * country's trunk prefix. Otherwise the library has guessed an area code or a country code.
 */
function isWhole(digits: string, number: PhoneNumber): boolean {
  const { nationalNumber: significant } = number
  return digits === nationalDigits(number) || (digits.length === significant.length + 1 && digits.endsWith(significant))
}

/** Empty for a number of a kind of which the library knows no national format: its trunk prefix is then missing. */
function nationalDigits(number: PhoneNumber): string {
  const written = number.formatNational()
  return written === number.nationalNumber ? '' : written.replace(/\D/g, '')
}

function partsOf(second: string): { readonly digits: string; readonly extension?: string | undefined } | undefined {
  const text = withAsciiDigits(second)
  const plain = spelling.exec(text)?.groups
  if (plain?.number !== undefined) return { digits: plain.number.replace('/', ''), extension: plain.extension }
  const { number, parameters = '' } = uri.exec(text)?.groups ?? {}
  if (number === undefined) return undefined
  const [, context] = /;phonecontext=(\+\d+)/i.exec(parameters) ?? []
  const [, extension] = /;ext=(\d+)/i.exec(parameters) ?? []
  return { digits: context === undefined || number.startsWith('+') ? number : context + number, extension }
}

/** Arabic and Persian digits. NFKC has made full-width ones ordinary. */
function withAsciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
}
