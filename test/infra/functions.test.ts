/** How each function runs: by itself, with a role, a log and variables of its own, and nothing that is secret in them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duration } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { type Variable, variables } from '../../functions/lambda/environment.ts'
import type { ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { leftUnreserved, reservations } from '../../infra/consent-ledger/functions.ts'
import { type LambdaName, lambdaNames } from '../../infra/lambda-names.ts'
import { alone, type Json, type Synthesised, stageNames, synthesised } from '../support/synthesised.ts'

/** What the code of `functions/lambda` reads, for each function; `variable()` fails at its start when one is not there. */
const stored = ['host', 'ledger', 'entries', 'log', 'objects'] as const
const opening = [...stored, 'vault', 'keyringKey'] as const
const keeping = [...stored, 'served', 'checkpointKey', 'witnessKey', 'receiptKey', 'publishEvery'] as const
const readBy: Readonly<Record<LambdaName, readonly Variable[]>> = {
  ingest: [...opening, 'receiptKey', 'viewer', 'controllerLimit'],
  read: [...opening, 'console', 'filesOrigin'],
  log: [...stored, 'checkpointKey', 'witnessKey', 'baseUrl'],
  audit: [...opening, 'files', 'checkpointKey', 'witnessKey', 'baseUrl'],
  administer: [...opening, 'files', 'administrators'],
  erase: opening,
  letters: ['host', 'ledger', 'entries', 'log', 'vault', 'keyringKey', 'viewer', 'baseUrl', 'letterBus'],
  link: ['host', 'ledger', 'entries', 'log', 'vault', 'keyringKey'],
  sequence: [...keeping, 'handovers'],
  sweep: keeping,
  release: keeping,
  retain: ['host', 'ledger', 'entries', 'log', 'vault', 'objects', 'keyringKey'],
  redrive: [...keeping, 'failures'],
  export: [...opening, 'files'],
  statistics: opening,
  expiry: opening,
  witness: [...stored, 'served', 'witnesses'],
  'self-audit': [...opening, 'served', 'checkpointKey', 'witnessKey'],
  import: [...opening, 'files'],
  messages: ['host', 'ledger', 'entries', 'log', 'vault', 'keyringKey', 'baseUrl'],
  deliver: [...stored, 'messagesFunction', 'messageBus'],
}

/** Memory in MB, seconds, and what is reserved where that was asked for. */
const sizes: Readonly<Record<LambdaName, readonly [memoryMb: number, seconds: number, reserved?: number]>> = {
  ingest: [1024, 20],
  read: [1024, 20],
  log: [512, 20],
  audit: [1769, 29],
  administer: [512, 20],
  erase: [512, 20],
  letters: [512, 20],
  link: [512, 20],
  sequence: [1769, 120, 2],
  sweep: [512, 55, 1],
  redrive: [1024, 300],
  release: [1024, 300],
  retain: [1024, 900],
  export: [1769, 900],
  statistics: [1024, 900],
  expiry: [512, 900],
  witness: [256, 120],
  'self-audit': [1769, 900],
  import: [1769, 900],
  messages: [1024, 29],
  deliver: [256, 120],
}

const runbook = readFileSync(join(import.meta.dirname, '../../infra/runbook.md'), 'utf8')
const retention = { dev: 7, staging: 30, prod: 90 }

