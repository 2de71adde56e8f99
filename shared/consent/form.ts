/**
 * Forms of JSON values, as predicates. What is read from a store is checked against its form before it is used, so that a row of another
 * form counts as unreadable instead of throwing in the middle of an answer.
 *
 * A form names the members that the fold and the answers rely on. Other members are allowed, because a later release may have written
 * them. A check visits named members only, so its work is bounded by the length of the value.
 */
import { instantOf } from './duration.ts'

export type Form = (value: unknown) => boolean

export const text: Form = (value) => typeof value === 'string'
export const truth: Form = (value) => typeof value === 'boolean'
export const whole: Form = (value) => Number.isSafeInteger(value)
/** RFC 3339 in UTC with milliseconds: the only spelling that compares correctly as text. */
export const instant: Form = (value) => typeof value === 'string' && instantOf(value) === value

export const oneOf =
  (values: readonly string[]): Form =>
  (value) =>
    values.some((each) => each === value)

export const optional =
  (form: Form): Form =>
  (value) =>
    value === undefined || form(value)

export const list =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(form)

/** An object whose members all have one form, whatever their names. */
export const members =
  (form: Form): Form =>
  (value) =>
    isObject(value) && Object.values(value).every(form)

export const object =
  (forms: Readonly<Record<string, Form>>): Form =>
  (value) =>
    isObject(value) && Object.entries(forms).every(([name, form]) => form(value[name]))

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
