/**
 * The ledger's three tables (DESIGN section 4), split by who may do what: `entries` and `log` are insert-only, `vault` forgets.
 * Local engines create them from this, and CDK deploys them from it.
 */

const partitionKey = { name: 'pk', type: 'S' } as const
const sortKey = { name: 'sk', type: 'S' } as const
/** No capacity is provisioned: a ledger at rest costs its storage. */
const billingMode = 'PAY_PER_REQUEST' as const

export const tables = [
  { name: 'entries', partitionKey, sortKey, billingMode },
  { name: 'log', partitionKey, sortKey, billingMode },
  { name: 'vault', partitionKey, sortKey, billingMode },
] as const

export type TableName = (typeof tables)[number]['name']
