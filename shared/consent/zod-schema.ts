/** Makes zod schemas of the schemas of records. Unknown members are refused. */
import * as z from 'zod'
import type { IsOptional, Members, RecordSchema, ScalarName, Schema, Shape, TypeOf } from './schema.ts'

/** What a reader accepts for each scalar. */
export type Scalars = Readonly<Record<ScalarName, z.ZodType>>

type Same<T> = z.ZodType<T, T>
type Present<T> = Exclude<T, undefined>
export type ZodMembers<M extends Members> = {
  -readonly [K in keyof M as [Present<TypeOf<M[K]>>] extends [never] ? never : K]: IsOptional<M[K]> extends true
    ? z.ZodOptional<Same<Present<TypeOf<M[K]>>>>
    : Same<TypeOf<M[K]>>
}

/** Schemas that replace those of some members, such as a list with a greatest length. */
export type Bounds<M extends Members> = { readonly [K in keyof M]?: z.ZodType<TypeOf<M[K]>> }

/** A strict zod schema with the members of a record. */
export function zodRecord<M extends Members>(
  { members }: RecordSchema<M>,
  scalars: Scalars,
  bounds: Bounds<M> = {},
): z.ZodObject<ZodMembers<M>, z.core.$strict> {
  return z.strictObject(zodMembers(members, scalars, bounds)) as z.ZodObject<ZodMembers<M>, z.core.$strict>
}

export function zodMembers<M extends Members>(members: M, scalars: Scalars, bounds: Bounds<M> = {}): ZodMembers<M> {
  return madeMembers(members, scalars, bounds) as ZodMembers<M>
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
    case 'oneOf':
    case 'oneOfKnown':
      return z.enum(shape.values)
    case 'list':
      return z.array(made(shape.of, scalars))
    case 'map':
      return z.record(scalars.name as z.ZodString, made(shape.of, scalars))
    case 'record':
      return z.strictObject(madeMembers(shape.members, scalars))
    case 'either':
      return z.union(shape.of.map((each) => made(each, scalars)))
    case 'optional':
      return made(shape.of, scalars).optional()
    case 'derived':
      return z.looseObject({})
    case 'absent':
      return z.undefined()
    default:
      return scalars[shape.is]
  }
}
