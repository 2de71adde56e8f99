/** Leaves of every kind that a ledger makes, as an auditor reads them who walks its log. */
import { expect, it } from 'vitest'
import { inspectLeaf } from '../../../shared/verify/log-leaves.ts'
import { openSmallDrill } from '../ledger/audit/drill.ts'
import { allOf } from '../ledger/audit/drill-items.ts'

it('a leaf of every kind that the ledger makes is read', async () => {
  const { entries } = await openSmallDrill()
  const leaves = (await allOf(entries)).flatMap(({ values: { leaf } }) => (typeof leaf === 'string' ? [leaf] : []))
  const kinds = leaves.map((leaf) => {
    const read = inspectLeaf(Buffer.from(leaf))
    return typeof read === 'string' ? `${read}: ${leaf}` : read.kind
  })
  expect([...new Set(kinds)].sort()).toEqual([
    ...[
      'act',
      'completion',
      'controller',
      'disposition',
      'endpoint',
      'erased',
      'erasure-asked',
      'erasure-granted',
      'erasure-refused',
    ],
    ...['erasure-requested', 'event', 'expiry', 'grant', 'grant-revoked'],
    ...['hold', 'hold-released', 'identity-provider', 'identity-provider-change', 'key-change'],
    ...['link', 'mandate', 'mandate-ended', 'policy', 'presentation', 'read', 'redelivery', 'site'],
    ...['site-origins', 'site-revocation', 'unlink'],
  ])
})
