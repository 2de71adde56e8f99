/** Invented histories, in the form of the ledger's answers. */
import fc from 'fast-check'
import type { Topic } from '../../../functions/console/question/topics.ts'
import type { Change, RecordedEvent } from '../../../functions/console/timeline/lanes.ts'
import type { Timeline } from '../../../shared/server/wire.ts'

export const day = 86_400_000
export const now = Date.parse('2026-11-30T12:00:00.000Z')

/** From five years ago until now: spread out, or many within a minute. */
export const instants = fc.oneof(
  fc.array(fc.integer({ min: now - 1800 * day, max: now }), { minLength: 1, maxLength: 60 }),
  fc.array(fc.integer({ min: now - 60_000, max: now }), { minLength: 1, maxLength: 60 }),
)

const text = (at: number) => new Date(at).toISOString()
const purposes = ['statistics', 'marketing-cookies', 'newsletter'] as const
const verbs = ['given', 'withdrawn', 'requested'] as const

/** On one purpose, and every fifth on two. */
export function anEvent(at: number, index: number): RecordedEvent {
  const decision = (by: number) => ({
    purposeId: purposes[by % purposes.length] ?? 'statistics',
    verb: verbs[by % verbs.length] ?? 'given',
  })
  const time = text(at)
  return {
    eventId: crypto.randomUUID(),
    site: 'web',
    decisions: index % 5 === 4 ? [decision(index), decision(index + 1)] : [decision(index)],
    times: { occurredAt: time, recordedAt: time, effectiveAt: time, verdict: 'trusted' },
    link: [],
    how: {},
  }
}

export function answer(events: readonly RecordedEvent[]): Timeline {
  const at = text(now)
  return {
    subject: { type: 'email', id: 'kim@example.org' },
    at,
    knownAt: at,
    changes: [],
    total: events.length,
    events: [...events],
  }
}

export const changeAt = (at: number, status: Change['status']): Change => ({ at: text(at), status, reason: 'decided' })

type Version = Topic['history']['versions'][number]

export const history = {
  version(version: string, from: number, publishedAt = from - 40 * day): Version {
    return {
      policyId: 'cookie-policy',
      version,
      kind: 'cookie',
      title: { en: 'Cookies' },
      scope: [],
      ground: 'business',
      summary: { en: 'Cookies' },
      level: 'major',
      changes: [],
      purposes: [],
      texts: [],
      effectiveFrom: text(from),
      publishedAt: text(publishedAt),
      notBefore: text(from),
      retroactive: false,
    }
  },
  topic(versions: Version[], retracted: readonly string[] = []): Topic {
    const retractions = retracted.map((version) => ({ version, reason: 'Replaced', retractedAt: text(now - 45 * day) }))
    return {
      key: 'purpose/statistics',
      title: { en: 'Statistics' },
      history: { policyId: 'cookie-policy', versions, retractions, presentations: [] },
    }
  },
}

export const topics: readonly Topic[] = purposes.map((purposeId) => ({
  ...history.topic([history.version('1', now - 2000 * day)]),
  key: `purpose/${purposeId}`,
}))
