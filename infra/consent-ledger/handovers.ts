/**
 * The table `handovers`: keys of entries that are to be sequenced (`functions/jobs/hand-over.ts`). It is a queue, not a store: all that it
 * holds is in the entries too, each put replaces the item of its log, and DynamoDB deletes the last one after a day. So it is destroyed
 * with its stack, is in no backup, and has no policy against replacing items. Roles read only its stream.
 */
import { RemovalPolicy, Tags } from 'aws-cdk-lib'
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'

/** It has no sort key: a log has one item, and Lambda keeps the order of an item. */
export function handoversTable(scope: Construct, dataKey: IKey): TableV2 {
  const table = new TableV2(scope, 'Handovers', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.customerManagedKey(dataKey),
    removalPolicy: RemovalPolicy.DESTROY,
    timeToLiveAttribute: 'until',
    dynamoStream: StreamViewType.NEW_IMAGE,
  })
  // A backup plan that selects by tag skips it, as it does the vault.
  Tags.of(table).add('backup', 'never')
  return table
}
