/**
 * The ledger's three tables, separated by what may be done to them: `entries` and `log` are insert-only, rows of `vault` can be deleted.
 * Local engines create them from this list, and the construct deploys them from it.
 */

const partitionKey = { name: 'pk', type: 'S' } as const
const sortKey = { name: 'sk', type: 'S' } as const
/** Without provisioned capacity, a ledger at rest costs only its storage. */
const billingMode = 'PAY_PER_REQUEST' as const

/** Leads from a pseudonym to its row (`shared/ledger/vault/find-by-pseudonym.ts`). Holds keys only, and the rows that have the attribute. */
const holders = { name: 'holders', partitionKey: { name: 'holder', type: 'S' } } as const

export const tables = [
  { name: 'entries', partitionKey, sortKey, billingMode, indexes: [] },
  { name: 'log', partitionKey, sortKey, billingMode, indexes: [] },
  { name: 'vault', partitionKey, sortKey, billingMode, indexes: [holders] },
] as const

export type TableName = (typeof tables)[number]['name']
