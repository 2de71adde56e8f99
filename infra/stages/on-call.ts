/** Mails alarms to one address: an encrypted SNS topic to which only CloudWatch may publish. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { acknowledge } from '../consent-ledger/acknowledge.ts'

export class OnCall extends Construct {
  readonly action: IAlarmAction

  constructor(scope: Construct, id: string, { email }: { readonly email: string }) {
    super(scope, id)
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com')
    const key = new Key(this, 'Key', {
      description: 'Encrypts the alarms of the consent ledger on their way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // CloudWatch publishes under its own service principal, which must be allowed to use the key. AWS's own key for SNS does not allow it.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true })
    // `enforceSSL` gives the topic a policy, which replaces SNS's default; without this statement CloudWatch could not publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    topic.addSubscription(new EmailSubscription(email))
    acknowledge(
      topic,
      'Serverless-SNSRedrivePolicy',
      'Mail that cannot be delivered has nowhere better to go; the alarm stands in CloudWatch.',
    )
    this.action = new SnsAction(topic)
  }
}
