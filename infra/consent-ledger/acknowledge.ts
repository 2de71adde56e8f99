/** Findings of the checks at synthesis (cdk-nag) that are looked at and accepted, each with its true reason, where it is caused. */
import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}

/** That a policy names objects by a pattern: the reason is said once for each, where cdk-nag looks for it. */
export function acknowledgePattern(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${flat(Stack.of(construct).resolve(arn))}]`, reason)
}

/** References as cdk-nag writes them in the names of its findings. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [[name = '', content] = []] = Object.entries(value)
  if (name === 'Ref') return `<${content}>`
  if (name === 'Fn::GetAtt' && Array.isArray(content)) return `<${content.join('.')}>`
  if (name === 'Fn::Join' && Array.isArray(content)) return content[1].map(flat).join(content[0])
  return JSON.stringify(value)
}
