/**
 * A month of invented visitors, for `npm start -- --visitors`: so many that the statistics have numbers to show. Each day is recorded with the
 * clock set to it, as the demo world is, so it has to come before anything is recorded today: a log's time never goes back.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { ClientEvent } from '../../shared/consent/client-event.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { lastBatch } from '../../shared/ledger/log/batches.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { LocalLedger } from '../local/local-ledger.ts'

export type WithVisitors = Pick<LocalLedger, 'ledger' | 'at' | 'statistics'>

const controller = 'ljungsten'
const dayMs = 24 * 3_600_000
/** Events that are recorded at once. */
const batchSize = 50

/** Share of people who say yes, by purpose. */
const cookies = { preferences: 0.74, statistics: 0.58, 'marketing-cookies': 0.31 } as const

interface Visitor {
  readonly id: string
  readonly channel: 'web' | 'ios'
  readonly locale: 'sv-SE' | 'en'
}

type Decisions = ClientEvent['decisions']

/** @returns whether they were recorded; not into a log that already has something of these days */
export async function recordVisitors(local: WithVisitors, now = Date.now(), days = 30): Promise<boolean> {
  const noon = Math.floor(now / dayMs) * dayMs + dayMs / 2
  const first = noon - days * dayMs
  const snapshot = await local.ledger.controllers.current(controller)
  const newest = await lastBatch(local.ledger.log, controller)
  if (snapshot === undefined || (newest !== undefined && Date.parse(newest.at) >= first)) return false
  const chance = numbers()
  const agreed: Visitor[] = []
  for (let at = first; at < noon; at += dayMs) {
    const ledger = local.at(() => at)
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay())
    const visitors = Array.from({ length: isWeekend ? 22 : 48 + Math.floor(24 * chance()) }, () => aVisitor(chance()))
    const events = visitors.map((visitor) => {
      const decisions = Object.entries(cookies).map(([purposeId, share]) => ({
        purposeId,
        verb: chance() < share ? ('given' as const) : ('refused' as const),
      }))
      if (decisions.some(({ purposeId, verb }) => purposeId === 'statistics' && verb === 'given')) agreed.push(visitor)
      return { visitor, decisions, policyId: 'cookie-policy', presentationId: 'cookie-banner-2025' }
    })
    const signUps = Array.from({ length: isWeekend ? 4 : 26 }, () => ({
      visitor: aVisitor(chance()),
      decisions: [{ purposeId: 'partner-offers', verb: chance() < 0.5 ? ('given' as const) : ('refused' as const) }],
      policyId: 'privacy-policy',
      presentationId: 'signup-form',
    }))
    const withdrawals = agreed.length < 300 ? [] : agreed.splice(0, 12)
    await recordDay(ledger, snapshot, at, [
      ...events,
      ...signUps,
      ...withdrawals.map((visitor) => ({
        visitor,
        decisions: [{ purposeId: 'statistics', verb: 'withdrawn' as const }],
        policyId: 'cookie-policy',
      })),
    ])
    await ledger.sequence()
  }
  // A day is complete once something of a later one is in the log.
  const today = local.at(() => now)
  const decisions = [{ purposeId: 'statistics', verb: 'given' as const }]
  await recordDay(today, snapshot, now, [{ visitor: aVisitor(chance()), decisions, policyId: 'cookie-policy' }])
  await today.sequence()
  await today.publish()
  await local.statistics.run()
  return true
}

interface Visit {
  readonly visitor: Visitor
  readonly decisions: Decisions
  readonly policyId: string
  readonly presentationId?: string
}

async function recordDay(ledger: Ledger, snapshot: ControllerSnapshot, at: number, visits: readonly Visit[]) {
  const submissions = visits.map(({ visitor, decisions, policyId, presentationId }) => ({
    event: {
      eventId: randomUUID(),
      occurredAt: new Date(at).toISOString(),
      decisions,
      shown: [{ policyId, version: '2', locale: visitor.locale }],
      ...(presentationId !== undefined && { presentationId }),
      channel: visitor.channel,
      surface: 'banner' as const,
      act: 'button' as const,
      control: 'save-choices' as const,
    },
    identity: { type: 'device', id: visitor.id } as const,
    assurance: 'anonymous' as const,
    announcedNew: true,
    site: 'web',
  }))
  for (let begin = 0; begin < submissions.length; begin += batchSize) {
    const { outcomes } = await recordEvents(ledger, snapshot, submissions.slice(begin, begin + batchSize))
    for (const outcome of outcomes) if (outcome.outcome === 'refused') throw outcome.error
  }
}

function aVisitor(chance: number): Visitor {
  return {
    id: createHash('sha256').update(randomUUID()).digest('base64url'),
    channel: chance < 0.75 ? 'web' : 'ios',
    locale: (chance * 100) % 1 < 0.8 ? 'sv-SE' : 'en',
  }
}

/** The same numbers from 0 to 1 each time, so that the demo looks the same for everyone (Park and Miller's generator, 1988). */
function numbers(): () => number {
  let state = 20_261_201
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
