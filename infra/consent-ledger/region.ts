/** Checks a stack's region, which must be known at synthesis, because names, ARNs and certificates depend on it. */
import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** @throws Error for users, with the line to write, when the region is known at deployment only */
export function requireRegion(scope: Construct): string {
  const { region, stackName } = Stack.of(scope)
  if (!Token.isUnresolved(region)) return region
  throw new Error(
    `the stack ${stackName} has no region, and a consent ledger needs one: new Stack(app, '${stackName}', { env: { region: 'eu-north-1' } })`,
  )
}

/** Certificates and web ACLs of CloudFront are in us-east-1 only. @throws Error for users, when the stack is in another region */
export function requireCloudFrontRegion(scope: Construct): void {
  const region = requireRegion(scope)
  if (region === 'us-east-1') return
  const { stackName } = Stack.of(scope)
  throw new Error(
    `the stack ${stackName} is in ${region}, and CloudFront's certificates and web ACLs are in us-east-1: give LedgerEdge a stack with { env: { region: 'us-east-1' } }`,
  )
}
