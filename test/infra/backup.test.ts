/** Backups in other accounts and regions: of what may be kept for ever, readable there, and of no keys of people. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { LedgerBackupCopies } from '../../infra/consent-ledger/backup.ts'
import { freshApp } from '../support/fresh-app.ts'
import { grantsOfResources } from '../support/grants.ts'
import { account, alone, changed, checked, type Json, synthesised } from '../support/synthesised.ts'

const other = '444455556666'
const vault = (region: string, of: string) => `arn:aws:backup:${region}:${of}:backup-vault:consent-copies`
const copyTo = [vault('eu-central-1', other), vault('eu-west-1', account)]
const backup = { copyTo, keep: Duration.days(90) }

describe('backups of prod', () => {
  const stage = changed('prod', { stage: { backup } })
  const rules = stage.of('AWS::Backup::BackupPlan')[0]?.properties.BackupPlan.BackupPlanRule

  it('are daily, and each is copied to every vault and kept as long there', () => {
    expect(rules).toHaveLength(1)
    expect(rules[0]).toMatchObject({
      ScheduleExpression: 'cron(7 4 * * ? *)',
      Lifecycle: { DeleteAfterDays: 90 },
      CopyActions: copyTo.map((DestinationBackupVaultArn) => ({
        DestinationBackupVaultArn,
        Lifecycle: { DeleteAfterDays: 90 },
      })),
    })
  })

  it('hold entries, log and objects, by name, and never the vault', () => {
    const selections = stage.of('AWS::Backup::BackupSelection').map(({ properties }) => properties.BackupSelection)
    expect(selections).toHaveLength(1)
    expect(selections[0].Resources).toEqual(['{StoresEntries.Arn}', '{StoresLog.Arn}', '{StoresObjects.Arn}'])
    for (const pattern of ['ListOfTags', 'Conditions', 'NotResources'])
      expect(selections[0]).not.toHaveProperty(pattern)
    expect(JSON.stringify(stage.of('AWS::Backup::BackupPlan'))).not.toContain('StoresVault')
  })

  it('can be read with their key by the other account alone', () => {
    const readers = grantsOfResources(stage).filter(
      ({ holder, principal }) => holder === 'StoresBackupKey' && !principal?.endsWith(`${account}:root`),
    )
    expect(new Set(readers.map(({ principal }) => principal))).toEqual(new Set([`arn:aws:iam::${other}:root`]))
    expect(
      readers.flatMap(({ actions }) => actions).filter((action) => /Delete|Disable|Put|Schedule|\*/.test(action)),
    ).toEqual([])
  })

  it('stay when their stack goes', () => {
    const kept = stage.resources.filter(({ type }) => type === 'AWS::Backup::BackupVault')
    expect(kept.map(({ raw }) => raw.DeletionPolicy)).toEqual(['RetainExceptOnCreate'])
  })

  it('call somebody when a backup or a copy of the day failed', () => {
    const [alarm] = stage.of('AWS::CloudWatch::Alarm').filter(({ id }) => id.includes('BackupFailures'))
    const metrics: Json[] = alarm?.properties.Metrics.flatMap(({ MetricStat }: Json) => MetricStat ?? [])
    expect(metrics.map(({ Metric }) => [Metric.Namespace, Metric.MetricName, Metric.Dimensions])).toEqual(
      ['NumberOfBackupJobsFailed', 'NumberOfCopyJobsFailed'].map((name) => [
        'AWS/Backup',
        name,
        [{ Name: 'BackupVaultName', Value: expect.stringMatching(/StoresBackupVault/) }],
      ]),
    )
    expect(alarm?.properties).toMatchObject({ Threshold: 0, TreatMissingData: 'notBreaching' })
    expect(alarm?.properties.AlarmActions).toHaveLength(1)
  })

  it('pass the checks of the app', () => {
    expect(checked('prod', { stage: { backup } }).findings).toEqual([])
  })
})

it('there are none by default, and none of what is destroyed with its stack', () => {
  expect(synthesised('prod').of('AWS::Backup::BackupPlan')).toEqual([])
  expect(() => changed('dev', { stage: { backup } })).toThrow('backup: a backup vault that holds backups cannot be')
  const keep = Duration.days(0)
  expect(() => changed('prod', { stage: { backup: { copyTo, keep } } })).toThrow(
    'backup.keep: AWS Backup keeps for whole',
  )
  const named = ['arn:aws:backup:eu-central-1:444455556666:vault:consent-copies']
  expect(() => changed('prod', { stage: { backup: { copyTo: named } } })).toThrow('is not the ARN of a backup vault')
})

describe('a vault of copies', () => {
  const template = (props: Partial<ConstructorParameters<typeof LedgerBackupCopies>[2]> = {}): Json => {
    const app = freshApp()
    const stack = new Stack(app, 'Copies', { env: { account: other, region: 'eu-central-1' } })
    new LedgerBackupCopies(stack, 'Copies', { name: 'consent-copies', ledgerAccount: account, ...props })
    return app.synth().getStackByName('Copies').template
  }

  it('lets copies of the ledger in, and none out before its time while it has its lock', () => {
    const [made] = Object.values<Json>(template().Resources).filter(({ Type }) => Type === 'AWS::Backup::BackupVault')
    expect(made.Properties).toMatchObject({
      BackupVaultName: 'consent-copies',
      LockConfiguration: { MinRetentionDays: 35 },
    })
    const { Statement } = made.Properties.AccessPolicy
    expect(Statement.map(({ Effect, Action }: Json) => [Effect, Action])).toEqual([
      ['Allow', 'backup:CopyIntoBackupVault'],
    ])
    expect(JSON.stringify(Statement[0].Principal)).toContain(`:iam::${account}:root`)
    expect(made.DeletionPolicy).toBe('RetainExceptOnCreate')
  })

  it('refuses to stay after a failed first deployment', () => {
    expect(() => template({ removalPolicy: RemovalPolicy.RETAIN })).toThrow('removalPolicy RETAIN')
  })
})

it('an outsider’s stores are backed up the same way', () => {
  const made = alone(() => ({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, backup }))
  expect(made.of('AWS::Backup::BackupPlan')).toHaveLength(1)
})
