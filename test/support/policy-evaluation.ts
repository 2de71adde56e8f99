/**
 * Evaluates policies as IAM does: an explicit Deny wins, then an Allow; otherwise other policies decide, and without any the request is
 * refused. Supports the operators that this repository's policies use, and throws for others.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Json } from './synthesised.ts'

export interface Request {
  readonly action: string
  readonly resource: string
  /** Name of a service principal; other principals match `*` only. */
  readonly principal: string
  /** Condition keys of the request, some with several values; one that is not here is absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

export type Answer = 'Deny' | 'Allow' | 'not denied'

export function evaluate(statements: readonly Json[], request: Request): Answer {
  const effects = new Set(statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect))
  if (effects.has('Deny')) return 'Deny'
  return effects.has('Allow') ? 'Allow' : 'not denied'
}

function applies(statement: Json, { action, resource, principal, context }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition = {} } = statement
  if (NotAction !== undefined || NotPrincipal !== undefined)
    throw new Error(`${NotAction === undefined ? 'NotPrincipal' : 'NotAction'} is not known here`)
  // Names of actions and of condition keys are the same in capitals and in small letters; resources and values are not.
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  return (
    isFor(Principal, principal) &&
    [Action].flat().some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    (NotResource === undefined
      ? [Resource].flat().some((pattern) => like(pattern, resource))
      : ![NotResource].flat().some((pattern) => like(pattern, resource))) &&
    // Every operator and every key of it has to hold.
    Object.entries<Json>(Condition).every(([operator, keys]) =>
      Object.entries<Json>(keys).every(([key, values]) =>
        holds(operator, [values].flat().map(String), given.get(key.toLowerCase())),
      ),
    )
  )
}

/** Statements of a role name no principal: they are about who has the role. */
function isFor(named: Json, principal: string): boolean {
  if (named === undefined) return true
  const names = named === '*' ? ['*'] : Object.values(named).flat()
  return names.some((each) => each === '*' || each === principal)
}

/** A key that is absent makes a condition false; `Null` asks for just that, and what is negated or about all values is then true. */
function holds(operator: string, values: readonly string[], given: string | readonly string[] | undefined): boolean {
  if (operator === 'Null') return values.includes(String(given === undefined))
  const [, quantity = '', plain = ''] = /^(?:(ForAnyValue|ForAllValues):)?(\w+)$/.exec(operator) ?? []
  const compares = comparisons[plain]
  if (compares === undefined) throw new Error(`the operator ${operator} is not known here`)
  const all = given === undefined ? [] : [given].flat()
  if (quantity === 'ForAnyValue') return all.some((each) => compares(values, each))
  if (quantity === 'ForAllValues') return all.every((each) => compares(values, each))
  if (Array.isArray(given)) throw new Error(`${operator} is not for a key of several values`)
  return given === undefined ? /Not/.test(operator) : compares(values, String(given))
}

type Compares = (values: readonly string[], given: string) => boolean

const isOne: Compares = (values, given) => values.includes(given)
const isLike: Compares = (values, given) => values.some((pattern) => like(pattern, given))
const isUnlike: Compares = (values, given) => !isLike(values, given)
const comparisons: Readonly<Record<string, Compares>> = {
  StringEquals: isOne,
  Bool: isOne,
  StringLike: isLike,
  ArnLike: isLike,
  StringNotLike: isUnlike,
  ArnNotEquals: isUnlike,
  NumericLessThan: (values, given) => values.some((value) => Number(given) < Number(value)),
}

/** `*` is any characters, slashes too; `?` is one. */
function like(pattern: string, text: string): boolean {
  if (pattern.includes('${')) throw new Error(`the variable in ${pattern} is not known here`)
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
