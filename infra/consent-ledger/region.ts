/** A stack's region as a literal: names, ARNs and certificates depend on it while the template is written. */
import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** @throws a sentence that names the stack and what to write, when its region is known at the deployment only. */
export function requireRegion(scope: Construct): string {
  const { region, stackName } = Stack.of(scope)
  if (!Token.isUnresolved(region)) return region
  throw new Error(
    `the stack ${stackName} has no region, and a consent ledger needs one: new Stack(app, '${stackName}', { env: { region: 'eu-north-1' } })`,
  )
}

/** Certificates and web ACLs of CloudFront are in us-east-1 only. @throws a sentence when the stack is elsewhere. */
export function requireCloudFrontRegion(scope: Construct): void {
  const region = requireRegion(scope)
  if (region === 'us-east-1') return
  const { stackName } = Stack.of(scope)
  throw new Error(
    `the stack ${stackName} is in ${region}, and CloudFront's certificates and web ACLs are in us-east-1: give LedgerEdge a stack with { env: { region: 'us-east-1' } }`,
  )
}
