/**
 * The Lambda functions. Each has its own role, log group and environment, so that it may do only what its routes or its job need. Its code
 * is a bundle without further dependencies; its environment holds names and addresses, no secrets.
 *
 * Functions share the account's concurrency unless some is reserved. The order of a log does not depend on a reservation: a batch is
 * committed by an insert at the next leaf index, which one writer wins and the others retry (`shared/ledger/log/sequencer.ts`). Reserving
 * some for the sequencer and the sweep saves those retries, and keeps a flood of events from using up their instances.
 *
 * Callers, the stream and the schedules use the alias `live` of a function, which names a version. Where data is kept, versions stay after a
 * deployment too, so that the alias can be put back to one (`releases.ts`).
 */
import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { type Variable, variables } from '../../functions/lambda/environment.ts'
import { roles } from '../../functions/lambda/roles.ts'
import { codeOf } from '../lambda-assets.ts'
import { type LambdaName, lambdaNames } from '../lambda-names.ts'
import { acknowledge, acknowledgePattern } from './acknowledge.ts'
import { patternsOf, statementsOf } from './role-statements.ts'
import { checkpointKeyNames } from './signing-keys.ts'
import type { LedgerStores } from './stores.ts'

/** Resources of one function. */
export interface Sizing {
  /** MB. Lambda gives CPU in proportion, one full core at 1,769 MB. More memory shortens cold starts and costs more a second. */
  readonly memoryMb: number
  /** After it Lambda ends the call. API Gateway waits 30 s, so functions behind a route stay below; jobs that extend logs have at most 5 minutes. */
  readonly timeout: Duration
  /** Concurrent executions reserved for this function, which are also its upper bound. @default none: it shares the account's */
  readonly reservedConcurrency?: number
}

/** API Gateway gives up after 30 s: a function has answered or failed before that. */
const answering = { memoryMb: 1024, timeout: Duration.seconds(20) }

/** Resources of each function where `ConsentLedgerProps.sizing` says nothing. */
export const defaultSizing: Readonly<Record<LambdaName, Sizing>> = {
  ingest: answering,
  read: answering,
  log: { ...answering, memoryMb: 512 },
  audit: { ...answering, memoryMb: 1769, timeout: Duration.seconds(29) },
  administer: { ...answering, memoryMb: 512 },
  erase: { ...answering, memoryMb: 512 },
  letters: { ...answering, memoryMb: 512 },
  link: { ...answering, memoryMb: 512 },
  sequence: { memoryMb: 1769, timeout: Duration.minutes(2) },
  sweep: { memoryMb: 512, timeout: Duration.seconds(55) },
  redrive: { memoryMb: 1024, timeout: Duration.minutes(5) },
  release: { memoryMb: 1024, timeout: Duration.minutes(5) },
  /** It starts pages for ten minutes; the rest is for the last of them. */
  retain: { memoryMb: 1024, timeout: Duration.minutes(15) },
  /** One core, which sealing uses. It puts an import down after 12 minutes. */
  import: { memoryMb: 1769, timeout: Duration.minutes(15) },
  /** It begins no piece after twelve minutes; the rest is for the last of them. */
  export: { memoryMb: 1769, timeout: Duration.minutes(15) },
  /** It begins batches for ten minutes, and mostly waits for the tables. */
  statistics: { memoryMb: 1024, timeout: Duration.minutes(15) },
  /** It begins steps for ten minutes, and mostly waits for the tables. */
  expiry: { memoryMb: 512, timeout: Duration.minutes(15) },
  /** It begins logs for a minute and a half, and mostly waits for witnesses. */
  witness: { memoryMb: 256, timeout: Duration.minutes(2) },
  /** One core, which it uses; what it remembers has a bound. */
  'self-audit': { memoryMb: 1769, timeout: Duration.minutes(15) },
  messages: { memoryMb: 1024, timeout: Duration.seconds(29) },
  /** It begins no step after 50 seconds; the rest is for what is being sent. It mostly waits. */
  deliver: { memoryMb: 256, timeout: Duration.minutes(2) },
}

/**
 * Instances reserved where the account's quota is stated. Two sequencers let a new version start while the old one ends; a ledger with
 * `handsOver` needs more (`infra/scale.md`), and without it more would only collide.
 */
