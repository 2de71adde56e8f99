/**
 * What the package gives to other people's CDK apps, as `@consent-ledger/cdk`:
 *
 *   import { ConsentLedger } from '@consent-ledger/cdk'
 *
 *   new ConsentLedger(this, 'Consent', {
 *     host: 'consent.example.com',
 *     administrators: { issuer: 'https://login.example.com', audience: 'consent-ledger' },
 *   })
 *
 * The functions come bundled with it: nothing is built at synthesis. The apps in `infra/README.md` are tested.
 */
export { type Domain, defaultThrottles, type Throttle, type TokenIssuer } from './consent-ledger/api.ts'
export { ConsentLedger, type ConsentLedgerProps } from './consent-ledger/consent-ledger.ts'
export { LedgerEdge, type LedgerEdgeProps } from './consent-ledger/edge.ts'
export { defaultSizing, type Sizing } from './consent-ledger/functions.ts'
export { type Issuer, issuerOf, LedgerUserPool, type LedgerUserPoolProps } from './consent-ledger/identity.ts'
export type { ObjectLock, Retention } from './consent-ledger/retention.ts'
export { LedgerStores, type LedgerStoresProps } from './consent-ledger/stores.ts'
