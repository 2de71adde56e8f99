/**
 * The stateful stack: the ledger's tables as `tables.ts` describes them. Append-only as a permission, keys, buckets, functions
 * and the API in front of them are not deployed yet.
 */
import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { tables } from './tables.ts'

export class TablesStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props)
    for (const { name, partitionKey, sortKey } of tables) {
      new TableV2(this, name, {
        partitionKey: { name: partitionKey.name, type: AttributeType.STRING },
        sortKey: { name: sortKey.name, type: AttributeType.STRING },
        billing: Billing.onDemand(),
        deletionProtection: true,
        removalPolicy: RemovalPolicy.RETAIN,
        pointInTimeRecoverySpecification: {
          pointInTimeRecoveryEnabled: true,
          // What the vault forgets must not live on in its backups.
          recoveryPeriodInDays: name === 'vault' ? 1 : 35,
        },
      })
    }
  }
}
