/** The stores of a ledger: those that are handed in, or new ones with the choices of `ConsentLedger`. */
import type { Construct } from 'constructs'
import type { BackupOptions } from './backup.ts'
import type { Replicating } from './replication.ts'
import type { Retention } from './retention.ts'
import { LedgerStores, type WarmThroughput } from './stores.ts'

/** Choices for the stores that a ledger makes for itself. */
export interface StoreChoices extends Retention, Replicating {
  /** Daily backups of the stores that are made here, copied to other accounts and regions. @default none */
  readonly backup?: BackupOptions
  /** What the tables that are made here take at once: see `LedgerStoresProps.warmThroughput`. @default what a new table takes */
  readonly warmThroughput?: WarmThroughput
}

interface Choices extends StoreChoices {
  readonly stores?: LedgerStores
}

export function storesOf(scope: Construct, props: Choices): LedgerStores {
  const { stores, removalPolicy, deletionProtection, objectLock, backup, replicateTo, warmThroughput } = props
  if (stores === undefined)
    return new LedgerStores(scope, 'Stores', {
      ...(removalPolicy && { removalPolicy }),
      ...(deletionProtection !== undefined && { deletionProtection }),
      ...(objectLock && { objectLock }),
      ...(backup && { backup }),
      ...(replicateTo && { replicateTo }),
      ...(warmThroughput && { warmThroughput }),
    })
  if ([deletionProtection, objectLock, backup, replicateTo, warmThroughput].every((choice) => choice === undefined))
    return stores
  throw new Error(
    'deletionProtection, objectLock, backup, replicateTo and warmThroughput are props of the stores: set them on the LedgerStores that you pass as `stores`',
  )
}
