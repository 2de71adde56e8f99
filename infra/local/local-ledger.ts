/**
 * A ledger on one machine: embedded database engines, a directory of objects, key files, the system's clock, and the sequencer in the same
 * process. The vault has an engine and a file of its own, so that vacuuming that one file completes an erasure. With `endpoint` another
 * DynamoDB takes the place of both engines.
 */
import { join } from 'node:path'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient, type DynamoTableOptions, dynamoTable } from '../../functions/aws/dynamodb.ts'
import { dynamoRetentionVault } from '../../functions/aws/retention-vault.ts'
import { dynamoSubjectFinder } from '../../functions/aws/subject-finder.ts'
import type { Instance } from '../../functions/instance.ts'
import { plainTelemetry } from '../../functions/telemetry.ts'
import { dueExports } from '../../shared/exports/export-state.ts'
import { runExport } from '../../shared/exports/run-export.ts'
import { dueImports } from '../../shared/imports/import-state.ts'
import { runImport } from '../../shared/imports/run-import.ts'
import { grantReader } from '../../shared/ledger/auditors/audit-grants.ts'
import { controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Eraser, Ledger, LogWriter, RetentionJob } from '../../shared/ledger/ledger.ts'
import type { LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'
import {
  earlierLogVerifierKeys,
  logPolicyText,
  logVerifierKey,
  publicKeysOf,
  witnessVerifierKey,
} from '../../shared/ledger/log/log-policy-text.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { certifyReceiptKey, promiseIssuer } from '../../shared/ledger/recording/inclusion-promises.ts'
import type { Clock, SubjectFinder, Table } from '../../shared/ledger/store.ts'
import { tables } from '../tables.ts'
import { startRetention } from './daily-retention.ts'
import { openCheckpointKeys } from './data/checkpoint-keys.ts'
import { type DataFolder, lockDataFolder } from './data/data-folder.ts'
import { directoryObjects } from './data/directory-objects.ts'
import { keyFileKeyring, keyFileSigner, readOrMake } from './data/key-files.ts'
import { mailboxFolder } from './data/mailbox-folder.ts'
import { vacuumIfMarked, vaultMarkingDeletions } from './data/vault-vacuum.ts'
import { type DevelopmentIssuer, ledgerAudience, openDevelopmentIssuer } from './development-issuer.ts'
import { startEngine } from './engine/engine.ts'
import { engineClient } from './engine/engine-client.ts'
import { type SupervisorOptions, superviseEngine } from './engine/supervisor.ts'
import { type LocalTransfers, openTransfers } from './files/local-transfers.ts'
import { startExpiry } from './hourly-expiry.ts'
import { startStatistics } from './hourly-statistics.ts'
import { openAnnouncedKeys } from './log/announced-keys.ts'
import { announcingTable } from './log/announcing-table.ts'
import { type LogRunner, type LogRunnerOptions, startLogRunner } from './log/log-runner.ts'
import { type PastLedger, pastLedger } from './past-ledger.ts'
import type { RepeatedRun } from './repeated-run.ts'
import { startTransfers, type TransferRunner } from './transfer-runner.ts'

export interface LocalLedgerOptions {
  /** A path is locked by `openLocalLedger` and released by `close`; a `DataFolder` stays with the caller. */
  readonly dataFolder: string | DataFolder
  /** A DynamoDB to use instead of the embedded engines. */
  readonly endpoint?: string
  readonly clock?: Clock
  /** The sequencer's clock, where it is another: for tests that go back in time, which a log cannot. */
  readonly logClock?: Clock
  /** First part of the logs' origins; fixed when the folder is first used. */
  readonly host?: string
  /** Where `/log/...` will be served. */
  readonly baseUrl?: () => string
  /** `off`, for the bench: no sequencer runs, and entries recorded meanwhile are never announced. */
  readonly log?: LogRunnerOptions | 'off'
  readonly onEngineEvent?: SupervisorOptions['onEvent']
  readonly onRetentionFault?: (error: unknown) => void
  readonly onImportFault?: (error: unknown) => void
  readonly onExportFault?: (error: unknown) => void
  /** Called at each call to the database; for tests and the bench. */
  readonly onCall?: DynamoTableOptions['onCall']
}

export interface LocalLedger extends Instance {
  readonly issuer: DevelopmentIssuer
  /** Name of the engine or address of the DynamoDB that holds the tables, for people to read. */
  readonly engine: string
  /** Endpoints of the engines: of entries and log, and of the vault. */
  readonly endpoints: readonly [ledger: string, vault: string]
  readonly logWriter: LogWriter
  readonly eraser: Eraser
  readonly letterOutbox: LetterOutbox
  readonly retentionJob: RetentionJob
  /** For jobs that walk a log. */
  readonly subjectFinder: SubjectFinder
  readonly statistics: RepeatedRun
  readonly expiry: RepeatedRun
  readonly retention: RepeatedRun
  readonly transfers: LocalTransfers
  readonly imports: TransferRunner
  readonly exports: TransferRunner
  /** Verifier keys, `name+hash+base64`: the newest of a controller's log, that of the ledger's witness, and the log's earlier ones. */
  logKeys(controller: string): readonly [log: string, witness: string, ...earlier: string[]]
  readonly runner: LogRunner
  /** The same ledger under another clock: for the demo world, which is published into the past. */
  at(clock: Clock): PastLedger
  close(): Promise<void>
}

const defaultHost = 'ledger.localhost'

const noRunner: LogRunner = {
  announce: () => [],
  report: () => {},
  settle: async () => true,
  release: async () => true,
  close: async () => {},
}
const vaultFile = 'vault.db'
/** How long refused calls are retried. An engine that refuses has ended or its disk is full: requests get 503 within 2 s. */
const retryMs = 1_500

export async function openLocalLedger(options: LocalLedgerOptions): Promise<LocalLedger> {
  if (typeof options.dataFolder !== 'string') return openIn(options.dataFolder.path, options)
  const folder = await lockDataFolder(options.dataFolder)
  try {
    const local = await openIn(folder.path, options)
    const close = async () => {
      await local.close()
      await folder.release()
    }
    return { ...local, close }
  } catch (error) {
    await folder.release()
    throw error
  }
}

/** The caller holds the folder's lock. */
async function openIn(dataFolder: string, options: LocalLedgerOptions): Promise<LocalLedger> {
  const { clock = Date.now, logClock, onCall } = options
  const baseUrl = () => options.baseUrl?.() ?? `http://${host}`
  await vacuumIfMarked(join(dataFolder, vaultFile))
  const [main, vault, host] = await Promise.all([
    startTables(options, join(dataFolder, 'ledger.db'), ['entries', 'log']),
    startTables(options, join(dataFolder, vaultFile), ['vault']),
    hostOf(dataFolder, options.host),
  ])
  const random = pooledRandomness()
  const keyFile = (name: string) => join(dataFolder, 'keys', `${name}.key`)
  const [keyring, issuer, checkpointKeys, witnessSigner, receiptSigner] = await Promise.all([
    keyFileKeyring(keyFile('keyring'), random),
    openDevelopmentIssuer(dataFolder),
    openCheckpointKeys(join(dataFolder, 'keys')),
    keyFileSigner(keyFile('witness')),
    keyFileSigner(keyFile('receipt')),
  ])
  const engineTable = { onCall, inTransactions: true, retryMs }
  const stored = dynamoTable(main.calls, 'entries', engineTable)
  const log = dynamoTable(main.calls, 'log', engineTable)
  const objects = directoryObjects(join(dataFolder, 'objects'))
  const logWriter: LogWriter = {
    entries: stored,
    log,
    objects,
    clock: logClock ?? clock,
    random,
    host,
    ...checkpointKeys,
    witnessSigner,
  }
  const keys = { host, ...publicKeysOf(checkpointKeys), witnessKey: witnessSigner.publicKey }
  const certificate = () => certifyReceiptKey(logWriter, receiptSigner.publicKey)
  const runner =
    options.log === 'off'
      ? noRunner
      : startLogRunner(logWriter, openAnnouncedKeys(join(dataFolder, 'doorbell')), options.log)

  const vaultTable = dynamoTable(vault.calls, 'vault', engineTable)
  const announcing = options.log === 'off' ? stored : announcingTable(stored, runner)
  const vaultRetainer = dynamoRetentionVault(vaultTable, vault.client, 'vault', { retryMs })
  const isOurFile = options.endpoint === undefined
  const forErasing = {
    entries: announcing,
    vault: isOurFile ? vaultMarkingDeletions(vaultRetainer, join(dataFolder, vaultFile)) : vaultRetainer,
    clock,
    random,
  }
  const eraser: Eraser = { ...forErasing, deletedRowCopies: { in: isOurFile ? 'file' : 'unknown' } }

  const ledgerAt = (time: Clock, entries: Table, log: Table): Ledger => ({
    entries,
    log,
    vault: vaultTable,
    objects,
    keyring,
    random,
    clock: time,
    controllers: controllerSnapshots(entries, log, keyring, time),
    host,
    cached: objectCache(),
    promiseIssuer: promiseIssuer({ receiptSigner, host, certificate, clock: time }),
  })
  const ledger = ledgerAt(clock, announcing, log)
  const transfers = openTransfers(join(dataFolder, 'files'), baseUrl)
  const subjectFinder = dynamoSubjectFinder(vault.calls, 'vault', { retryMs })
  const { files } = transfers
  const exports = startTransfers(
    {
      due: (silentMs) => dueExports(ledger, silentMs),
      run: (due, pace) => runExport({ ledger, finder: subjectFinder, files, ...pace }, due),
    },
    options.onExportFault,
  )
  const grants = grantReader(stored, clock)
  const retentionJob: RetentionJob = { ...forErasing, log, controllers: ledger.controllers }
  const retention = startRetention(retentionJob, objects, options.onRetentionFault)
  const statistics = startStatistics({ ...ledger, entries: stored, finder: subjectFinder }, objects)
  const expiry = startExpiry({ ledger, finder: subjectFinder })
  const imports = startTransfers(
    { due: (silentMs) => dueImports(ledger, silentMs), run: (due, pace) => runImport({ ledger, files, ...pace }, due) },
    options.onImportFault,
  )
  return {
    ledger,
    at: (time) =>
      pastLedger({ ...logWriter, entries: stored, clock: logClock ?? time }, (...its) => ledgerAt(time, ...its)),
    administrators: issuer.provider(ledgerAudience),
    logPolicy: async (controller) => logPolicyText(keys, controller, baseUrl()),
    telemetry: plainTelemetry,
    grants: async () => grants,
    logKeys: (controller) => [
      logVerifierKey(keys, controller),
      witnessVerifierKey(keys),
      ...earlierLogVerifierKeys(keys, controller),
    ],
    logWriter,
    eraser,
    letterOutbox: mailboxFolder(join(dataFolder, 'mailbox')),
    retentionJob,
    subjectFinder,
    statistics,
    expiry,
    retention,
    transfers,
    imports,
    exports,
    runner,
    issuer,
    engine: main.name,
    endpoints: [main.endpoint, vault.endpoint],
    async close() {
      const jobs = [retention, imports, exports, statistics, expiry, transfers]
      await Promise.all(jobs.map((each) => each.close()))
      await runner.close()
      await Promise.all([main.stop(), vault.stop()])
      // If this fails, the next start does it.
      await vacuumIfMarked(join(dataFolder, vaultFile)).catch(() => undefined)
    },
  }
}

/** The host is part of every log's origin, so it is fixed when the folder is first used. */
async function hostOf(dataFolder: string, host: string | undefined): Promise<string> {
  const stored = await readOrMake(join(dataFolder, 'keys', 'host'), () => Buffer.from(host ?? defaultHost))
  const fixed = stored.toString()
  if (host !== undefined && host !== fixed) {
    throw new Error(`the logs in ${dataFolder} have the host ${fixed}; it cannot become ${host}`)
  }
  return fixed
}

async function startTables(
  { endpoint, onEngineEvent }: LocalLedgerOptions,
  dataFile: string,
  names: readonly string[],
) {
  const engine =
    endpoint === undefined
      ? await superviseEngine((options) => startEngine({ dataFile, ...options }), { onEvent: onEngineEvent })
      : { endpoint, name: endpoint, stop: async () => {} }
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(
    client,
    tables.filter((table) => names.includes(table.name)),
  )
  const calls = endpoint === undefined ? engineClient(engine.endpoint) : client
  return {
    client,
    /** What the tables' calls go through. */
    calls,
    endpoint: engine.endpoint,
    name: engine.name,
    async stop() {
      calls.destroy()
      client.destroy()
      await engine.stop()
    },
  }
}