export const reservations: Readonly<Partial<Record<LambdaName, number>>> = { sequence: 2, sweep: 1 }

/** Lambda refuses a reservation that leaves the rest of the account fewer concurrent executions. */
export const leftUnreserved = 100

/** EventBridge buses of the operator's. */
export interface LedgerBuses {
  /**
   * Bus to which `letters` hands letters over, as events with source `consent-ledger` and detail type `Letter`. A rule of its owner's takes them to
   * what sends e-mail, which drops a `detail.id` that it has sent. The events hold addresses and links: no archive, and no rule for anybody
   * else. @default none: `POST /v1/confirmations` is answered 404
   */
  readonly letterBus?: IEventBus
  /**
   * Bus to which messages of endpoints with the URL `bus:` go, as events with source `consent-ledger` and the message's type as detail type.
   * @default none: such messages are not sent, and wait
   */
  readonly messageBus?: IEventBus
}

export interface LedgerFunctionsProps {
  readonly stores: LedgerStores
  /** The functions that take what was handed over have the rights to it. */
  readonly handovers?: ITableV2 | undefined
  readonly handsOver: boolean
  /** Values of the variables that are not names of stores. */
  readonly environment: Readonly<
    Record<
      | ('host' | 'ledger' | 'baseUrl' | 'administrators' | 'console' | 'viewer' | 'publishEvery' | 'controllerLimit')
      | 'witnesses',
      string
    >
  >
  readonly buses: LedgerBuses
  readonly logRetention: RetentionDays
  readonly removalPolicy: RemovalPolicy
  readonly concurrencyQuota?: number
  readonly sizing?: Partial<Record<LambdaName, Partial<Sizing>>>
}

export class LedgerFunctions extends Construct {
  readonly byName: Readonly<Record<LambdaName, LambdaFunction>>
  /** What callers use: the alias `live` of each function. */
  readonly live: Readonly<Record<LambdaName, Alias>>
  /**
   * Alias of `read` for pages. It goes to a new version at once: files of the console name each other by their hashes, so during a gradual
   * deployment a page of one version would ask the other for files that it does not have.
   */
  readonly pages: Alias

  constructor(scope: Construct, id: string, props: LedgerFunctionsProps) {
    super(scope, id)
    checkConcurrency(props)
    for (const name of ['sequence', 'redrive', 'release'] as const) checkCommits(name, sizingOf(name, props))
    const made = lambdaNames.map((name) => [name, this.make(name, props)] as const)
    this.byName = Object.fromEntries(made) as Record<LambdaName, LambdaFunction>
    const aliases = made.map(([name, { currentVersion: version, node }]) => {
      return [name, new Alias(this, `${node.id}Live`, { aliasName: 'live', version })] as const
    })
    props.buses.letterBus?.grantPutEventsTo(this.byName.letters)
    props.buses.messageBus?.grantPutEventsTo(this.byName.deliver)
    this.live = Object.fromEntries(aliases) as Record<LambdaName, Alias>
    const { messages } = this.live
    this.byName.deliver.addEnvironment(variables.messagesFunction, messages.functionArn)
    this.byName.deliver.addToRolePolicy(
      new PolicyStatement({
        sid: 'MakeMessages',
        actions: ['lambda:InvokeFunction'],
        resources: [messages.functionArn],
      }),
    )
    this.pages = new Alias(this, 'ReadPages', { aliasName: 'pages', version: this.byName.read.currentVersion })
  }

