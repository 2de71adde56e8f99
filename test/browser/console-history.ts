/** A person with a history of two years, for the auditor's pages: recorded through the API, by the controller's server. */
import { randomUUID } from 'node:crypto'
import { bearer, dayMs, moved } from '../support/demo-calls.ts'
import { type RunningLedger, siteKeyOf } from '../support/running-ledger.ts'

export const kim = { type: 'email', id: 'kim@example.org' } as const
const other = { type: 'email', id: 'kim.other@example.org' } as const

/** Days before the present, and what was decided then, by purpose. */
const decided = [
  [700, { statistics: 'given', 'marketing-cookies': 'refused' }],
  [620, { statistics: 'withdrawn' }],
  [400, { statistics: 'given', preferences: 'given' }],
  [399.99, { statistics: 'refused' }],
  [399.98, { statistics: 'given' }],
  [120, { 'marketing-cookies': 'given' }],
  [60, { 'marketing-cookies': 'withdrawn' }],
  [2, { statistics: 'given' }],
] as const

const signals = {
  gpcShown: true,
  consentMode: { analytics_storage: 'granted', ad_storage: 'denied' },
  consentModePurposes: { analytics_storage: ['statistics'], ad_storage: ['marketing-cookies', 'preferences'] },
}

/** Records the history of `kim`, who is linked with another identity that says no. */
export async function recordHistory(ledger: RunningLedger): Promise<void> {
  const headers = bearer(await ledger.token('consent.write', 'ljungsten', 'server'))
  const path = `/v1/events?key=${siteKeyOf(ledger, 'ljungsten/back-office')}`
  const send = async (subject: object, daysAgo: number, verbs: Readonly<Record<string, string>>) => {
    const { status, text } = await ledger.post(
      path,
      {
        eventId: randomUUID(),
        occurredAt: moved(ledger.now(), -daysAgo * dayMs),
        subject: { identifier: subject },
        decisions: Object.entries(verbs).map(([purposeId, verb]) => ({ purposeId, verb })),
        shown: [{ policyId: 'cookie-policy', version: daysAgo > 547 ? '1' : '2', locale: 'en' }],
        ...{ channel: 'web', surface: 'banner', act: 'button', control: 'save-choices' },
        ...(daysAgo === 2 && { signals }),
      },
      headers,
    )
    if (status !== 201) throw new Error(`the event was not recorded: ${text}`)
  }
  for (const [daysAgo, verbs] of decided) await send(kim, daysAgo, verbs)
  await send(other, 1, { statistics: 'refused' })
  const link = {
    controller: 'ljungsten',
    subjects: [kim, other],
    ground: 'One customer number',
    requestId: randomUUID(),
  }
  const { status, text } = await ledger.post('/v1/links', link, headers)
  if (status !== 201 && status !== 200) throw new Error(`the identities were not linked: ${text}`)
}

/** An answer with as many events as wanted on one purpose, made from an answer of the ledger. */
export function withManyEvents(answer: string, count: number): string {
  const timeline = JSON.parse(answer)
  const [template] = timeline.events
  const verbs = ['given', 'withdrawn', 'refused', 'requested']
  const events = Array.from({ length: count }, (_, index) => {
    const at = moved(timeline.at, -Math.round(((count - index) / count) ** 2 * 800 * dayMs))
    const decisions = [{ purposeId: 'statistics', verb: verbs[(index >> 2) % 4] }]
    const times = { ...template.times, occurredAt: at, recordedAt: at, effectiveAt: at }
    return { ...template, eventId: randomUUID(), decisions, times }
  })
  const changes = events.map(({ eventId, times }, index) => ({
    at: times.effectiveAt,
    ...{ status: index % 2 === 0 ? 'Given' : 'Withdrawn', reason: 'decided', decidedBy: eventId },
  }))
  return JSON.stringify({ ...timeline, joint: undefined, events, total: count, changes })
}

/** The page of a whole timeline that a question asks for, as the ledger gives it. */
export function pageOfTimeline(whole: string, question: { readonly limit: number; readonly after?: string }): string {
  const { changes, events, ...timeline } = JSON.parse(whole)
  // A test's cursor is the place in the list.
  const start = Number(question.after ?? 0)
  const end = start + question.limit
  return JSON.stringify({
    ...timeline,
    changes: start === 0 ? changes : [],
    events: events.slice(start, end),
    ...(end < events.length && { next: String(end) }),
  })
}

/** The same answer as when one entry that is named, and two more, could not be read. */
export function withUnreadable(answer: string): string {
  const { consents, changes, joint: _, ...rest } = JSON.parse(answer)
  const found = { status: 'Undetermined', reason: 'event-unreadable' }
  const unreadable = [
    { code: 'event-unreadable', receiptId: 'AAAAAAAAAAAAAAAAAAAAAA' },
    { code: 'more-unreadable', count: 2 },
  ]
  return JSON.stringify({
    ...rest,
    ...(consents && {
      consents: consents.map((each: object) => ({ ...each, ...found, knownThen: { ...each, ...found } })),
    }),
    ...(changes && { changes: changes.map(({ at }: { at: string }) => ({ at, ...found })) }),
    unreadable,
  })
}
