/** The time before which a person who said no is not asked again, as the person and an auditor get it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { world } from '../../infra/demo/world/world.ts'
import { administer, audit, device, moved, noon, record } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()

test('is counted from the latest no, and is absent from a yes', async () => {
  ledger.setClock(noon)
  const draft = world.tallmo.publications[0]?.draft
  const purposes = [{ ...draft?.purposes[0], purposeId: 'patient', askAgainAfter: 'P30D' }]
  const version = { ...draft, policyId: undefined, effectiveFrom: undefined, purposes }
  expect((await administer(ledger, '/policies/patience/versions', version, 'tallmo')).status).toBe(201)
  const [secret, site] = [aDeviceSecret(), 'tallmo/web']
  const decide = async (verb: string, occurredAt: string, isNew = false) => {
    ledger.setClock(occurredAt)
    const event = {
      ...{ eventId: randomUUID(), occurredAt, decisions: [{ purposeId: 'patient', verb }] },
      subject: { deviceSecret: secret, ...(isNew && { new: true }) },
      ...{
        shown: [{ policyId: 'patience', version: draft?.version }],
        channel: 'web',
        surface: 'banner',
        act: 'button',
      },
    }
    const { status, text } = await record(ledger, event, site)
    expect(status, text).toBe(201)
  }
  const dayMs = 86_400_000
  const asked = async () => {
    const path = `/v1/me/consents?key=${siteKeyOf(ledger, site)}`
    const { json } = await ledger.get(path, device(secret))
    const own = json.consents.find((each: { purposeId?: string }) => each.purposeId === 'patient')
    const question = { controller: 'tallmo', subject: deviceIdentity(secret), purposeId: 'patient' }
    const { json: audited } = await audit(ledger, 'consents', question, 'tallmo')
    expect(audited.consents[0].notBefore).toBe(own.notBefore)
    return [own.status, own.notBefore]
  }
  await decide('refused', moved(noon, dayMs), true)
  expect(await asked()).toEqual(['Refused', moved(noon, 31 * dayMs)])
  await decide('refused', moved(noon, 40 * dayMs))
  expect(await asked()).toEqual(['Refused', moved(noon, 70 * dayMs)])
  await decide('given', moved(noon, 80 * dayMs))
  expect(await asked()).toEqual(['Given', undefined])
})
