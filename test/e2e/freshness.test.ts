/**
 * Versions and presentations are cached for at most 30 s, absence never: what was published a moment ago counts for the event
 * that names it, although this instance read the policy before.
 */
import { hash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import {
  administer,
  type EventBody,
  moved,
  noon,
  notice,
  record,
  secondMs,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(async () => {
  ledger.setClock(noon)
  await record(ledger, visitorEvent(ledger, aDeviceSecret()))
})

const refusal = ({ status, json }: Reply) => [status, json.code, json.field]

describe('published a moment ago', () => {
  const publishPresentation = (presentationId: string, more: EventBody = {}) =>
    administer(ledger, '/policies/cookie-policy/presentations', {
      presentationId,
      wording: { en: 'May we count visits?' },
      controls: [{ purposeId: 'statistics', label: { en: 'Statistics' }, initially: 'on' }],
      refusal: { label: { en: 'No' }, layer: 1 },
      ...more,
    })

  test('a presentation counts, is immutable, and shows only what its policy declares', async () => {
    expect((await publishPresentation('ticked')).status).toBe(201)
    const { json } = await record(ledger, visitorEvent(ledger, aDeviceSecret(), { presentationId: 'ticked' }))
    expect(json.decisions[0]).toMatchObject({ effect: 'none', reason: 'initially-on' })
    expect((await publishPresentation('ticked')).status).toBe(200)
    expect(refusal(await publishPresentation('ticked', { wording: { en: 'Other' } }))).toEqual([
      409,
      'already-exists',
      undefined,
    ])
    const stray = [{ purposeId: 'newsletter', label: { en: 'News' }, initially: 'off' }]
    expect(refusal(await publishPresentation('stray', { controls: stray }))).toEqual([
      400,
      'unknown-purpose',
      '/controls',
    ])
  })

  test('a version is known to an event that names it or its hash', async () => {
    const text = { locale: 'en', mediaType: 'text/plain', text: 'A text like no other.' } as const
    const latest = world.ljungsten.publications.findLast(({ draft }) => draft.policyId === 'cookie-policy')?.draft
    const { policyId: _, ...draft } = { ...latest, version: '7', level: 'minor', changes: [], texts: [text] }
    const coming = { ...draft, effectiveFrom: '2027-09-01T00:00:00.000Z' }
    expect((await administer(ledger, '/policies/cookie-policy/versions', coming)).status).toBe(201)
    ledger.setClock(moved(noon, secondMs))
    for (const [shown, grade] of [
      [{ version: '7' }, 'asserted'],
      [{ textSha256: hash('sha256', text.text) }, 'hashed'],
    ] as const) {
      const event = visitorEvent(ledger, aDeviceSecret(), { shown: [{ policyId: 'cookie-policy', ...shown }] })
      expect((await record(ledger, event)).json.link[0]).toMatchObject({ grade, shown: '7' })
    }
  })

  test('a policy is served and decided on at once', async () => {
    const { purposes: _, policyId: __, ...terms } = world.ljungsten.publications[0]?.draft ?? {}
    const draft = { ...terms, version: '1', effectiveFrom: undefined, purposes: [] }
    expect((await administer(ledger, '/policies/house-rules/versions', draft)).status).toBe(201)
    const served = await notice(ledger, 'house-rules')
    expect(served.status).toBe(200)
    const decisions = [{ policyId: 'house-rules', verb: 'accepted' }]
    const shown = [{ noticeToken: served.json.noticeToken }]
    const { status, json } = await record(ledger, visitorEvent(ledger, aDeviceSecret(), { decisions, shown }))
    expect([status, json.decisions[0].effect, json.link[0].grade]).toEqual([201, 'yes', 'served-unbound'])
  })
})
