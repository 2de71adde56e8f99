/** The stack that can be replaced at any time: functions, the API, the event source mapping, alarms. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ConsentLedger, type ConsentLedgerProps } from '../consent-ledger/consent-ledger.ts'
import type { LedgerUserPool } from '../consent-ledger/identity.ts'
import type { LedgerStores } from '../consent-ledger/stores.ts'
import { OnCall } from './on-call.ts'
import type { Stage, StageDomain } from './stages.ts'

export interface StatelessStackProps extends StackProps {
  readonly name: string
  readonly stage: Stage
  readonly stores: LedgerStores
  readonly users?: LedgerUserPool
}

export class StatelessStack extends Stack {
  readonly ledger: ConsentLedger

  constructor(scope: Construct, id: string, { name, stage, stores, users, ...props }: StatelessStackProps) {
    super(scope, id, props)
    const identity = stage.identity ?? (users && { administrators: users.issuer })
    if (identity === undefined) throw new Error('a stage has an identity provider, or a user pool of its own')
    const onCall = stage.alarmEmail ? new OnCall(this, 'OnCall', { email: stage.alarmEmail }) : undefined
    const ledger = new ConsentLedger(this, 'Ledger', {
      name,
      host: stage.host,
      stores,
      ...identity,
      ...(stage.console && { console: stage.console }),
      ...(stage.domain && behindEdge(stage.domain)),
      ...(stage.concurrencyQuota !== undefined && { concurrencyQuota: stage.concurrencyQuota }),
      batchingWindow: stage.batchingWindow,
      checkpointInterval: stage.checkpointInterval,
      ...trafficOf(stage, this.node.tryGetContext('traffic')),
      ...(stage.sizing && { sizing: stage.sizing }),
      ...(stage.throttles && { throttles: stage.throttles }),
      ...(stage.controllerLimit && { controllerLimit: stage.controllerLimit }),
      dashboard: stage.dashboard ?? false,
      accessLog: stage.accessLog ?? false,
      logRetention: stage.logRetention,
      removalPolicy: stage.removalPolicy,
      ...(onCall && { alarmAction: onCall.action }),
    })
    this.ledger = ledger
    // The runbook and the tests on AWS read these outputs by name.
    ledger.outputs.url.overrideLogicalId('Url')
    ledger.outputs.next.overrideLogicalId('Next')
    if (ledger.api.domain) {
      new CfnOutput(this, 'ApiDomainTarget', {
        description: `What the DNS record of ${stage.domain?.api.name} points at`,
        value: ledger.api.domain.regionalDomainName,
      })
    }
  }
}

/** `-c traffic=at-once` deploys the mend of a fault whose alarm is on, and would stop a gradual deployment. */
function trafficOf({ traffic }: Stage, asked: unknown): Pick<ConsentLedgerProps, 'traffic'> {
  if (asked !== undefined && asked !== 'at-once') throw new Error(`-c traffic=${asked}: only at-once can be asked for`)
  const chosen = asked ?? traffic
  return chosen === undefined ? {} : { traffic: chosen }
}

function behindEdge({ name, api, mutualTls }: StageDomain) {
  const domain = { ...api, truststore: mutualTls.truststore }
  return { domain, publicUrl: `https://${name}`, isBehindEdge: true }
}
