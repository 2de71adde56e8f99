/** Grants: the request that follows from the form, which the schema of the API takes, and the order and state of what is listed. */
import { describe, expect, it } from 'vitest'
import { draftOf, emptyFields, namesIn } from '../../../../functions/console/grants/grant-fields.ts'
import { fetchGrants, stateOf } from '../../../../functions/console/grants/grant-list.ts'
import { grantDraft } from '../../../../shared/api/schemas/grants.ts'
import type { Grant } from '../../../../shared/server/wire.ts'

const grantId = '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11'
const fields = { ...emptyFields, name: ' The authority ', holder: 'anna', until: '2090-01-01T00:00' }

describe('the form', () => {
  it.each([
    ['everybody', {}],
    ['people', { about: 'named', people: 'a@example.com\n\n b@example.com \na@example.com' }],
    ['a sample', { about: 'sample', sampleSize: '500', sampleCount: '20', sampleSeed: 'ab'.repeat(16) }],
    ['a program of another provider', { holderKind: 'client', issuer: 'https://id.example' }],
    ['some purposes, from a day on', { purposes: ['newsletter'], from: '2026-12-01T08:30' }],
  ] as const)('for %s makes a request that the API takes', (_, more) => {
    expect(grantDraft.safeParse(draftOf({ ...fields, ...more }, grantId))).toMatchObject({ success: true })
  })

  it('names each person once, and leaves out what was not filled in', () => {
    expect(namesIn({ people: 'a\n\n b \na' })).toEqual(['a', 'b'])
    expect(draftOf(fields, grantId)).toEqual({
      ...{ grantId, auditor: { subject: 'anna' }, name: 'The authority', subjects: 'all' },
      until: new Date('2090-01-01T00:00').toISOString(),
    })
  })
})

describe('the list', () => {
  const holder = { issuer: 'https://id.example', subject: 'anna' }
  const grant = (name: string, more: Partial<Grant>): Grant => ({
    ...{ grantId, auditor: holder, name, subjects: 'all', stands: false, madeBy: holder },
    ...{ from: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z', madeAt: '2026-01-01T00:00:00.000Z' },
    ...more,
  })

  it('has those that stand first, then those to come, the ended and the revoked ones', async () => {
    const pages = [
      [grant('ended', {}), grant('revoked', { revokedAt: '2026-01-02T00:00:00.000Z' })],
      [
        grant('older', { stands: true }),
        grant('newer', { stands: true, madeAt: '2026-01-05T00:00:00.000Z' }),
        grant('later', { from: '2089-01-01T00:00:00.000Z' }),
      ],
    ]
    let page = 0
    const grants = await fetchGrants({
      async listGrants() {
        page += 1
        return { grants: pages[page - 1] ?? [], ...(page < pages.length && { next: grantId }) }
      },
    })
    expect(grants.map(({ name }) => name)).toEqual(['newer', 'older', 'later', 'ended', 'revoked'])
  })

  it('a revoked grant is revoked, even before its term', () => {
    const revokedAt = '2026-01-02T00:00:00.000Z'
    expect(stateOf({ stands: false, from: '2089-01-01T00:00:00.000Z', revokedAt }, '2026-11-30T00:00:00.000Z')).toBe(
      'revoked',
    )
  })
})
