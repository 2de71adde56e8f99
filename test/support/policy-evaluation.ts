/**
 * Evaluates a resource policy as IAM does: an explicit Deny wins, then an Allow; otherwise the caller's own policies decide. Supports
 * the operators that this repository's policies use, and throws for others.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Json } from './synthesised.ts'

export interface Request {
  readonly action: string
  readonly resource: string
  /** Name of a service principal; other principals match `*` only. */
  readonly principal: string
  /** Condition keys of the request; one that is not here is absent. */
  readonly context: Readonly<Record<string, string>>
}

export type Answer = 'Deny' | 'Allow' | 'not denied'

export function evaluate(statements: readonly Json[], request: Request): Answer {
  const effects = new Set(statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect))
  if (effects.has('Deny')) return 'Deny'
  return effects.has('Allow') ? 'Allow' : 'not denied'
}

function applies(statement: Json, { action, resource, principal, context }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition = {} } = statement
  if (NotAction !== undefined) throw new Error('NotAction is not known here')
  const named = Principal === '*' ? ['*'] : Object.values(Principal).flat()
  return (
    named.some((each) => each === '*' || each === principal) &&
    [Action].flat().some((pattern) => like(pattern, action)) &&
    (NotResource === undefined
      ? [Resource].flat().some((pattern) => like(pattern, resource))
      : ![NotResource].flat().some((pattern) => like(pattern, resource))) &&
    // Every operator and every key of it has to hold.
    Object.entries<Json>(Condition).every(([operator, keys]) =>
      Object.entries<Json>(keys).every(([key, values]) => holds(operator, [values].flat().map(String), context[key])),
    )
  )
}

/** A key that is absent makes a condition false; `Null` asks for just that. */
function holds(operator: string, values: readonly string[], given: string | undefined): boolean {
  if (operator === 'Null') return values.includes(String(given === undefined))
  if (given === undefined) return false
  if (operator === 'StringEquals' || operator === 'Bool') return values.includes(given)
  if (operator === 'ArnLike') return values.some((pattern) => like(pattern, given))
  if (operator === 'NumericLessThan') return values.some((value) => Number(given) < Number(value))
  throw new Error(`the operator ${operator} is not known here`)
}

/** `*` is any characters, slashes too; `?` is one. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
