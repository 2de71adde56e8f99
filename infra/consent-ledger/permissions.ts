/**
 * What each function may do. A function's role has these statements and the right to write its own log group;
 * `test/infra/permissions.test.ts` fails for any other statement of any role.
 *
 * The only write to `entries` and `log` is `PartiQLInsert`, which fails when the key exists. A Deny by the partition key limits into which
 * partitions of `entries` a function may insert, so that a stolen audit role cannot record consents and a stolen ingest role cannot
 * publish policies. `dynamodb:LeadingKeys` of a PartiQL insert follows AWS's documentation and was not tested on AWS: if DynamoDB does not
 * set it, the Deny has no effect and the other rights hold.
 */
import type { LambdaName } from '../lambda-names.ts'
import type { TableName } from '../tables.ts'
import type { SigningKey } from './signing-keys.ts'

const get = ['dynamodb:GetItem', 'dynamodb:BatchGetItem']
/** A query needs the whole partition key, as a get does, so it finds no partition that is not known by its name. */
const read = [...get, 'dynamodb:Query']
export const insert = 'dynamodb:PartiQLInsert'
const remove = 'dynamodb:DeleteItem'
const update = 'dynamodb:UpdateItem'
const scan = 'dynamodb:Scan'

export interface Rights {
  readonly tables: Partial<Record<TableName, readonly string[]>>
  /** Patterns of the only partitions of `entries` into which the function may insert. */
  readonly into?: readonly string[]
  /** Patterns of the partitions of `entries` into which the function may not insert. */
  readonly notInto?: readonly string[]
  /** Patterns of the only partitions of `log` into which the function may insert: an Allow, which fails closed. */
  readonly intoLog?: readonly string[]
  /** Patterns of the partition keys of vault rows to which the rights on `vault` are limited; absent: all rows. */
  readonly vaultRows?: readonly string[]
  readonly getObjects?: readonly string[]
  readonly putObjects?: readonly string[]
  /** Actions on the served copies of checkpoints, which have a bucket of their own. */
  readonly servedCopies?: readonly ('s3:GetObject' | 's3:PutObject')[]
  /** Reads and replaces the position of the self-audit. */
  readonly keepsPosition?: boolean
  readonly keyring?: readonly ('kms:Decrypt' | 'kms:Encrypt')[]
  /** Keys whose public half the function reads. */
  readonly knows?: readonly SigningKey[]
  /** Keys that the function signs with; it may read their public halves too. */
  readonly signs?: readonly SigningKey[]
  readonly readsFailures?: boolean
  /** Finds rows of the vault by pseudonyms, in the index `holders`. */
  readonly findsSubjects?: boolean
  /** Patterns of the files of imports and exports, by what the function, or a URL that it signs, may do with them. */
  readonly files?: FileRights
  /** Reads the stream of entries, and where there are hand-overs, puts them and reads theirs. */
  readonly readsStream?: boolean
}

/** Patterns of names. */
export interface FileRights {
  readonly get?: readonly string[]
  readonly put?: readonly string[]
  readonly remove?: readonly string[]
}

