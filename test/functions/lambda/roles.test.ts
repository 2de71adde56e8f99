/** The table of roles and the IAM permissions name the same tables, buckets and keys for each function. */
import { expect, it } from 'vitest'
import { hasVariable } from '../../../functions/lambda/roles.ts'
import { rights } from '../../../infra/consent-ledger/permissions.ts'
import { lambdaNames } from '../../../infra/lambda-names.ts'
import { tables as ledgerTables } from '../../../infra/tables.ts'

const signingKeys = ['checkpointKey', 'witnessKey', 'receiptKey'] as const

it.each(lambdaNames)('%s may use what its variables name, and nothing else', (name) => {
  const { tables, getObjects, putObjects, servedCopies, keyring, knows = [], signs = [], readsFailures } = rights[name]
  for (const { name: table } of ledgerTables)
    expect([table, hasVariable(name, table)]).toEqual([table, table in tables])
  expect(hasVariable(name, 'objects')).toBe((getObjects ?? putObjects) !== undefined)
  expect(hasVariable(name, 'served')).toBe(servedCopies !== undefined)
  expect(hasVariable(name, 'keyringKey')).toBe(keyring !== undefined)
  expect(hasVariable(name, 'failures')).toBe(readsFailures === true)
  expect(signingKeys.filter((key) => hasVariable(name, key))).toEqual(
    signingKeys.filter((key) => knows.includes(key) || signs.includes(key)),
  )
})
