/**
 * A stage made for one run: as `dev`, under a name that nothing else has, with administrators whose keys the run made, and with a twin
 * of the ingest role.
 *
 * The twin has the very statements of `infra/consent-ledger/permissions.ts` and another trust: this account instead of Lambda. A probe
 * function with the role itself would prove no more, since no statement looks at who assumed the role, and would need code of its own
 * to be written, deployed and trusted; with a twin the probes are calls of the SDK from where the test runs. That both have the same
 * policy is a test of the template (`rehearsal.test.ts`).
 */
import { type App, CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Issuer } from '../../infra/consent-ledger/identity.ts'
import { statementsOf } from '../../infra/consent-ledger/role-statements.ts'
import { addStacks, type StageStacks } from '../../infra/stages/stage-stacks.ts'

/** The environment variable that gives the stage to the program that synthesises, as JSON. */
export const stageVariable = 'LEDGER_TEST_STAGE'

export interface EphemeralStage {
  /** At most 8 characters: it is in the names of buckets, which have 63. */
  readonly name: string
  readonly account: string
  readonly region: string
  readonly administrators: Issuer
}

export const ledgerName = ({ name }: Pick<EphemeralStage, 'name'>): string => `consent-ledger-${name}`
export const twinOutput = 'IngestTwinRole'

export function addEphemeralStage(app: App, { name, account, region, administrators }: EphemeralStage): StageStacks {
  const stacks = addStacks(
    app,
    name,
    {
      region,
      removalPolicy: RemovalPolicy.DESTROY,
      host: `${name}.consent-ledger.internal`,
      identity: { administrators },
      traffic: 'at-once',
      logRetention: RetentionDays.ONE_DAY,
      batchingWindow: Duration.seconds(2),
      checkpointInterval: Duration.seconds(2),
    },
    account,
  )
  const twin = new Role(stacks.stateless, 'IngestTwin', {
    description: 'What ingest may do, for the test of it',
    assumedBy: new AccountPrincipal(account),
    maxSessionDuration: Duration.hours(1),
    inlinePolicies: { Rights: new PolicyDocument({ statements: statementsOf('ingest', stacks.stateful.stores) }) },
  })
  new CfnOutput(stacks.stateless, twinOutput, { value: twin.roleArn })
  return stacks
}
