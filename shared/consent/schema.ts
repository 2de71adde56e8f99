/**
 * Schemas of records. Each record's shape is written once, as a schema, from which follow
 *
 *   its TypeScript type                                  `TypeOf`
 *   the check of what a store returns                    `conforms`
 *   the zod schemas of requests, answers and proofs      `zod-schema.ts`
 *
 * They are not zod schemas themselves, because the background jobs, which read stored records too, and the pages in the browser are
 * bundled without zod.
 *
 * `conforms` accepts members that a schema does not name, because a later release may have written them. It visits named members only, so
 * that its work is bounded by the length of the value. A row that does not conform counts as unreadable instead of failing an answer halfway.
 */
import { instantOf } from './duration.ts'

/** A text or map of texts whose bounds depend on the reader; each reader has a zod schema for each of these names. */
export type ScalarName =
  | 'id'
  | 'eventId'
  | 'versionName'
  | 'name'
  | 'wording'
  | 'localised'
  | 'locale'
  | 'sha256Hex'
  | 'instant'
  | 'duration'
  | 'country'
  | 'place'
  | 'jurisdiction'

/** What a schema says, as data. */
export type Shape =
  | { readonly is: ScalarName | 'flag' | 'integer' | 'absent' | 'derived' }
  | { readonly is: 'oneOf' | 'oneOfKnown'; readonly values: readonly string[] }
  | { readonly is: 'list' | 'map' | 'optional'; readonly of: Shape }
  | { readonly is: 'record'; readonly members: Readonly<Record<string, Shape>> }
  | { readonly is: 'either'; readonly of: readonly Shape[] }

export type Schema<T> = Shape & Typed<T>
export type OptionalSchema<T> = Shape & Typed<T | undefined> & { readonly [optionalType]?: T }
export interface RecordSchema<M extends Members> extends Typed<RecordOf<M>> {
  readonly is: 'record'
  readonly members: M
}

declare const type: unique symbol
declare const optionalType: unique symbol
/** Carries a type and no value. */
interface Typed<T> {
  readonly [type]?: () => T
}

export type Members = Readonly<Record<string, Schema<unknown>>>
export type TypeOf<S extends Schema<unknown>> = S extends Typed<infer T> ? T : never
export type IsOptional<S> = typeof optionalType extends keyof S ? true : false
export type RecordOf<M extends Members> = Flat<
  { readonly [K in keyof M as IsOptional<M[K]> extends true ? never : K]: TypeOf<M[K]> } & {
    readonly [K in keyof M as IsOptional<M[K]> extends true ? K : never]?: TypeOf<M[K]>
  }
>
type Flat<T> = { [K in keyof T]: T[K] }

/** `[a-z0-9-]{1,40}`. */
export const id: Schema<string> = { is: 'id' }
/** UUID that the client made. */
export const eventId: Schema<string> = { is: 'eventId' }
export const versionName: Schema<string> = { is: 'versionName' }
/** A short text from a list that may differ between releases, such as a channel. */
export const name: Schema<string> = { is: 'name' }
/** Text for people. */
export const wording: Schema<string> = { is: 'wording' }
/** A text per BCP 47 locale. */
export const localised: Schema<Readonly<Record<string, string>>> = { is: 'localised' }
export const locale: Schema<string> = { is: 'locale' }
/** Lower-case hex. */
export const sha256Hex: Schema<string> = { is: 'sha256Hex' }
/** RFC 3339 in UTC with milliseconds: the only spelling that compares correctly as text. */
export const instant: Schema<string> = { is: 'instant' }
/** ISO 8601. */
export const duration: Schema<string> = { is: 'duration' }
/** ISO 3166-1 alpha-2. */
export const country: Schema<string> = { is: 'country' }
/** A country or a region (`countries.ts`). */
export const place: Schema<string> = { is: 'place' }
/** A country, a subdivision of one (ISO 3166-2), or `EEA`. */
export const jurisdiction: Schema<string> = { is: 'jurisdiction' }
export const flag: Schema<boolean> = { is: 'flag' }
export const integer: Schema<number> = { is: 'integer' }
/** A member that must not be there. */
export const absent = { is: 'absent' } as OptionalSchema<never>

/** One of these values, in stored records too: the rules depend on each. */
export function oneOf<const T extends string>(values: readonly T[]): Schema<T> {
  return { is: 'oneOf', values }
}

/** One of these values. In a stored record any text conforms, because a later release may know more and no rule depends on it. */
export function oneOfKnown<const T extends string>(values: readonly T[]): Schema<T> {
  return { is: 'oneOfKnown', values }
}

export function optional<T>(of: Schema<T>): OptionalSchema<T> {
  return { is: 'optional', of }
}

export function list<T>(of: Schema<T>): Schema<readonly T[]> {
  return { is: 'list', of }
}

/** An object whose members all have one schema, whatever their names. */
export function mapOf<T>(of: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { is: 'map', of }
}

export function record<const M extends Members>(members: M): RecordSchema<M> {
  return { is: 'record', members }
}

export function either<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return { is: 'either', of: [a, b] }
}

/**
 * An object that the ledger derived and no rule depends on. In a stored record any object conforms, since a later release may derive more;
 * other readers state its schema themselves.
 */
export function derived<T>(): Schema<T> {
  return { is: 'derived' }
}

/** Whether a stored value has the shape of a record. */
export function conforms<T>(shape: Schema<T>, value: unknown): value is T {
  return fits(shape, value)
}

function fits(shape: Shape, value: unknown): boolean {
  switch (shape.is) {
    case 'record': {
      if (!isObject(value)) return false
      for (const name in shape.members) if (!fits(shape.members[name] as Shape, value[name])) return false
      return true
    }
    case 'optional':
      return value === undefined || fits(shape.of, value)
    case 'list':
      return Array.isArray(value) && value.every((each) => fits(shape.of, each))
    case 'map':
      return isObject(value) && Object.values(value).every((each) => fits(shape.of, each))
    case 'either':
      return shape.of.some((each) => fits(each, value))
    case 'oneOf':
      return shape.values.includes(value as string)
    case 'localised':
      return fits({ is: 'map', of: name }, value)
    case 'instant':
      return typeof value === 'string' && instantOf(value) === value
    case 'flag':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'absent':
      return value === undefined
    case 'derived':
      return isObject(value)
    default:
      return typeof value === 'string'
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
