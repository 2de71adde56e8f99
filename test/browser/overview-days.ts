/** A week of visitors whose numbers are known, counted: days of many people, of too few, and of none. The last one only completes the day before. */
import { expect } from 'vitest'
import { device, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type RunningLedger, siteKeyOf } from '../support/running-ledger.ts'

export const firstDay = '2026-11-20T08:00:00.000Z'
/** The last complete day is the one before. */
export const now = '2026-11-26T12:00:00.000Z'

const banner = { presentationId: 'cookie-banner-2025', channel: 'web' }

async function decide(ledger: RunningLedger, people: number, verb: string, more: EventBody = {}): Promise<string[]> {
  const secrets = Array.from({ length: people }, aDeviceSecret)
  const decisions = [{ purposeId: 'statistics', verb }]
  const shown = [{ policyId: 'cookie-policy', version: '2', locale: 'en' }]
  const events = secrets.map((secret) => visitorEvent(ledger, secret, { decisions, shown, channel: 'web', ...more }))
  for (let sent = 0; sent < events.length; sent += 25)
    expect((await record(ledger, { events: events.slice(sent, sent + 25) })).status).toBe(200)
  return secrets
}

export async function recordWeek(ledger: RunningLedger): Promise<void> {
  const during = async (day: string, act: () => Promise<unknown>) => {
    ledger.setClock(`${day}T12:00:00.000Z`)
    await act()
    await ledger.local.runner.settle()
  }
  let first: string[] = []
  await during('2026-11-20', async () => {
    first = await decide(ledger, 30, 'given', banner)
    await decide(ledger, 20, 'refused', banner)
    await decide(ledger, 12, 'given')
    await decide(ledger, 34, 'given', {
      decisions: [{ purposeId: 'partner-offers', verb: 'given' }],
      shown: [{ policyId: 'privacy-policy', version: '2', locale: 'en' }],
    })
    await decide(ledger, 14, 'refused', { decisions: [{ purposeId: 'marketing-cookies', verb: 'refused' }] })
  })
  await during('2026-11-21', async () => {
    await decide(ledger, 40, 'given', banner)
    await decide(ledger, 15, 'refused', banner)
  })
  await during('2026-11-22', async () => {
    await decide(ledger, 5, 'given', banner)
    await decide(ledger, 3, 'refused', banner)
  })
  // Nobody on the 23rd.
  await during('2026-11-24', async () => {
    await decide(ledger, 25, 'given', banner)
    await decide(ledger, 25, 'refused', banner)
    await decide(ledger, 3, 'given', { channel: 'ios' })
  })
  await during('2026-11-25', async () => {
    await decide(ledger, 20, 'given')
    const path = `/v1/me/events?key=${siteKeyOf(ledger, 'ljungsten/web')}`
    for (const secret of first.slice(0, 11)) {
      const { subject: _, ...event } = visitorEvent(ledger, secret, {
        decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }],
      })
      const { status, text } = await ledger.post(path, event, device(secret))
      expect(status, text).toBe(201)
    }
  })
  await during(now.slice(0, 10), () => decide(ledger, 1, 'given'))
  await ledger.local.statistics.run()
}
