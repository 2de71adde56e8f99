/** Scenes 8 to 11: what changes a consent. A new version of the text, the person, an objection, and a version to come. */
import { difference, history, policies, timeline, type version } from '../../shared/api/schemas/answers.ts'
import type { Checked, Request } from './client.ts'
import {
  ask,
  byAccount,
  byDevice,
  byOperator,
  type Credential,
  dayMs,
  newEvent,
  now,
  ownState,
  record,
  type Stage,
} from './stage.ts'
import { paintStatus, shortTime, tellCall, tellQuestion } from './telling.ts'
import { localeOf } from './words.ts'
import { aheadWords, importWords, objectWords, withdrawWords } from './words-change.ts'

const versionsOf = (policyId: string) => `/v1/controllers/ljungsten/policies/${policyId}/versions`

export async function importOldConsent(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = importWords[page.language]
  page.scene(words.scene)
  const identity = { type: 'email', id: cast.harriet.email }
  const by = await byOperator(stage, identity, 'imported')
  const handed = await record(
    stage,
    {
      site: 'back-office',
      by,
      event: newEvent(stage, {
        occurredAt: '2024-09-10T12:00:00Z',
        decisions: [{ purposeId: 'statistics', verb: 'given' }],
        shown: [{ policyId: 'cookie-policy', version: '1', locale: 'en' }],
        channel: 'web',
        surface: 'banner',
        act: 'button',
        control: 'save-choices',
      }),
    },
    { statistics: 'a yes' },
  )
  ledger.expect('the verdict on the times', handed.times.verdict, 'asserted')
  const about = { subject: identity, topic: { purposeId: 'statistics' } }
  const expired = await ask(stage, { ...about, words: words.today }, 'Expired')
  ledger.expect('the reason', expired.reason, 'policy-changed')
  await tellTimeline(stage, identity)
  await tellDifference(stage)
}

async function tellTimeline({ page, ledger }: Stage, subject: Credential['identity']): Promise<void> {
  const words = importWords[page.language]
  tellQuestion(page, words.when)
  const request: Request = {
    method: 'POST',
    path: '/v1/audit/timeline',
    authorization: await ledger.bearer('ljungsten', 'auditor@ljungsten.example', 'consent.audit'),
    body: { controller: 'ljungsten', subject, purposeId: 'statistics' },
  }
  const { changes } = await ledger.call(request, 200, timeline)
  tellCall(page, request, 200)
  page.table(
    'answer',
    words.header,
    changes.map((c) => [shortTime(c.at), paintStatus(page, c.status), c.reason]),
  )
  ledger.expect(
    'the statuses in time',
    changes.map((c) => c.status),
    ['Given', 'Expired'],
  )
}

async function tellDifference({ page, ledger }: Stage): Promise<void> {
  const words = importWords[page.language]
  tellQuestion(page, words.what)
  const locale = localeOf[page.language]
  const path = `/v1/controllers/ljungsten/policies/cookie-policy/diff?from=1&to=2&locale=${locale}&by=words`
  const found = await ledger.call({ method: 'GET', path }, 200, difference)
  tellCall(page, { method: 'GET', path }, 200)
  const change = found.changes.find((c) => c.purposeId === 'statistics')
  ledger.expect('the level of the change', change?.level, 'major')
  page.fact('answer', `${change?.level}: ${change?.reason}`)
  const fields = found.purposes.find((p) => p.purposeId === 'statistics')?.fields ?? []
  page.fact('purpose', words.other(fields.join(', ')))
  const marks = { added: ['green', '+'], removed: ['red', '-'] } as const
  const lines = changesUnder(found.text, words.heading).map(({ kind, text }) => {
    const [style, mark] = marks[kind]
    return [page.paint(style, mark), page.paint(style, text)]
  })
  page.rows('text', lines)
  ledger.expect('that the text says who counts', JSON.stringify(lines).includes('Lupin Analytics GmbH'), true)
}

interface Change {
  readonly kind: 'added' | 'removed'
  readonly text: string
}

/** Shorter ones are single words that the comparison happened to find again. */
const fewestWords = 4

