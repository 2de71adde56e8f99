/** How many grants a controller may have. What they permit is in `test/shared/consent/audit-grants.test.ts` and `test/e2e/grants.test.ts`. */
import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import {
  grantKey,
  grantReader,
  makeGrant,
  maxGrants,
  maxStandingGrants,
  revokeGrant,
} from '../../../../shared/ledger/auditors/audit-grants.ts'
import { type VaultScope, vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { type MemoryLedger, memoryLedger, seeded } from '../../../support/memory-ledger.ts'

const editor = { issuer: 'urn:test', subject: 'editor' }
let ledger: MemoryLedger
let scope: VaultScope

beforeEach(async () => {
  ledger = memoryLedger('2026-11-22T12:00:00.000Z')
  scope = vaultScope(await seeded(ledger))
})

const draft = (until = '2027-01-01T00:00:00.000Z') => ({
  ...{ grantId: randomUUID(), auditor: { issuer: 'urn:test', subject: 'auditor' }, name: 'The authority' },
  ...({ subjects: { kind: 'all' }, until } as const),
})
const make = (of = draft()) => makeGrant(ledger, scope, of, editor)

it('grants that stand have a bound, and a revocation or an end makes room', async () => {
  const short = draft('2026-11-22T13:00:00.000Z')
  await make(short)
  for (let n = 1; n < maxStandingGrants; n++) expect((await make()).created).toBe(true)
  const more = draft()
  await expect(make(more)).rejects.toMatchObject({
    code: 'limit-reached',
    message: expect.stringContaining('revoke one'),
  })
  // The same request again is no new grant.
  expect((await make(short)).created).toBe(false)
  ledger.setNow('2026-11-22T13:00:00.000Z')
  expect((await make(more)).created).toBe(true)
  await expect(make()).rejects.toMatchObject({ code: 'limit-reached' })
  await revokeGrant(ledger, scope, more.grantId, editor)
  expect((await make()).created).toBe(true)
})

it('a revocation by another instance counts after 30 seconds at the latest, and a new grant at once', async () => {
  const reader = grantReader(ledger.entries, ledger.clock)
  const drawn = draft()
  const standing = async () => (await reader.recent(scope)).filter(({ revokedAt }) => revokedAt === undefined).length
  expect(await standing()).toBe(0)
  await make(drawn)
  // A question that no remembered grant permits reads the grants again.
  expect([await standing(), (await reader.current(scope)).length, await standing()]).toEqual([0, 1, 1])
  await revokeGrant(ledger, scope, drawn.grantId, editor)
  ledger.setNow('2026-11-22T12:00:30.000Z')
  expect(await standing()).toBe(1)
  ledger.setNow('2026-11-22T12:00:30.001Z')
  expect(await standing()).toBe(0)
})

it('all grants that were ever made have a bound, whether they can be read or not', async () => {
  await ledger.entries.insert(
    Array.from({ length: maxGrants - 1 }, () => ({ ...grantKey('acme', randomUUID()), values: { leaf: '{}' } })),
  )
  expect((await make()).created).toBe(true)
  await expect(make()).rejects.toMatchObject({ code: 'limit-reached' })
})
