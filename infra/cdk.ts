/** `@consent-ledger/cdk`: the ledger as a construct for CDK apps, with its bundled functions. `consent-ledger/README.md` is its manual. */

export type { Domain, TokenIssuer } from './consent-ledger/api.ts'
export { type BackupOptions, LedgerBackupCopies, type LedgerBackupCopiesProps } from './consent-ledger/backup.ts'
export { ConsentLedger, type ConsentLedgerProps } from './consent-ledger/consent-ledger.ts'
export type { ConsoleOptions, ConsoleSignIn } from './consent-ledger/console-sign-in.ts'
export { LedgerEdge, type LedgerEdgeProps } from './consent-ledger/edge.ts'
export { defaultLimits, type FirewallLimits } from './consent-ledger/firewall.ts'
export { defaultSizing, type Sizing } from './consent-ledger/functions.ts'
export { type Issuer, issuerOf, LedgerUserPool, type LedgerUserPoolProps } from './consent-ledger/identity.ts'
export type { ObjectLock, Retention } from './consent-ledger/retention.ts'
export { LedgerStores, type LedgerStoresProps, type WarmThroughput } from './consent-ledger/stores.ts'
export { defaultControllerLimit, defaultThrottles, type Throttle } from './consent-ledger/throttles.ts'
