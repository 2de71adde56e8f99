/**
 * Decides a request of a function as AWS does in one account, from the statements in the templates: those of the function's role and
 * those at the table, bucket, key or queue. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { type Grant, grantsOfResources, grantsOfRoles } from './grants.ts'
import { evaluate, type Request } from './policy-evaluation.ts'
import type { Synthesised } from './synthesised.ts'

export interface RoleRequest extends Omit<Request, 'principal'> {
  /** Name of the function. */
  readonly by: string
}

export interface Statements {
  readonly ofRoles: readonly Grant[]
  readonly ofResources: readonly Grant[]
}

export function statementsIn(stage: Synthesised): Statements {
  return { ofRoles: grantsOfRoles(stage), ofResources: grantsOfResources(stage) }
}

export function isAllowed({ ofRoles, ofResources }: Statements, { by, ...asked }: RoleRequest): boolean {
  const request = { ...asked, principal: `role of ${by}` }
  const target = /^\{(\w+)\.Arn\}/.exec(asked.resource)?.[1] ?? ''
  const at = ofResources.filter(({ holder }) => holder === target || holder === `${target}Policy`)
  const own = ofRoles.filter(({ holder }) => holder === by)
  return (
    evaluate(
      [...own, ...at].map(({ statement }) => statement),
      request,
    ) === 'Allow'
  )
}
