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
  | 'rowName'
  | 'leaf'
  | 'digest'
  | 'disclosure'
  | 'note'
  | 'tlogProof'

/** What a schema says, as data. */
export type Shape =
  | { readonly is: ScalarName | 'flag' | 'integer' | 'count' | 'absent' | 'opaque' }
  | { readonly is: 'oneOf' | 'oneOfKnown'; readonly values: readonly string[] }
  | { readonly is: 'list' | 'pair' | 'map' | 'optional'; readonly of: Shape }
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
/** Part of the key of a stored row. It may be any text, because an attacker may have planted a row under any name. */
export const rowName: Schema<string> = { is: 'rowName' }
/** The bytes that are hashed into the log, as text. */
export const leaf: Schema<string> = { is: 'leaf' }
/** SHA-256 in base64url. */
export const digest: Schema<string> = { is: 'digest' }
/** An SD-JWT disclosure (RFC 9901). */
export const disclosure: Schema<string> = { is: 'disclosure' }
/** A signed note (https://c2sp.org/signed-note): a checkpoint with its cosignatures. */
export const note: Schema<string> = { is: 'note' }
/** https://c2sp.org/tlog-proof */
export const tlogProof: Schema<string> = { is: 'tlogProof' }
export const flag: Schema<boolean> = { is: 'flag' }
export const integer: Schema<number> = { is: 'integer' }
/** A positive integer. */
export const count: Schema<number> = { is: 'count' }
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

/** A word that the rules choose, such as a status. Only its type lists the words, because readers accept any. */
export function word<T extends string>(): Schema<T> {
  return { is: 'name' }
}

export function optional<T>(of: Schema<T>): OptionalSchema<T> {
  return { is: 'optional', of }
}

export function list<T>(of: Schema<T>): Schema<readonly T[]> {
  return { is: 'list', of }
}

export function pair<T>(of: Schema<T>): Schema<readonly [T, T]> {
  return { is: 'pair', of }
}

/** An object whose members all have one schema, whatever their names. */
export function mapOf<T>(of: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { is: 'map', of }
}

export function record<const M extends Members>(members: M): RecordSchema<M> {
  return { is: 'record', members }
}

/** The members of a record and others. One of the same name takes the place of the record's. */
export function extended<M extends Members, const N extends Members>(
  { members }: RecordSchema<M>,
  others: N,
): RecordSchema<Flat<Omit<M, keyof N> & N>> {
  return record({ ...members, ...others }) as RecordSchema<Flat<Omit<M, keyof N> & N>>
}

export function either<S extends readonly Schema<unknown>[]>(...of: S): Schema<TypeOf<S[number]>> {
  return { is: 'either', of }
}

/**
 * An object whose members are stated elsewhere and on which no rule depends. In a stored record any object conforms, since a later release
 * may write more; other readers state its schema themselves.
 */
export function opaque<T>(): Schema<T> {
  return { is: 'opaque' }
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
    case 'pair':
      return Array.isArray(value) && value.length === 2 && value.every((each) => fits(shape.of, each))
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
    case 'count':
      return Number.isSafeInteger(value) && (value as number) > 0
    case 'absent':
      return value === undefined
    case 'opaque':
      return isObject(value)
    default:
      return typeof value === 'string'
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
