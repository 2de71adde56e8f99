/**
 * Daily backups of the tables `entries` and `log` and of the bucket of objects by AWS Backup, with a copy of each in vaults of other
 * accounts or regions. The ledger's own vault table is in none of them: a copy would keep the keys of people who have been erased since.
 *
 * A restored copy is evidence to read, and a ledger only after the checks of the runbook: an older table under the same name forks the log.
 */
import { Arn, ArnFormat, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib'
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Schedule } from 'aws-cdk-lib/aws-events'
import {
  AccountPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { refuseRetain } from './retention.ts'

/** Backups of a ledger, beside the point-in-time recovery that its tables always have. */
export interface BackupOptions {
  /** ARNs of backup vaults in other accounts or regions, as `LedgerBackupCopies` makes them: each backup is copied there. */
  readonly copyTo: readonly string[]
  /** How long each backup and each copy is kept: whole days, not fewer than `lockedFor` of the vaults of copies. @default Duration.days(35) */
  readonly keep?: Duration
}

export interface LedgerBackupProps extends BackupOptions {
  readonly tables: readonly ITableV2[]
  readonly objects: IBucket
  readonly removalPolicy: RemovalPolicy
}

export class LedgerBackup extends Construct {
  /** The backup vault of this account and region, from which copies are made. */
  readonly vault: BackupVault

  constructor(scope: Construct, id: string, props: LedgerBackupProps) {
    super(scope, id)
    const { copyTo, keep = Duration.days(35), tables, objects, removalPolicy } = props
    for (const arn of copyTo) checkVaultArn(arn)
    if (keep.toDays() < 1)
      throw new Error('backup.keep: AWS Backup keeps for whole days, at least one: Duration.days(35)')
    const encryptionKey = backupKey(this, removalPolicy)
    const own = Stack.of(this).account
    for (const account of new Set(copyTo.map(accountOf)).difference(new Set([own]))) shareKey(encryptionKey, account)
    this.vault = new BackupVault(this, 'Vault', { encryptionKey, removalPolicy })
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'daily',
          backupVault: this.vault,
          scheduleExpression: Schedule.cron({ hour: '4', minute: '7' }),
          deleteAfter: keep,
          copyActions: copyTo.map((arn, i) => ({
            destinationBackupVault: BackupVault.fromBackupVaultArn(this, `Copy${i}`, arn),
            deleteAfter: keep,
          })),
        }),
      ],
    })
    plan.addSelection('Stores', {
      resources: [...tables.map(({ tableArn }) => tableArn), objects.bucketArn].map((arn) =>
        BackupResource.fromArn(arn),
      ),
      role: this.backupRole(),
      disableDefaultBackupPolicy: true,
    })
  }

  private backupRole(): Role {
    const policies = ['service-role/AWSBackupServiceRolePolicyForBackup', 'AWSBackupServiceRolePolicyForS3Backup']
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      description: 'Backs up tables and objects of the consent ledger',
      managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    })
    for (const name of policies)
      acknowledge(role, `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`, whyManaged)
    return role
  }
}

const whyManaged =
  'What AWS Backup needs for a table and a bucket changes with the service; AWS keeps these policies up to date.'

/** A vault for the copies of a ledger in another account or region. */
export interface LedgerBackupCopiesProps {
  /** Name of the backup vault, which `BackupOptions.copyTo` names in an ARN: `arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME`. */
  readonly name: string
  /** Account of the ledger. */
  readonly ledgerAccount: string
  /**
   * How long a copy cannot be deleted while the vault has its lock: whole days, at most `BackupOptions.keep`. The lock is of AWS Backup's
   * governance mode: who has `backup:DeleteBackupVaultLockConfiguration` in the account of the copies can take it off.
   * @default Duration.days(35)
   */
  readonly lockedFor?: Duration
  /** What happens to the vault and its key when their stack is deleted. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy
}

/**
 * A locked backup vault for the copies of a ledger, for a stack in another account or region. It cannot fork a log and cannot open an
 * event: it holds no keys of people.
 *
 * @example
 * new LedgerBackupCopies(new Stack(app, 'Copies', { env: { account: '444455556666', region: 'eu-central-1' } }), 'Copies', {
 *   name: 'consent-copies',
 *   ledgerAccount: '111122223333',
 * })
 */
export class LedgerBackupCopies extends Construct {
  /** The backup vault that receives the copies. */
  readonly vault: BackupVault

  constructor(scope: Construct, id: string, props: LedgerBackupCopiesProps) {
    super(scope, id)
    const { name, ledgerAccount, lockedFor = Duration.days(35) } = props
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props
    refuseRetain(removalPolicy)
    this.vault = new BackupVault(this, 'Vault', {
      backupVaultName: name,
      encryptionKey: backupKey(this, removalPolicy),
      lockConfiguration: { minRetention: lockedFor },
      removalPolicy,
      accessPolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'CopiesOfTheLedger',
            principals: [new AccountPrincipal(ledgerAccount)],
            actions: ['backup:CopyIntoBackupVault'],
            resources: ['*'],
          }),
        ],
      }),
    })
  }
}

function backupKey(scope: Construct, removalPolicy: RemovalPolicy): Key {
  return new Key(scope, 'Key', {
    description: 'Encrypts backups of the consent ledger',
    enableKeyRotation: true,
    removalPolicy,
  })
}

/** AWS Backup refuses another ARN only at deployment. @throws Error that shows the form */
function checkVaultArn(arn: string): void {
  if (Token.isUnresolved(arn) || /^arn:[\w-]+:backup:[\w-]+:\d{12}:backup-vault:[\w-]+$/.test(arn)) return
  throw new Error(
    `backup.copyTo: ${arn} is not the ARN of a backup vault, arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME`,
  )
}

function accountOf(vaultArn: string): string {
  return Arn.split(vaultArn, ArnFormat.COLON_RESOURCE_NAME).account ?? ''
}

/** AWS Backup's copy to another account reads with the key of the source, on behalf of that account. */
function shareKey(key: Key, account: string): void {
  const principals = [new AccountPrincipal(account)]
  const use = [
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ]
  key.addToResourcePolicy(
    new PolicyStatement({ sid: 'Copies', principals, actions: use.map((action) => `kms:${action}`), resources: ['*'] }),
  )
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CopiesByBackup',
      principals,
      actions: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
      resources: ['*'],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  )
}
