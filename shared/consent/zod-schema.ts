/** Makes zod schemas of the schemas of records. Unknown members are refused. */
import * as z from 'zod'
import type { IsOptional, Members, RecordSchema, ScalarName, Schema, Shape, TypeOf } from './schema.ts'

/** What a reader accepts for each scalar. */
export type Scalars = Readonly<Record<ScalarName, z.ZodType>>

type Same<T> = z.ZodType<T, T>
type Present<T> = Exclude<T, undefined>
/** Schemas that replace those of some members, such as a list with a greatest length. */
export type Bounds<M extends Members> = { readonly [K in keyof M]?: z.ZodType<TypeOf<M[K]>> }
export type ZodMembers<M extends Members, B extends Bounds<M>> = {
  -readonly [K in keyof M as [Present<TypeOf<M[K]>>] extends [never] ? never : K]: B[K] extends z.ZodType
    ? B[K]
    : IsOptional<M[K]> extends true
      ? z.ZodOptional<Same<Present<TypeOf<M[K]>>>>
      : Same<TypeOf<M[K]>>
}

/** A strict zod schema with the members of a record. */
export function zodRecord<M extends Members, B extends Bounds<M> = Record<never, never>>(
  { members }: RecordSchema<M>,
  scalars: Scalars,
  bounds?: B,
): z.ZodObject<ZodMembers<M, B>, z.core.$strict> {
  return z.strictObject(zodMembers(members, scalars, bounds)) as z.ZodObject<ZodMembers<M, B>, z.core.$strict>
}

export function zodMembers<M extends Members, B extends Bounds<M> = Record<never, never>>(
  members: M,
  scalars: Scalars,
  bounds?: B,
): ZodMembers<M, B> {
  return madeMembers(members, scalars, bounds) as ZodMembers<M, B>
}

export function zodOf<T>(schema: Schema<T>, scalars: Scalars): Same<T> {
  // A `Shape` carries `T` in its type only, so the compiler cannot see that the zod schema made from it parses a `T`.
  return made(schema, scalars) as unknown as Same<T>
}

function madeMembers(
  members: Readonly<Record<string, Shape>>,
  scalars: Scalars,
  bounds: Readonly<Record<string, z.ZodType | undefined>> = {},
): Record<string, z.ZodType> {
  const present = Object.entries(members).filter(([, { is }]) => is !== 'absent')
  return Object.fromEntries(present.map(([name, shape]) => [name, bounds[name] ?? made(shape, scalars)]))
}

function made(shape: Shape, scalars: Scalars): z.ZodType {
  switch (shape.is) {
    case 'flag':
      return z.boolean()
    case 'integer':
      return z.int()
    case 'count':
      return z.int().positive()
    case 'oneOf':
    case 'oneOfKnown':
      return shape.values.length === 1 ? z.literal(shape.values) : z.enum(shape.values)
    case 'list':
      return z.array(made(shape.of, scalars))
    case 'pair':
      return z.array(made(shape.of, scalars)).length(2)
    case 'map':
      return z.record(scalars.name as z.ZodString, made(shape.of, scalars))
    case 'record':
      return z.strictObject(madeMembers(shape.members, scalars))
    case 'either':
      return z.union(shape.of.map((each) => made(each, scalars)))
    case 'optional':
      return made(shape.of, scalars).optional()
    case 'opaque':
      return z.looseObject({})
    case 'absent':
      return z.undefined()
    default:
      return scalars[shape.is]
  }
}
