/**
 * Whether a stored value has the members of its schema and no others. `conforms` accepts members that it does not know, because no rule
 * depends on them. For holds, for grants, and for what ends them, each member matters: one that a later release adds may widen a hold, or
 * narrow a release or a grant. A value with such a member counts as unreadable.
 */
import { conforms, type Schema, type Shape } from './schema.ts'

export function conformsExactly<T>(schema: Schema<T>, value: unknown): value is T {
  return conforms(schema, value) && !hasOthers(schema, value)
}

/** @param value conforms to the shape */
function hasOthers(shape: Shape, value: unknown): boolean {
  switch (shape.is) {
    case 'record':
      return Object.entries(value as object).some(([name, member]) => {
        const known = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
        return known === undefined || hasOthers(known, member)
      })
    case 'optional':
      return value !== undefined && hasOthers(shape.of, value)
    case 'list':
    case 'pair':
      return (value as readonly unknown[]).some((each) => hasOthers(shape.of, each))
    case 'map':
      return Object.values(value as object).some((each) => hasOthers(shape.of, each))
    case 'either':
      return shape.of.every((each) => !conforms(each, value) || hasOthers(each, value))
    default:
      return false
  }
}