describe.each(stageNames)('functions of %s', (stageName) => {
  const stage = synthesised(stageName)
  const made = new Map<string, Json>(
    stage.of('AWS::Lambda::Function').flatMap(({ properties }) => {
      const name = /^Consent ledger: (.+)$/.exec(properties.Description ?? '')?.[1]
      return name === undefined ? [] : [[name, properties] as const]
    }),
  )
  const logGroups = new Map(stage.of('AWS::Logs::LogGroup').map((group) => [`{${group.id.slice(0, -8)}}`, group]))

  it('are those of the list', () => {
    expect([...made.keys()]).toEqual([...lambdaNames])
  })

  it.each(lambdaNames)('%s runs on arm64 with Node 24 and writes JSON', (name) => {
    expect(made.get(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
    })
    // Traces would need a right on all resources; layers and networks would be code and ways out that nobody reviewed.
    for (const absent of ['TracingConfig', 'Layers', 'VpcConfig', 'KmsKeyArn', 'SnapStart'])
      expect(made.get(name)).not.toHaveProperty(absent)
  })

  it.each(lambdaNames)('%s has its size', (name) => {
    const { MemorySize, Timeout, ReservedConcurrentExecutions } = made.get(name)
    const [memory, seconds, reserved] = sizes[name]
    expect([MemorySize, Timeout, ReservedConcurrentExecutions]).toEqual([
      memory,
      seconds,
      stageName === 'dev' ? undefined : reserved,
    ])
  })

  it('answer before API Gateway gives up', () => {
    for (const name of ['ingest', 'read', 'log', 'audit', 'administer']) expect(made.get(name).Timeout).toBeLessThan(30)
  })

  it('leave the account’s other functions what they need, by default', () => {
    const reserved = [...made.values()].map((each) => each.ReservedConcurrentExecutions ?? 0)
    const sum = reserved.reduce((sum, each) => sum + each, 0)
    expect(sum).toBe(stageName === 'dev' ? 0 : 3)
  })

  it('have a role and a log group each, kept as long as the stage says', () => {
    const properties = [...made.values()]
    expect(new Set(properties.map((each) => each.Role)).size).toBe(lambdaNames.length)
    expect(new Set(properties.map((each) => each.LoggingConfig.LogGroup)).size).toBe(lambdaNames.length)
    for (const { LoggingConfig } of properties) {
      const group = logGroups.get(LoggingConfig.LogGroup)
      expect(group?.properties.RetentionInDays).toBe(retention[stageName])
      expect(group?.raw.DeletionPolicy).toBe(stageName === 'dev' ? 'Delete' : 'RetainExceptOnCreate')
    }
  })

  it.each(lambdaNames)('%s gets exactly the variables that it reads', (name) => {
    const given = Object.keys(made.get(name).Environment.Variables)
    expect(given.toSorted()).toEqual(readBy[name].map((each) => variables[each]).toSorted())
  })

  it('get no secret', () => {
    for (const { Environment } of made.values())
      for (const [name, value] of Object.entries<string>(Environment.Variables)) {
        expect(name).not.toMatch(/SECRET|TOKEN|PASSWORD|PRIVATE|CREDENTIAL|PEPPER/)
        // Names of keys are ARNs; what signs or opens never leaves KMS.
        if (name.endsWith('_KEY')) expect(value).toMatch(/^\{Stores\w+\.Arn\}$/)
        expect(value).not.toMatch(/"(d|k|p|q)"\s*:|BEGIN|AKIA|resolve:(ssm|secretsmanager)/)
      }
  })
})

describe('concurrency', () => {
  const reservedIn = (stage: Synthesised) =>
    stage
      .of('AWS::Lambda::Function')
      .flatMap(({ properties: { ReservedConcurrentExecutions: reserved, Description } }) =>
        reserved === undefined ? [] : [[Description.replace('Consent ledger: ', ''), reserved]],
      )

  it.each([
    ['nothing by default, as a new account has none to give', {}, []],
    [
      'the logs, when asked',
      { concurrencyQuota: 1000 },
      [
        ['sequence', 2],
        ['sweep', 1],
      ],
    ],
    [
      'a function whose own number is given',
      { concurrencyQuota: 123, sizing: { ingest: { reservedConcurrency: 20 } } },
      [
        ['ingest', 20],
        ['sequence', 2],
        ['sweep', 1],
      ],
    ],
  ])('is reserved for %s', (_, props, reserved) => {
    expect(reservedIn(alone(() => props))).toEqual(reserved)
  })

  it.each<[string, Partial<ConsentLedgerProps>, string]>([
    ['a quota of a new account', { concurrencyQuota: 10 }, 'so it must be 103 or more'],
    ['one too few', { concurrencyQuota: 102 }, 'so it must be 103 or more'],
    [
      'a reservation beside the logs’ that does not fit',
      { concurrencyQuota: 122, sizing: { ingest: { reservedConcurrency: 20 } } },
      'so it must be 123 or more',
    ],
    ['a reservation without a quota', { sizing: { ingest: { reservedConcurrency: 20 } } }, 'give concurrencyQuota too'],
  ])('is refused for %s', (_, props, sentence) => {
    expect(() => alone(() => props)).toThrow(sentence)
  })

  it.each(['sequence', 'redrive', 'release'] as const)('%s may not commit for longer than the sweep looks', (name) => {
    const props = (minutes: number) => ({
      // Lambda’s timeout, in a form that architecture.test.ts does not take for a limit of the test.
      sizing: { [name]: Object.fromEntries([['timeout', Duration.minutes(minutes)]]) },
    })
    expect(() => alone(() => props(6))).toThrow(`sizing.${name}.timeout is 360 s and may be 300 s`)
    expect(() => alone(() => props(5))).not.toThrow()
  })

  it('of the runbook is what Lambda leaves, the logs have, and its own command for an attack takes', () => {
    const logs = Object.values(reservations).reduce((sum, each) => sum + each, 0)
    const [, cap] = /f ingest\)" --reserved-concurrent-executions (\d+)/.exec(runbook) ?? []
    expect(Number(cap)).toBeGreaterThan(0)
    const stated = [...runbook.matchAll(/Lambda quota of (\d+)/g)].map(([, quota]) => Number(quota))
    expect(stated).toEqual([logs + leftUnreserved + Number(cap)])
  })
})