const published = ['*#policy#*', '*#controller']
/** The ledger's own partitions: claims of identity providers, marks of erasures, and the position of retention. */
const ledgerWide = '#*'
/** Turns of a subject: retention takes one before it destroys a key. */
const turns = '*#held#*'
/** Holds and releases, marks of holds, turns. */
const holds = ['*#hold', '*#held', turns]
/** Grants of auditors, and their revocations. */
const grants = '*#grant'
/** Mandates of guardians and delegates. */
const mandates = '*#mandate#*'
/** Requests to erase that wait for the end of a hold. */
const requests = '*#requested'
/** Requests of people to be erased, and the answers. */
const asked = '*#asked'
/** Links and their ends, under each of the two subjects. */
const links = '*#link#*'
/** Plans and manifests of what retention destroys. */
const dispositions = '*#disposition'
/** Endpoints that are told what happened, and redeliveries. */
const endpoints = ['*#endpoint', '*#redelivery#*']
/** How deliveries stand and ended. */
const deliveries = ['*#delivering#*', '*#delivered#*', '*#awaited#*']
/** Receivers' reports that they have acted, and their marks. */
const reports = ['*#completion#*', '*#completed#*']
const ofFanOut = [...endpoints, ...deliveries, ...reports]
/** What was asked to import, and how far it is. Which of them wait is in a partition of the ledger's own. */
const importStates = '*#import#*'
const imports = ['*#import', importStates]
/** What was asked to export, and how far it is. Which of them wait is in a partition of the ledger's own. */
const exported = ['*#export', '*#export#*']
/** Notices of consents that end, and when which of them is to be looked at. */
const ends = ['*#expiry', '*#expires#*']
/** What the log counts to. */
const statistics = '*#statistics'
const ofController = [
  ...[requests, asked, grants, links, dispositions, statistics],
  ...[...ofFanOut, ...imports, ...exported, ...ends],
]
/** Partitions into which a function that records events may not insert. */
const notEvents = [...published, ledgerWide, '*#read#*', '*#act#*', '*#erased', ...holds, ...ofController]
const tilesAndCertificates = ['log/*', 'certificates/*']
const reportsOf = (job: LambdaName) => `operations/${job}/*`
const logWriter: Rights = {
  tables: { entries: get, log: [insert, ...read] },
  getObjects: tilesAndCertificates,
  putObjects: tilesAndCertificates,
  servedCopies: ['s3:GetObject', 's3:PutObject'],
  knows: ['receiptKey'],
  signs: ['checkpointKey', 'witnessKey'],
}

/** A log job that may also store its own reports. */
function reporting(job: LambdaName): Rights {
  return { ...logWriter, putObjects: [...tilesAndCertificates, reportsOf(job)] }
}

