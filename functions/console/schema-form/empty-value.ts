/** A value of a schema that nobody has filled in yet. Choices and texts are empty, which no schema of requests accepts. */
import type { Shape } from '../../../shared/consent/schema.ts'

export function emptyValueOf(shape: Shape): unknown {
  switch (shape.is) {
    case 'record':
      return Object.fromEntries(
        Object.entries(shape.members)
          .filter(([, { is }]) => is !== 'optional')
          .map(([name, member]) => [name, emptyValueOf(member)]),
      )
    case 'list':
      return []
    case 'localised':
    case 'map':
      return {}
    case 'flag':
      return false
    case 'integer':
    case 'count':
      return 1
    case 'optional':
      return undefined
    default:
      return ''
  }
}
