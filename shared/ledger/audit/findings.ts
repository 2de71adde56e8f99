/**
 * The findings of the self-audit: one stable id for each check, with its meaning. Severity `error`: evidence is damaged or a promise is
 * broken. `warning`: the ledger repairs it in its next run. `pending`: not due yet, or not decidable here. `note`: sound, but less can be
 * checked than of other items. A ledger with only the last two is clean.
 *
 * A finding names no person: keys of items are pseudonyms, and what is sealed is never quoted.
 */
import type { Key } from '../store.ts'

export const findingSeverities = ['error', 'warning', 'pending', 'note'] as const
export type Severity = (typeof findingSeverities)[number]

/** Whether a finding of this severity means that something is wrong. */
export const isFaultSeverity = (severity: Severity): boolean => severity === 'error' || severity === 'warning'

export interface Finding {
  readonly check: CheckId
  readonly severity: Severity
  /** Empty when it is not known whose it is. */
  readonly controller: string
  readonly where: FindingLocation
  readonly says: string
}

export interface FindingLocation {
  readonly leafIndex?: number
  readonly treeSize?: number
  /** Name in object storage. */
  readonly object?: string
  readonly key?: Key
}

/** All checks. Findings of part `log` forbid adding to that log until an operator has decided. */
export const auditChecks = {
  'controller-unreadable': { part: 'entries', says: 'items of a controller whose record or secrets cannot be read' },

  'item-stray': { part: 'entries', says: 'an item that belongs to no controller' },
  'entry-unsequenced': { part: 'entries', says: 'an entry has no leaf in the log' },
  'entry-leafless': { part: 'entries', says: 'an entry without leaf bytes' },
  'record-differs': { part: 'entries', says: 'a published record is not what its leaf, its draft or its key says' },
  'leaf-none': { part: 'entries', says: 'no leaf (recorded before sites and identity providers had one)' },
  'claim-missing': { part: 'entries', says: 'a claim that was made for a record is gone, or is another’s' },
  'claim-differs': { part: 'entries', says: 'a claim is not that of its record' },
  'claim-unused': { part: 'entries', says: 'a claim whose record was never stored' },
  'text-missing': { part: 'objects', says: 'a version names a text that is not there' },
  'text-differs': { part: 'objects', says: 'a text is not the one that its version names' },
  'kind-unknown': {
    part: 'entries',
    says: 'an entry of a kind that this audit does not open: only its leaf was compared',
  },

  'event-unreadable': { part: 'vault', says: 'an entry whose keys are there does not open' },
  'event-differs': { part: 'entries', says: 'an entry opens, and is not what its leaf commits to' },
  'unexplained-loss': {
    part: 'vault',
    says: 'the keys of an entry are gone, and neither an erasure nor a retention that has passed explains it',
  },
  'read-missing': {
    part: 'entries',
    says: 'a subject has a row of a read whose entry is not there: it was cut short before it was answered, or the entry is gone',
  },
  'subjects-undecided': {
    part: 'vault',
    says: 'more subjects were erased during this pass than it can tell from lost ones: the next pass compares them again',
  },
  'holders-unopened': {
    part: 'vault',
    says: 'more people and programs read or acted than one pass can remember: the reads and acts of the others were not opened',
  },
  'read-names-unknown': {
    part: 'vault',
    says: 'a read of an earlier form names, under the key of its reader, a subject that was erased or never known: erase the reader to close it',
  },
  'hold-missing': {
    part: 'entries',
    says: 'a mark, a turn or a release of a hold that is not there, or of another: what it covers is kept all the same',
  },
  'hold-unmarked': {
    part: 'entries',
    says: 'a hold on a purpose or a date that nothing finds: it was cut short before it was answered, or its mark is gone',
  },
  'mandate-missing': { part: 'entries', says: 'a revocation of a mandate that is not there' },
  'disposition-missing': { part: 'entries', says: 'the plan of a manifest of retention is gone' },
  'disposition-open': {
    part: 'entries',
    says: 'a run of retention was cut short, and no later one has made its manifest',
  },
  'turn-missing': { part: 'entries', says: 'a turn of a subject is gone: it may have been a hold' },
  'erasure-unfinished': { part: 'vault', says: 'a subject was erased, and keys of it are still there' },
  'vault-unreadable': { part: 'vault', says: 'a row of the vault that no controller can open' },
  'vault-differs': { part: 'vault', says: 'a row of the vault states another year than its own, or none' },
  'vault-orphan': { part: 'vault', says: "a year's keys without the row of their subject" },

  'verified-differs': {
    part: 'log',
    says: 'the log is not an extension of the tree that an earlier run of the self-audit verified',
  },
  'batch-malformed': { part: 'log', says: 'an item of the log is not a batch' },
  'batch-gap': {
    part: 'log',
    says: 'a batch does not begin where the one before it ends; the tiles behind it were not compared',
  },
  'batch-root': { part: 'log', says: 'the root or the compact range of a batch is not that of its leaves' },
  'clock-set-back': { part: 'log', says: 'the clock of the log was wrong, and set back' },
  'batch-time': {
    part: 'log',
    says: 'the time of a batch is before that of the batch before, or not that of its time leaf',
  },
  'entry-missing': { part: 'log', says: 'the log has a leaf whose entry is gone' },
  'leaf-differs': { part: 'log', says: 'the leaf of an entry is not the one that was logged' },
  'index-missing': { part: 'log', says: 'a leaf without its index row' },
  'index-differs': { part: 'log', says: 'an index row of an entry that is not at that leaf index' },

  'checkpoint-none': { part: 'log', says: 'the log was never opened, or its checkpoints are lost' },
  'checkpoint-object-missing': { part: 'log', says: 'a checkpoint is in the table and not in write-once storage' },
  'checkpoint-row-missing': { part: 'log', says: 'a checkpoint is in write-once storage and not in the table' },
  'checkpoint-copies-differ': { part: 'log', says: 'the two copies of a checkpoint differ' },
  'checkpoint-unsigned': { part: 'log', says: 'a checkpoint that the log key and the witness did not both sign' },
  'checkpoint-root': { part: 'log', says: 'a checkpoint has another root than the leaves of the table' },
  'checkpoint-time': { part: 'log', says: 'a checkpoint was cosigned before the one before it' },
  'checkpoint-beyond-log': { part: 'log', says: 'a checkpoint of a size at which no batch of the table ends' },
  'checkpoint-served-differs': { part: 'objects', says: 'the served checkpoint is not the stored one of its size' },
  'checkpoint-served-behind': { part: 'objects', says: 'the served checkpoint is not the newest' },
  unpublished: { part: 'entries', says: 'the last batches are in no checkpoint' },

  'certificate-unsigned': {
    part: 'objects',
    says: 'a certificate of a receipt key that the checkpoint key did not sign',
  },
  'certificate-differs': {
    part: 'objects',
    says: 'a certificate is not for the host, the key or the year that its name states',
  },

  'tile-missing': { part: 'log', says: 'a published tile is gone' },
  'tile-differs': { part: 'log', says: 'a published tile has other bytes than the leaves of the table' },
  'bundle-missing': { part: 'log', says: 'a published entry bundle is gone' },
  'bundle-differs': { part: 'log', says: 'a published entry bundle has other leaves than the log' },
} as const satisfies Record<string, { readonly part: Part; readonly says: string }>