export const rights: Readonly<Record<LambdaName, Rights>> = {
  ingest: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    notInto: [...notEvents, mandates],
    // A person's record holds the texts that they were shown.
    getObjects: [...tilesAndCertificates, 'texts/*'],
    keyring: ['kms:Decrypt'],
    signs: ['receiptKey'],
  },
  read: {
    tables: { entries: read, vault: read, log: read },
    getObjects: ['texts/*'],
    keyring: ['kms:Decrypt'],
  },
  log: {
    tables: { entries: read, log: read },
    getObjects: ['log/*'],
    knows: ['checkpointKey', 'witnessKey'],
  },
  /** The auditor's own key is a row of the vault, inserted at its first read. Proofs are verified before they are sent: hence `knows`. */
  audit: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: ['*#read#*', ...exported, '#exports#*', ...reports],
    findsSubjects: true,
    // What the URLs may do that it signs: they are no stronger than its role.
    files: { get: ['exports/*'] },
    getObjects: ['log/*', 'texts/*'],
    keyring: ['kms:Decrypt'],
    knows: ['checkpointKey', 'witnessKey'],
  },
  /** The keys of actors are vault rows under `actor#`. This role is limited to them and cannot read other people's keys. */
  administer: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: [...published, '#identity-providers', '*#act#*', grants, ...endpoints, ...imports, '#imports#*'],
    vaultRows: ['actor#*'],
    getObjects: ['texts/*'],
    putObjects: ['texts/*'],
    // What the URLs may do that it signs: they are no stronger than its role.
    files: { get: ['imports/*'], put: ['imports/*'], remove: ['imports/*'] },
    keyring: ['kms:Decrypt', 'kms:Encrypt'],
  },
  /** Deletes from the vault, and cannot insert there. Making a hold reads rows of the vault; proving a manifest reads tiles. */
  erase: {
    tables: { entries: [insert, ...read], vault: [remove, ...read], log: read },
    into: ['*#erased', '#erased#*', ...holds, requests, asked],
    getObjects: ['log/*'],
    keyring: ['kms:Decrypt'],
  },
  /** Records what people decide by links in letters, and mandates. It has no key to sign with and no objects. */
  letters: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    notInto: notEvents,
    keyring: ['kms:Decrypt'],
  },
  /** Links subjects, and records that a person asks to be erased. Makes keys for a person whose first act is a link. It can record no event. */
  link: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    into: [links, asked],
    keyring: ['kms:Decrypt'],
  },
  sequence: { ...logWriter, readsStream: true },
  sweep: { ...reporting('sweep'), tables: { ...logWriter.tables, entries: read } },
  redrive: { ...reporting('redrive'), readsFailures: true },
  release: { ...reporting('release'), tables: { ...logWriter.tables, entries: read } },
  /** Removes single keys from a row with `UpdateItem`. IAM cannot limit that action to removals. */
  retain: {
    tables: { entries: [insert, ...read], vault: [remove, update, scan, ...read], log: read },
    into: ['*#erased', '#erased#*', turns, dispositions, '#retained'],
    putObjects: [reportsOf('retain')],
    keyring: ['kms:Decrypt'],
  },
  /** Records events as `ingest` does, signs nothing, and says how far an import is. */
  import: {
    tables: { entries: [insert, ...read], vault: [insert, ...read], log: read },
    notInto: [...notEvents.filter((pattern) => pattern !== importStates), mandates],
    putObjects: [reportsOf('import')],
    files: { get: ['imports/*'], put: ['imports/*'], remove: ['imports/*'] },
    keyring: ['kms:Decrypt'],
  },
  /** Opens events and endpoints' secrets for `deliver`, and writes nothing. */
  messages: {
    tables: { entries: read, vault: read, log: read },
    findsSubjects: true,
    keyring: ['kms:Decrypt'],
  },
  /** Reaches addresses that others chose, so it opens nothing: its messages come signed. */
  deliver: {
    tables: { entries: [insert, ...read], log: read },
    into: deliveries,
    putObjects: [reportsOf('deliver')],
  },
  /** Opens all events of a controller and writes them to files. It records nothing but how far it is. */
  export: {
    tables: { entries: [insert, ...read], vault: read, log: read },
    into: ['*#export#*'],
    findsSubjects: true,
    putObjects: [reportsOf('export')],
    files: { get: ['exports/*'], put: ['exports/*'], remove: ['exports/*'] },
    keyring: ['kms:Decrypt'],
  },
  /** Opens every event to count it, and inserts the counts only. */
  statistics: {
    tables: { entries: [insert, ...read], vault: read, log: read },
    into: [statistics],
    findsSubjects: true,
    putObjects: [reportsOf('statistics')],
    keyring: ['kms:Decrypt'],
  },
  /** Opens the events of people whose consents end, and inserts notices and its own notes only. */
  expiry: {
    tables: { entries: [insert, ...read], vault: read, log: read },
    into: ends,
    findsSubjects: true,
    putObjects: [reportsOf('expiry')],
    keyring: ['kms:Decrypt'],
  },
  /** Reaches outside witnesses, so it holds no key, and inserts what they signed and nothing else of a log. */
  witness: {
    tables: { entries: read, log: read },
    intoLog: ['*#cosigned'],
    getObjects: ['log/*'],
    putObjects: [reportsOf('witness')],
    servedCopies: ['s3:GetObject', 's3:PutObject'],
  },
  'self-audit': {
    tables: { entries: [...read, scan], log: [...read, scan], vault: [...read, scan] },
    getObjects: ['log/*', 'texts/*', 'certificates/*'],
    putObjects: [reportsOf('self-audit')],
    servedCopies: ['s3:GetObject'],
    keepsPosition: true,
    keyring: ['kms:Decrypt'],
    knows: ['checkpointKey', 'witnessKey'],
  },
}
