/**
 * Moves the alias `live` of the functions that callers and the stream use to a new version little by little, by AWS CodeDeploy, and back as
 * soon as one of the ledger's alarms goes off: the deployment then fails, and CloudFormation rolls the whole stack back.
 *
 * Two versions at work at once are safe: a batch of a log is committed by one insert, which one of them wins.
 */
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { type ILambdaDeploymentConfig, LambdaApplication, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Alias } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { handlerNames } from '../../shared/api/routes.ts'
import type { LambdaName } from '../lambda-names.ts'

/**
 * Functions whose versions share the traffic. The others run once a minute or once a day, so that a share of their runs shows nothing: their
 * alias moves at once, and back with the stack.
 */
export const gradual = [...handlerNames, 'sequence'] as const

/** Alarms that send the traffic back. They are those that a bad version can set off and that are silent when all is well. */
export const rollbackAlarms = ['Failures', 'Latency', 'LogFaults', 'CheckpointAge', 'BackgroundErrors'] as const

export interface LedgerReleasesProps {
  readonly live: Readonly<Record<LambdaName, Alias>>
  readonly alarms: readonly Alarm[]
  readonly traffic: ILambdaDeploymentConfig
}

export class LedgerReleases extends Construct {
  constructor(scope: Construct, id: string, { live, alarms, traffic }: LedgerReleasesProps) {
    super(scope, id)
    const watched = alarms.filter(({ node }) => (rollbackAlarms as readonly string[]).includes(node.id))
    const application = new LambdaApplication(this, 'Application')
    const aliases = gradual.map((name) => live[name])
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      description: 'Moves the traffic of the consent ledger from one version to the next',
      inlinePolicies: {
        Rights: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'MoveAliases',
              actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
              // By name: an alias refers to its deployment group, and that to this role.
              resources: aliases.flatMap(({ lambda }) => [lambda.functionArn, `${lambda.functionArn}:live`]),
            }),
            new PolicyStatement({
              sid: 'WatchAlarms',
              actions: ['cloudwatch:DescribeAlarms'],
              resources: watched.map((alarm) => alarm.alarmArn),
            }),
          ],
        }),
      },
    })
    for (const name of gradual)
      new LambdaDeploymentGroup(this, name, {
        application,
        alias: live[name],
        deploymentConfig: traffic,
        alarms: [...watched],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
        // CDK would add a policy of AWS that may move the alias of every function of the account.
        role: role.withoutPolicyUpdates(),
      })
  }
}
