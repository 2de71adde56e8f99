/**
 * The ledger's three tables, separated by what may be done to them: `entries` and `log` are insert-only, rows of `vault` can be deleted.
 * Local engines create them from this list, and the construct deploys them from it.
 */

const partitionKey = { name: 'pk', type: 'S' } as const
const sortKey = { name: 'sk', type: 'S' } as const
/** Without provisioned capacity, a ledger at rest costs only its storage. */
const billingMode = 'PAY_PER_REQUEST' as const

export const tables = [
  { name: 'entries', partitionKey, sortKey, billingMode },
  { name: 'log', partitionKey, sortKey, billingMode },
  { name: 'vault', partitionKey, sortKey, billingMode },
] as const

export type TableName = (typeof tables)[number]['name']
