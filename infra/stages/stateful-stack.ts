/** The stack that must outlive every deployment: tables, buckets, keys, and the user pool of a stage that has one. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { LedgerUserPool } from '../consent-ledger/identity.ts'
import { LedgerStores } from '../consent-ledger/stores.ts'
import type { Stage } from './stages.ts'

export interface StatefulStackProps extends StackProps {
  readonly stage: Stage
  readonly bucketPrefix: string
  /** First part of the user pool's address, unique in a region. */
  readonly domainPrefix: string
}

export class StatefulStack extends Stack {
  readonly stores: LedgerStores
  readonly users?: LedgerUserPool

  constructor(scope: Construct, id: string, { stage, bucketPrefix, domainPrefix, ...props }: StatefulStackProps) {
    super(scope, id, props)
    const { removalPolicy, deletionProtection = false, objectLock, backup, warmThroughput, checkpointKeys } = stage
    const { controllers = [], replicateTo } = stage
    this.stores = new LedgerStores(this, 'Stores', {
      removalPolicy,
      deletionProtection,
      ...(objectLock && { objectLock }),
      ...(backup && { backup }),
      ...(replicateTo && { replicateTo }),
      ...(warmThroughput && { warmThroughput }),
      ...(checkpointKeys && { checkpointKeys }),
      bucketPrefix,
      readByEdge: stage.domain !== undefined,
    })
    if (stage.identity === undefined) {
      this.users = new LedgerUserPool(this, 'Users', {
        domainPrefix,
        controllers,
        removalPolicy,
        deletionProtection,
      })
      new CfnOutput(this, 'TokenEndpoint', { value: `${this.users.domain.baseUrl()}/oauth2/token` })
    }
    const { entries, log, vault, objects, served, checkpointKey } = this.stores
    new CfnOutput(this, 'EntriesTable', { value: entries.tableName })
    new CfnOutput(this, 'LogTable', { value: log.tableName })
    new CfnOutput(this, 'VaultTable', { value: vault.tableName })
    new CfnOutput(this, 'ObjectsBucket', { value: objects.bucketName })
    new CfnOutput(this, 'ServedBucket', { value: served.bucketName })
    new CfnOutput(this, 'CheckpointKey', { value: checkpointKey.keyArn })
  }
}
