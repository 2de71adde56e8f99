/** How a new version takes over: through the alias that callers use, gradually where a stage has real callers, and back by alarm. */
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy'
import { describe, expect, it } from 'vitest'
import { gradual, rollbackAlarms } from '../../infra/consent-ledger/releases.ts'
import { lambdaNames } from '../../infra/lambda-names.ts'
import { grantsOfRoles } from '../support/grants.ts'
import { alone, type Json, stageNames, synthesised } from '../support/synthesised.ts'

const pagesAlias = 'LedgerFunctionsReadPages'
const idOf = (name: string) => name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())

describe.each(stageNames)('functions of %s', (stageName) => {
  const stage = synthesised(stageName)
  const aliases = new Map(stage.of('AWS::Lambda::Alias').map((alias) => [alias.id.slice(0, -8), alias]))

  it('have an alias each, which names their version', () => {
    expect([...aliases.keys()].filter((id) => id !== pagesAlias)).toEqual(
      lambdaNames.map((name) => `LedgerFunctions${idOf(name)}Live`),
    )
    for (const name of lambdaNames) {
      const { Name, FunctionName, FunctionVersion } = aliases.get(`LedgerFunctions${idOf(name)}Live`)?.properties ?? {}
      expect([Name, FunctionName]).toEqual(['live', `{LedgerFunctions${idOf(name)}}`])
      expect(FunctionVersion).toMatch(/^\{LedgerFunctions\w+CurrentVersion\w+\.Version\}$/)
    }
  })

  it('serve pages by an alias that changes at once, so that a page finds the files that it names', () => {
    const { properties, raw } = aliases.get(pagesAlias) ?? {}
    expect(properties).toMatchObject({
      ...{ Name: 'pages', FunctionName: '{LedgerFunctionsRead}' },
      FunctionVersion: aliases.get('LedgerFunctionsReadLive')?.properties.FunctionVersion,
    })
    expect(raw?.UpdatePolicy).toBeUndefined()
  })

  it('are called by their alias alone', () => {
    const called = [
      ...stage.of('AWS::ApiGatewayV2::Integration').map(({ properties }) => properties.IntegrationUri),
      ...stage.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties.FunctionName),
      ...stage.of('AWS::Events::Rule').flatMap(({ properties }) => properties.Targets.map(({ Arn }: Json) => Arn)),
      ...stage.of('AWS::Lambda::Permission').map(({ properties }) => properties.FunctionName),
    ]
    expect(called.length).toBeGreaterThan(lambdaNames.length)
    expect(
      called.filter(
        (each) => !/^\{LedgerFunctions(\w+Live|ReadPages)\}$|:live$/.test(JSON.stringify(each).slice(1, -1)),
      ),
    ).toEqual([])
  })

  it(
    stageName === 'dev' ? 'go with their versions' : 'keep their earlier versions, to which an alias can be put back',
    () => {
      const versions = stage.of('AWS::Lambda::Version')
      expect(versions).toHaveLength(lambdaNames.length)
      for (const { raw } of versions)
        expect(raw.DeletionPolicy).toBe(stageName === 'dev' ? 'Delete' : 'RetainExceptOnCreate')
    },
  )

  it(stageName === 'dev' ? 'change at once' : 'change gradually, and back by alarm', () => {
    const groups = new Map(stage.of('AWS::CodeDeploy::DeploymentGroup').map((group) => [group.id, group.properties]))
    expect(groups.size).toBe(stageName === 'dev' ? 0 : gradual.length)
    const alarms = new Map(
      stage.of('AWS::CloudWatch::Alarm').map(({ id, properties }) => [`{${id.slice(0, -8)}}`, properties]),
    )
    for (const name of gradual) {
      const policy = aliases.get(`LedgerFunctions${idOf(name)}Live`)?.raw.UpdatePolicy?.CodeDeployLambdaAliasUpdate
      if (stageName === 'dev') {
        expect(policy).toBeUndefined()
        continue
      }
      const group = groups.get(policy.DeploymentGroupName.Ref)
      expect(group.DeploymentConfigName).toBe('CodeDeployDefault.LambdaCanary10Percent15Minutes')
      expect(group.AutoRollbackConfiguration).toEqual({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      })
      expect(group.AlarmConfiguration.Enabled).toBe(true)
      const watched: string[] = group.AlarmConfiguration.Alarms.map(({ Name }: Json) => Name)
      expect(watched.toSorted()).toEqual(rollbackAlarms.map((each) => `{LedgerAlarms${each}}`).toSorted())
      // An alarm that needs longer than the canary lasts would come too late.
      for (const alarm of watched) {
        const { Period, Metrics, EvaluationPeriods } = alarms.get(alarm)
        const seconds = Period ?? Metrics.find(({ MetricStat }: Json) => MetricStat).MetricStat.Period
        expect(seconds * EvaluationPeriods).toBeLessThanOrEqual(15 * 60)
      }
    }
  })

  it('are moved by a role that may do nothing else', () => {
    const grants = grantsOfRoles(stage).filter(({ holder }) => holder === 'LedgerReleasesRole')
    if (stageName === 'dev') return expect(grants).toEqual([])
    expect(grants.map(({ actions }) => actions)).toEqual([
      ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      ['cloudwatch:DescribeAlarms'],
    ])
    const [functions, alarms] = grants.map(({ resources }) => resources)
    const ids = gradual.map((name) => `{LedgerFunctions${idOf(name)}`)
    expect(functions?.toSorted()).toEqual(ids.flatMap((id) => [`${id}.Arn}`, `${id}.Arn}:live`]).toSorted())
    expect(alarms?.toSorted()).toEqual(rollbackAlarms.map((each) => `{LedgerAlarms${each}.Arn}`).toSorted())
  })
})

it('an outsider’s ledger changes as its prop says', () => {
  const configs = (traffic: 'at-once' | typeof LambdaDeploymentConfig.ALL_AT_ONCE) =>
    alone(() => ({ traffic }))
      .of('AWS::CodeDeploy::DeploymentGroup')
      .map(({ properties }) => properties.DeploymentConfigName)
  expect(new Set(configs(LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES))).toEqual(
    new Set(['CodeDeployDefault.LambdaLinear10PercentEvery3Minutes']),
  )
  expect(configs('at-once')).toEqual([])
})

/** CDK looks for circles among references of properties only; CloudFormation also among those of update policies. */
it.each(stageNames)('no resource of %s depends on itself', (stageName) => {
  for (const { Resources } of Object.values(synthesised(stageName).templates)) {
    const needs = (id: string): string[] => {
      const { Properties, UpdatePolicy, DependsOn = [] } = Resources[id]
      const text = JSON.stringify([Properties, UpdatePolicy])
      const referred = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(([, to = '']) => to)
      return [...referred, ...[DependsOn].flat()].filter((to) => to in Resources)
    }
    const done = new Set<string>()
    const visit = (id: string, path: readonly string[]): void => {
      expect(path).not.toContain(id)
      if (done.has(id)) return
      for (const to of needs(id)) visit(to, [...path, id])
      done.add(id)
    }
    for (const id of Object.keys(Resources)) visit(id, [])
  }
})
