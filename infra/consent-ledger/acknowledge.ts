/** Accepts findings of cdk-nag, the checks at synthesis: each with its reason, next to the code that causes it. */
import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Accepts one rule's finding about a construct. */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}

/** Accepts that a policy names objects by a pattern; cdk-nag has one finding for each ARN. */
export function acknowledgePattern(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${flat(Stack.of(construct).resolve(arn))}]`, reason)
}

/** An ARN as cdk-nag writes it in the id of a finding, with references as `<LogicalId.Attribute>`. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [[name = '', content] = []] = Object.entries(value)
  if (name === 'Ref') return `<${content}>`
  if (name === 'Fn::GetAtt' && Array.isArray(content)) return `<${content.join('.')}>`
  if (name === 'Fn::Join' && Array.isArray(content)) return content[1].map(flat).join(content[0])
  return JSON.stringify(value)
}
