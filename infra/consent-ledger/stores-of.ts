/** The stores of a ledger: those that are handed in, or new ones with the choices of `ConsentLedger`. */
import type { Construct } from 'constructs'
import { LedgerStores, type LedgerStoresProps } from './stores.ts'

interface Choices extends LedgerStoresProps {
  readonly stores?: LedgerStores
}

export function storesOf(scope: Construct, props: Choices): LedgerStores {
  const { stores, removalPolicy, deletionProtection, objectLock, backup, warmThroughput } = props
  if (stores === undefined)
    return new LedgerStores(scope, 'Stores', {
      ...(removalPolicy && { removalPolicy }),
      ...(deletionProtection !== undefined && { deletionProtection }),
      ...(objectLock && { objectLock }),
      ...(backup && { backup }),
      ...(warmThroughput && { warmThroughput }),
    })
  if ([deletionProtection, objectLock, backup, warmThroughput].every((choice) => choice === undefined)) return stores
  throw new Error(
    'deletionProtection, objectLock, backup and warmThroughput are props of the stores: set them on the LedgerStores that you pass as `stores`',
  )
}
