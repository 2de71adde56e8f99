/** Every right that a template gives to anybody: one for each statement of each role, and of each policy of a resource. */
import type { Json, Resource, Synthesised } from './synthesised.ts'

export interface Grant {
  /** Name of a function; otherwise the logical id of a role or of the resource that has the policy. */
  readonly holder: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: Json
  /** Present in the policy of a resource. */
  readonly principal?: string
  readonly statement: Json
}

/** Statements of roles. A managed policy counts as one statement with its name. */
export function grantsOfRoles(stage: Synthesised): Grant[] {
  const policies = [...stage.of('AWS::IAM::Policy'), ...stage.of('AWS::IAM::ManagedPolicy')]
  return stage.of('AWS::IAM::Role').flatMap((role) => {
    const { Policies = [], ManagedPolicyArns = [] } = role.properties
    const attached = policies.filter(({ properties }) => properties.Roles?.includes(`{${nameOf(role)}}`))
    const documents = [...Policies, ...attached.map(({ properties }) => properties)].map((each) => each.PolicyDocument)
    const managed = ManagedPolicyArns.map((arn: Json) => ({
      Effect: 'Allow',
      Action: 'managed policy',
      Resource: JSON.stringify(arn),
    }))
    const holder = functionOf(role, stage)
    return [...documents.flatMap((document) => document.Statement), ...managed].map((each) => grant(holder, each))
  })
}

/** Statements of the policies that stand at tables, buckets, keys, queues and topics. */
export function grantsOfResources(stage: Synthesised): Grant[] {
  return stage.resources.flatMap((resource) =>
    documentsAt(resource).flatMap((document) => document.Statement.map((each: Json) => grant(nameOf(resource), each))),
  )
}

function documentsAt({ type, properties }: Resource): Json[] {
  if (type.startsWith('AWS::IAM::')) return []
  const atReplicas = (properties.Replicas ?? []).flatMap((replica: Json) =>
    [replica.ResourcePolicy, replica.ReplicaStreamSpecification?.ResourcePolicy].flatMap(
      (policy) => policy?.PolicyDocument ?? [],
    ),
  )
  return [
    ...[properties.PolicyDocument, properties.KeyPolicy, properties.ResourcePolicy].filter(Boolean),
    ...atReplicas,
  ]
}

function grant(holder: string, statement: Json): Grant {
  const { Effect, Action, NotAction, Resource, NotResource, Condition, Principal } = statement
  return {
    holder,
    effect: Effect,
    actions: NotAction ? ['NotAction'] : [Action].flat(),
    resources: NotResource ? ['NotResource'] : [Resource].flat(),
    ...(Condition && { condition: Condition }),
    ...(Principal && { principal: Principal === '*' ? '*' : Object.values(Principal).flat().join(' ') }),
    statement,
  }
}

function functionOf(role: Resource, stage: Synthesised): string {
  const description = stage
    .of('AWS::Lambda::Function')
    .find(({ properties }) => properties.Role === `{${nameOf(role)}.Arn}`)?.properties.Description
  return /^Consent ledger: (.+)$/.exec(description ?? '')?.[1] ?? nameOf(role)
}

export function nameOf({ id }: Resource): string {
  return id.replace(/[0-9A-F]{8}$/, '')
}