  private make(name: LambdaName, props: LedgerFunctionsProps): LambdaFunction {
    const id = name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
    const logGroup = new LogGroup(this, `${id}Logs`, {
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    })
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What the function "${name}" of the consent ledger may do, and nothing else`,
      inlinePolicies: { Rights: new PolicyDocument({ statements: statementsOf(name, props.stores, props.handovers) }) },
    })
    logGroup.grantWrite(role)
    for (const arn of patternsOf(name, props.stores)) acknowledgePattern(role, arn, whyPatterns)
    const { memoryMb, timeout, reservedConcurrency } = sizingOf(name, props)
    const lambda = new LambdaFunction(this, id, {
      description: `Consent ledger: ${name}`,
      code: codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      memorySize: memoryMb,
      timeout,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      environment: environmentOf(name, props),
      currentVersionOptions: { removalPolicy: props.removalPolicy },
    })
    acknowledge(lambda, 'Serverless-LambdaDLQ', whyNoDeadLetter(name))
    acknowledge(lambda, 'Serverless-LambdaTracing', whyNoTraces)
    return lambda
  }
}

function sizingOf(name: LambdaName, { concurrencyQuota, sizing }: LedgerFunctionsProps): Sizing {
  const reserved = concurrencyQuota === undefined ? {} : { reservedConcurrency: reservations[name] }
  return { ...defaultSizing[name], ...reserved, ...sizing?.[name] }
}

/** A reservation beyond the quota would fail the deployment after minutes, so it is refused here. */
function checkConcurrency(props: LedgerFunctionsProps): void {
  const { concurrencyQuota: quota } = props
  const reserved = lambdaNames.reduce((sum, name) => sum + (sizingOf(name, props).reservedConcurrency ?? 0), 0)
  if (reserved === 0) return
  const needed = reserved + leftUnreserved
  const ask = 'aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions'
  if (quota === undefined)
    throw new Error(
      `sizing reserves ${reserved} concurrent executions: give concurrencyQuota too, the account's own in this region (${ask})`,
    )
  if (quota < needed)
    throw new Error(
      `concurrencyQuota ${quota}: ${reserved} concurrent executions are reserved and Lambda wants ${leftUnreserved} left, so it must be ${needed} or more; without concurrencyQuota nothing is reserved (${ask})`,
    )
}

/** The same as `longestCommitMs` of `shared/ledger/log/due-logs.ts`, which nothing here may import; a test compares them. */
export const longestCommit = Duration.minutes(5)

/** The sweep looks at a log only for as long as its mark holds. A commit after that waits for the pass over all logs, some four hours. */
function checkCommits(name: LambdaName, { timeout }: Sizing): void {
  if (timeout.toMilliseconds() <= longestCommit.toMilliseconds()) return
  throw new Error(
    `sizing.${name}.timeout is ${timeout.toSeconds()} s and may be ${longestCommit.toSeconds()} s, as long as the sweep looks for what it commits`,
  )
}

const whyPatterns =
  'Objects are named by what they hold: a tile, a checkpoint, a text. The role has the folders that its function reads or writes.'
const whyNoTraces =
  'A call is one function and its database: lines and metrics say where time went, and traces would need a right on all resources.'

function whyNoDeadLetter(name: LambdaName): string {
  if (name === 'sequence') return 'The mapping of the stream has a destination for what fails, with its records.'
  const ofSchedules = [
    'sweep',
    'release',
    'retain',
    'self-audit',
    'import',
    'export',
    'deliver',
    'statistics',
    'expiry',
    'witness',
  ]
  if (name === 'redrive' || ofSchedules.includes(name)) return 'It has a destination on failure, which also says why.'
  if (name === 'messages') return 'The function `deliver` waits for its answer, and asks again in its next run.'
  return 'API Gateway waits for its answer: a failure is the caller’s to retry.'
}

/** The variables that the function's role lists. */
function environmentOf(
  name: LambdaName,
  { stores, handovers, handsOver, buses, environment }: LedgerFunctionsProps,
): Record<string, string> {
  const values: Readonly<Record<Variable, string>> = {
    ...environment,
    letterBus: buses.letterBus?.eventBusArn ?? 'none',
    messageBus: buses.messageBus?.eventBusArn ?? 'none',
    // Its alias is made after this function, which gets it then.
    messagesFunction: 'none',
    handovers: (handsOver && handovers?.tableName) || 'none',
    entries: stores.entries.tableName,
    log: stores.log.tableName,
    vault: stores.vault.tableName,
    objects: stores.objects.bucketName,
    served: stores.served.bucketName,
    failures: stores.failures.bucketName,
    files: stores.files.bucketName,
    filesOrigin: `https://${stores.files.bucketRegionalDomainName}`,
    keyringKey: stores.keyringKey.keyArn,
    checkpointKey: checkpointKeyNames(stores),
    witnessKey: stores.witnessKey.keyArn,
    receiptKey: stores.receiptKey.keyArn,
  }
  return Object.fromEntries(roles[name].map((each) => [variables[each], values[each]]))
}
