/** Sites after what was done on the page, and the origins of what was typed. */
import { describe, expect, it } from 'vitest'
import { type CurrentSite, withActs } from '../../../../functions/console/sites/current-sites.ts'
import { areAcceptable, readOrigins } from '../../../../functions/console/sites/read-origins.ts'

const web: CurrentSite = {
  site: 'web',
  kind: 'web',
  name: 'Shop',
  origins: ['https://a.example'],
  createdAt: '2026-01-01T00:00:00.000Z',
  key: 'site_acme_web_x',
  change: 0,
}
const { change: _, ...created } = { ...web, site: 'app', key: 'site_acme_app_x' }

describe('the list of sites', () => {
  it('has a new site once', () => {
    expect(withActs([web], [created]).map(({ site }) => site)).toEqual(['web', 'app'])
    expect(withActs([web, { ...created, change: 0 }], [created])).toHaveLength(2)
  })

  it('has the newest origins, from the page or from the ledger', () => {
    const changed = { site: 'web', change: 1, origins: ['https://b.example'], changedAt: '2026-02-01T00:00:00.000Z' }
    expect(withActs([web], [changed])[0]).toMatchObject({ change: 1, origins: ['https://b.example'] })
    const newer = { ...web, change: 2, origins: ['https://c.example'] }
    expect(withActs([newer], [changed])[0]).toEqual(newer)
  })

  it('has a revoked site, also one that was made on the page', () => {
    const revoked = { site: 'app', revokedAt: '2026-02-01T00:00:00.000Z' }
    expect(withActs([web], [created, revoked]).map(({ revokedAt }) => revokedAt)).toEqual([
      undefined,
      revoked.revokedAt,
    ])
  })
})

describe('typed origins', () => {
  it.each([
    ['', [], undefined],
    ['https://A.example/\n\n  https://a.example:443 ', ['https://a.example'], undefined],
    ['https://a.example\nhttps://*.example', ['https://a.example'], 'https://*.example'],
    ['javascript:alert(1)', [], 'javascript:alert(1)'],
    ['capacitor://localhost', ['capacitor://localhost'], undefined],
  ])('%j', (typed, origins, faulty) => {
    expect(readOrigins(typed)).toEqual({ origins, ...(faulty !== undefined && { faulty }) })
    expect(areAcceptable(typed)).toBe(faulty === undefined)
  })

  it('are at most fifty', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `https://a${i}.example`).join('\n')
    expect(areAcceptable(many(50))).toBe(true)
    expect(areAcceptable(many(51))).toBe(false)
  })
})