/** The changes below a heading of the text, of some words or more; the rows of its tables as plain enumerations. */
function changesUnder(text: Checked<typeof difference>['text'], heading: string): Change[] {
  const changes: Change[] = []
  let read = ''
  for (const { kind, text: part } of text) {
    const under = read
      .match(/^#+ .*$/gm)
      ?.at(-1)
      ?.replace(/^#+ /, '')
    const [beforeHeading = ''] = part.split(/^#+ /m)
    const plain = beforeHeading
      .replaceAll(/\s*\|\s*/g, ', ')
      .replaceAll('`', '')
      .replaceAll(/\s+/g, ' ')
    const said = plain.replace(/^[ ,]+/, '').replace(/[ ,]+$/, '')
    if (kind !== 'same' && under === heading && said.split(' ').length >= fewestWords)
      changes.push({ kind, text: said })
    if (kind !== 'removed') read += part
  }
  return changes
}

export async function withdraw(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = withdrawWords[page.language]
  page.scene(words.scene)
  const by = byDevice(cast.karin)
  const handed = await record(
    stage,
    {
      site: 'web',
      by,
      own: true,
      event: newEvent(stage, {
        decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }],
        channel: 'web',
        surface: 'preference-centre',
        act: 'toggle',
        control: 'single',
      }),
    },
    { statistics: 'a no' },
  )
  ledger.expect('the grade', handed.link[0]?.grade, 'assumed')
  page.say(words.noText)
  await ask(stage, { words: words.question, subject: by.identity, topic: { purposeId: 'statistics' } }, 'Withdrawn')
  const own = (await ownState(stage, 'web', by)).find((a) => a.purposeId === 'statistics')
  ledger.expect('what she reads herself', own?.status, 'Withdrawn')
}

export async function object(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = objectWords[page.language]
  page.scene(words.scene)
  const by = await byAccount(stage, cast.elin)
  await record(
    stage,
    {
      site: 'web',
      by,
      event: newEvent(stage, {
        decisions: [
          { purposeId: 'direct-marketing', verb: 'objected' },
          { purposeId: 'customer-analysis', verb: 'objected' },
        ],
        channel: 'web',
        surface: 'account',
        act: 'toggle',
        control: 'save-choices',
      }),
    },
    { 'direct-marketing': 'a no', 'customer-analysis': 'a no' },
  )
  const ground = 'compelling grounds of the controller'
  await record(
    stage,
    {
      site: 'back-office',
      by: await byOperator(stage, by.identity, 'operator'),
      event: newEvent(stage, {
        decisions: [
          { purposeId: 'direct-marketing', verb: 'objection-overruled', ground },
          { purposeId: 'customer-analysis', verb: 'objection-overruled', ground },
        ],
        channel: 'api',
      }),
    },
    { 'direct-marketing': 'the operator’s word', 'customer-analysis': 'the operator’s word' },
  )
  const subject = by.identity
  const marketing = {
    words: words.marketing,
    subject,
    topic: { purposeId: 'direct-marketing' },
  }
  const answer = await ask(stage, marketing, 'Objected')
  ledger.expect(
    'what had no effect',
    answer.withoutEffect.map((w) => w.reason),
    ['objection-is-absolute'],
  )
  const analysis = {
    words: words.analysis,
    subject,
    topic: { purposeId: 'customer-analysis' },
  }
  await ask(stage, analysis, 'NotObjected')
}

/** `by` has said yes to offers from partners. */
export async function lookAhead(stage: Stage, by: Credential): Promise<void> {
  const { page, ledger } = stage
  const words = aheadWords[page.language]
  page.scene(words.scene)
  tellQuestion(page, words.question)
  const listed = await ledger.call({ method: 'GET', path: '/v1/controllers/ljungsten/policies' }, 200, policies)
  const scheduled: Checked<typeof version>[] = []
  for (const { policyId } of listed.policies) {
    const { versions } = await ledger.call({ method: 'GET', path: versionsOf(policyId) }, 200, history)
    scheduled.push(...versions.filter((v) => v.notBefore > now(stage)))
  }
  tellCall(page, { method: 'GET', path: versionsOf('{policyId}') }, 200)
  if (scheduled.length === 0) page.fact('answer', words.nothing)
  else {
    page.table(
      'answer',
      words.header,
      scheduled
        .toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
        .map((v) => [
          v.policyId,
          v.version,
          v.notBefore.slice(0, 10),
          v.level,
          v.summary[localeOf[page.language]] ?? '',
        ]),
    )
  }
  const topic = { purposeId: 'partner-offers' }
  const next = scheduled.find((v) => v.changes.some((c) => c.purposeId === topic.purposeId && c.level === 'major'))
  if (next === undefined) return
  await ask(stage, { words: words.today, subject: by.identity, topic }, 'Given')
  const at = new Date(Date.parse(next.notBefore) + dayMs).toISOString()
  const later = words.later(at.slice(0, 10))
  const after = await ask(stage, { words: later, subject: by.identity, topic, at }, 'Expired')
  ledger.expect('the reason', after.reason, 'policy-changed')
}
