/** Stack outputs for the person who has just deployed a ledger: its address, and what to do next, as CloudFormation prints them. */
import { CfnOutput } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Issuer } from './identity.ts'
import { isDestroyedWithItsStack, type Retention } from './retention.ts'

export interface LedgerOutputsProps {
  /** Address of the ledger, without a slash at the end. */
  readonly url: string
  readonly administrators: Issuer
  /** How the stores are kept. */
  readonly retention: Retention
}

export class LedgerOutputs extends Construct {
  readonly url: CfnOutput
  readonly next: CfnOutput

  constructor(scope: Construct, id: string, { url, administrators, retention }: LedgerOutputsProps) {
    super(scope, id)
    this.url = new CfnOutput(this, 'Url', { description: 'Address of the consent ledger', value: url })
    this.next = new CfnOutput(this, 'Next', {
      description: 'What to do next',
      value: [
        `1. GET ${url}/healthz answers 200.`,
        `2. With a token of ${administrators.issuer} (audience ${administrators.audience}, scope ledger.admin), POST ${url}/v1/controllers makes a controller.`,
        `3. With a token of the identity provider that you gave the controller (scope consent.admin), POST ${url}/v1/controllers/CONTROLLER/sites makes a site; the answer has the key for your pages.`,
        `4. ${afterwards(retention)}`,
      ].join(' '),
    })
  }
}

function afterwards({ removalPolicy, deletionProtection }: Retention): string {
  if (isDestroyedWithItsStack(removalPolicy))
    return 'Everything in this ledger is destroyed with its stack: before it holds real data, choose removalPolicy and objectLock.'
  if (!deletionProtection)
    return 'This deployment has succeeded: set deletionProtection, and terminationProtection of the stack, and deploy again.'
  return 'What cannot be undone is in the README of @consent-ledger/cdk.'
}