export type Part = 'entries' | 'vault' | 'objects' | 'log'
export type CheckId = keyof typeof auditChecks

/** How much was compared, since a clean report over nothing would mean nothing. */
export interface ComparedCounts {
  controllers: number
  /** Vault rows of subjects that a controller's key opens. */
  subjects: number
  /** Items of the entries table with leaf bytes. */
  entries: number
  events: number
  reads: number
  /** Rows of reads of subjects that are in the vault. */
  readsOfSubjects: number
  acts: number
  /** Controllers, identity providers, sites, changes of their origins, versions, presentations, retractions. */
  records: number
  erasures: number
  /** Holds, releases, and requests to erase that a hold stood against. */
  holds: number
  /** Grants of auditors, and their revocations. */
  grants: number
  /** Manifests of what retention destroyed. */
  dispositions: number
  /** Changes of endpoints, redeliveries, and receivers' reports. */
  endpoints: number
  /** Turns of subjects that are in the vault. */
  turns: number
  /** Links of subjects that are in the vault, and their ends; one for each side. */
  links: number
  /** Mandates and their revocations, of subjects that are in the vault. */
  mandates: number
  /** Events and reads that no longer open, explained by an erasure. */
  erased: number
  /** The same, explained by a retention that has passed. */
  lapsed: number
  /** Opened, but for the context, whose key went sooner. */
  withoutContext: number
  /** Events recorded before their digests had a check. Whether such a digest was changed cannot be determined. */
  withoutDigestCheck: number
  texts: number
  batches: number
  leaves: number
  indexRows: number
  checkpoints: number
  tiles: number
  bundles: number
  /** Certificates of receipt keys. */
  certificates: number
}

export function zeroCounts(): ComparedCounts {
  return {
    controllers: 0,
    subjects: 0,
    entries: 0,
    events: 0,
    reads: 0,
    readsOfSubjects: 0,
    acts: 0,
    records: 0,
    erasures: 0,
    holds: 0,
    grants: 0,
    dispositions: 0,
    endpoints: 0,
    turns: 0,
    links: 0,
    mandates: 0,
    erased: 0,
    lapsed: 0,
    withoutContext: 0,
    withoutDigestCheck: 0,
    texts: 0,
    batches: 0,
    leaves: 0,
    indexRows: 0,
    checkpoints: 0,
    tiles: 0,
    bundles: 0,
    certificates: 0,
  }
}
