/** Scenes 1 to 4: a visitor chooses on cookies, her phone sends the same again, and another phone was offline for days. */
import { problem, receipt, versionAt } from '../../shared/api/schemas/answers.ts'
import {
  byDevice,
  daysAgo,
  lookUp,
  newEvent,
  now,
  ownState,
  type Recording,
  readNotice,
  record,
  requestOf,
  type Stage,
} from './stage.ts'
import {
  paintStatus,
  type Receipt,
  shortId,
  shortTime,
  tellAnswer,
  tellCall,
  tellProblem,
  tellQuestion,
} from './telling.ts'
import { localeOf } from './words.ts'
import { againWords, chooseWords, lateWords, standsWords } from './words-visit.ts'

export interface Visit {
  readonly recording: Recording
  readonly receipt: Receipt
  /** The purposes that the notice declared. */
  readonly purposeIds: readonly string[]
}

export async function chooseOnCookies(stage: Stage): Promise<Visit> {
  const { page, ledger, cast } = stage
  const words = chooseWords[page.language]
  page.scene(words.scene)
  const by = byDevice(cast.karin, true)
  const { request, served } = await readNotice(stage, 'cookie-policy', cast.karin, by)
  page.block()
  tellCall(page, request, 200)
  const title = served.title[localeOf[page.language]] ?? ''
  page.fact('notice', words.notice(title, served.version, served.text.locale, shortId(served.text.sha256)))
  page.fact('token', words.token(shortTime(served.noticeTokenExpiresAt)))

  const recording: Recording = {
    site: 'web',
    by,
    event: newEvent(stage, {
      decisions: [
        { purposeId: 'statistics', verb: 'given' },
        { purposeId: 'marketing-cookies', verb: 'refused' },
      ],
      shown: [{ noticeToken: served.noticeToken }],
      presentationId: 'cookie-banner-2025',
      channel: 'web',
      surface: 'banner',
      act: 'button',
      control: 'save-choices',
      layer: 1,
      locale: cast.karin.locale,
      page: 'https://www.ljungsten.example/rantan',
    }),
  }
  const handed = await record(stage, recording, { statistics: 'a yes', 'marketing-cookies': 'a no' })
  ledger.expect('the grade', handed.link[0]?.grade, 'served')
  ledger.expect('the version shown', handed.link[0]?.shown, served.version)
  ledger.expect('the verdict on the times', handed.times.verdict, 'trusted')
  return { recording, receipt: handed, purposeIds: served.purposes.map((p) => p.purposeId) }
}

export async function seeWhatStands(stage: Stage, { recording: { by, site }, purposeIds }: Visit): Promise<void> {
  const { page, ledger } = stage
  const words = standsWords[page.language]
  page.scene(words.scene)
  tellQuestion(page, words.question)
  const answers = await ownState(stage, site, by)
  tellCall(page, { method: 'GET', path: '/v1/me/consents' }, 200)
  const shown = answers.filter((a) => purposeIds.includes(a.purposeId ?? ''))
  page.table(
    'answer',
    words.header,
    shown.map((a) => [
      a.purposeId ?? '',
      a.basis ?? '',
      paintStatus(page, a.status),
      a.permittedByConsent === undefined ? '' : a.permittedByConsent ? words.yes : words.no,
      a.endsAt?.slice(0, 10) ?? '',
    ]),
  )
  const others = answers.filter((a) => !shown.includes(a))
  page.fact('', words.others(others.length))
  ledger.expect('the others', [...new Set(others.map((a) => a.status))].sort(), ['Uninformed', 'Unknown'])
  const statuses = Object.fromEntries(shown.map((a) => [a.purposeId, a.status]))
  ledger.expect('statistics', statuses.statistics, 'Given')
  ledger.expect('marketing-cookies', statuses['marketing-cookies'], 'Refused')
  ledger.expect('preferences', statuses.preferences, 'Unknown')
}

export async function sendAgain(stage: Stage, { recording, receipt: first }: Visit): Promise<void> {
  const { page, ledger } = stage
  const words = againWords[page.language]
  page.scene(words.scene)
  const retry = requestOf({ ...recording, event: { ...recording.event, sentAt: now(stage) } })
  page.block()
  page.fact('event', words.same(shortId(first.eventId), shortTime(now(stage))))
  const again = await ledger.call(retry, 200, receipt)
  tellCall(page, retry, 200)
  page.fact('receipt', words.firstReceipt(shortId(again.receiptId), shortTime(again.times.recordedAt)))
  // The promise is signed anew: it may be of another second.
  const { inclusionPromise: _, ...lasting } = again
  const { inclusionPromise: __, ...lastingFirst } = first
  ledger.expect('the receipt of a retry', lasting, lastingFirst)

  const decisions = [{ purposeId: 'marketing-cookies', verb: 'given' as const }]
  const changed = requestOf({ ...recording, event: { ...recording.event, decisions } })
  page.block()
  page.fact('event', words.other(shortId(first.eventId)))
  const conflict = await ledger.call(changed, 409, problem)
  tellCall(page, changed, 409)
  tellProblem(page, conflict)
  const [recorded, given] = [String(conflict.recordedDigest), String(conflict.givenDigest)]
  page.fact('digests', words.digests(shortId(recorded), shortId(given)))
  ledger.expect('the problem', conflict.code, 'event-conflict')
  ledger.expect('that the digests differ', recorded !== given, true)
}

const offlineDays = 3

export async function deliverLate(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = lateWords[page.language]
  page.scene(words.scene)
  const occurredAt = daysAgo(stage, offlineDays)
  const path = `/v1/controllers/ljungsten/policies/cookie-policy?at=${occurredAt}`
  const inTheApp = await ledger.call({ method: 'GET', path }, 200, versionAt)
  const by = byDevice(cast.bertil, true)
  const recording: Recording = {
    site: 'ios-app',
    by,
    event: newEvent(stage, {
      occurredAt,
      decisions: [{ purposeId: 'statistics', verb: 'given' }],
      // No network, no notice token: the app has the text with it, and names it by its hash.
      shown: [
        { policyId: 'cookie-policy', textSha256: inTheApp.texts.find((t) => t.locale === cast.bertil.locale)?.sha256 },
      ],
      channel: 'ios',
      surface: 'preference-centre',
      act: 'toggle',
      control: 'single',
    }),
  }
  const handed = await record(stage, recording, { statistics: 'a yes' })
  ledger.expect('the grade', handed.link[0]?.grade, 'hashed')
  ledger.expect('the verdict on the times', handed.times.verdict, 'trusted')
  ledger.expect('the effective time', handed.times.effectiveAt, occurredAt)

  const at = daysAgo(stage, offlineDays - 1)
  const about = { subject: by.identity, topic: { purposeId: 'statistics' } }
  const then = await lookUp(stage, { ...about, at, knownAt: at }, 'Unknown')
  tellQuestion(page, words.question)
  const known = await lookUp(stage, { ...about, at }, 'Given')
  tellCall(page, { method: 'POST', path: '/v1/audit/consents' }, 200)
  page.table('two axes', words.header, [
    [shortTime(at), shortTime(at), paintStatus(page, then.status)],
    [shortTime(at), words.now, paintStatus(page, known.status)],
  ])
  tellAnswer(page, known)
  ledger.expect('the answer as known then', known.knownThen.status, 'Unknown')
}
