/** Scenes 1 to 4: a visitor chooses on cookies, her phone sends the same again, and another phone was offline for days. */
import { problem, receipt, versionAt } from '../../shared/api/schemas/answers.ts'
import {
  paintStatus,
  printAnswer,
  printCall,
  printProblem,
  printQuestion,
  type Receipt,
  shortId,
  shortTime,
} from './printing.ts'
import {
  ask,
  byDevice,
  daysAgo,
  newEvent,
  now,
  ownState,
  type Recording,
  readNotice,
  record,
  requestOf,
  type Stage,
} from './stage.ts'

export interface Visit {
  readonly recording: Recording
  readonly receipt: Receipt
  /** The purposes that the notice declared. */
  readonly purposeIds: readonly string[]
}

export async function chooseOnCookies(stage: Stage): Promise<Visit> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'A visitor chooses on cookies: the record names the very text that she was served',
    'En besökare väljer kakor: det som antecknas pekar ut just den text hon fick se',
  )
  const by = byDevice(stage, cast.karin, true)
  const served = await readNotice(stage, 'cookie-policy', cast.karin, by)
  page.block()
  printCall(page, { method: 'GET', path: '/v1/notices/cookie-policy' }, 200)
  const title = served.title[page.locale] ?? ''
  const { version, text } = served
  const hash = shortId(text.sha256)
  page.fact(
    'notice',
    t(
      `${title}, version ${version}, ${text.locale}, text ${hash}`,
      `${title}, version ${version} på ${text.locale}, texten ${hash}`,
    ),
  )
  const until = shortTime(served.noticeTokenExpiresAt)
  page.fact('token', t(`bound to her device, good until ${until}`, `bundet till hennes enhet, giltigt till ${until}`))
  const event = newEvent(
    stage,
    { statistics: 'given', 'marketing-cookies': 'refused' },
    ['web', 'banner', 'button', 'save-choices'],
    {
      shown: [{ noticeToken: served.noticeToken }],
      presentationId: 'cookie-banner-2025',
      layer: 1,
      locale: cast.karin.locale,
      page: 'https://www.ljungsten.example/rantan',
    },
  )
  const received = await record(stage, { by, event }, { statistics: 'a yes', 'marketing-cookies': 'a no' })
  ledger.expect('the grade', received.link[0]?.grade, 'served')
  ledger.expect('the version shown', received.link[0]?.shown, version)
  ledger.expect('the verdict on the times', received.times.verdict, 'trusted')
  return { recording: { by, event }, receipt: received, purposeIds: served.purposes.map((p) => p.purposeId) }
}

export async function seeWhatStands(stage: Stage, { recording: { by }, purposeIds }: Visit): Promise<void> {
  const { page, ledger } = stage
  const { t } = page
  page.scene(
    'What stands now, purpose by purpose: what she did not decide stays Unknown',
    'Vad som gäller nu, ändamål för ändamål: det hon inte har tagit ställning till är Unknown',
  )
  printQuestion(
    page,
    t(
      'What stands for her? Her device secret is all that it takes to ask.',
      'Vad gäller för henne? För att fråga räcker hennes enhets hemlighet.',
    ),
  )
  const answers = await ownState(stage, by)
  printCall(page, { method: 'GET', path: '/v1/me/consents' }, 200)
  const shown = answers.filter((a) => purposeIds.includes(a.purposeId ?? ''))
  page.table(
    'answer',
    t(
      ['purpose', 'legal basis', 'status', 'permitted', 'until'],
      ['ändamål', 'rättslig grund', 'status', 'tillåtet', 'till och med'],
    ),
    shown.map((a) => [
      a.purposeId ?? '',
      a.basis ?? '',
      paintStatus(page, a.status),
      a.permittedByConsent === undefined ? '' : a.permittedByConsent ? t('yes', 'ja') : t('no', 'nej'),
      a.endsAt?.slice(0, 10) ?? '',
    ]),
  )
  const others = answers.filter((a) => !shown.includes(a))
  page.fact(
    '',
    t(
      `The ${others.length} other purposes and policies: nothing is recorded.`,
      `De ${others.length} andra ändamålen och policyerna: inget är antecknat.`,
    ),
  )
  ledger.expect('the others', [...new Set(others.map((a) => a.status))].sort(), ['Uninformed', 'Unknown'])
  const statuses = Object.fromEntries(shown.map((a) => [a.purposeId, a.status]))
  const { statistics, 'marketing-cookies': marketing, preferences } = statuses
  ledger.expect('her choices', [statistics, marketing, preferences], ['Given', 'Refused', 'Unknown'])
}

export async function sendAgain(stage: Stage, { recording, receipt: first }: Visit): Promise<void> {
  const { page, ledger } = stage
  const { t } = page
  page.scene(
    'The network fails and the phone sends again: one event, one receipt, and no way to change it',
    'Nätet försvinner och mobilen skickar igen: en händelse, ett kvitto, och inget går att ändra',
  )
  const retry = requestOf({ ...recording, event: { ...recording.event, sentAt: now(stage) } })
  const [id, sentAt] = [shortId(first.eventId), shortTime(now(stage))]
  page.block()
  page.fact('event', `${id}  ${t(`the same again, sent at ${sentAt}`, `samma igen, skickad ${sentAt}`)}`)
  const again = await ledger.call(retry, 200, receipt)
  printCall(page, retry, 200)
  const at = shortTime(again.times.recordedAt)
  const same = t(`recorded ${at}: the first receipt`, `antecknad ${at}: det första kvittot`)
  page.fact('receipt', `${shortId(again.receiptId)}  ${same}`)
  // The promise is signed anew, possibly in another second.
  const { inclusionPromise: _, ...lasting } = again
  const { inclusionPromise: __, ...lastingFirst } = first
  ledger.expect('the receipt of a retry', lasting, lastingFirst)

  const decisions = [{ purposeId: 'marketing-cookies', verb: 'given' as const }]
  const changed = requestOf({ ...recording, event: { ...recording.event, decisions } })
  page.block()
  page.fact('event', `${id}  ${t('with another content', 'med annat innehåll')}: marketing-cookies given`)
  const conflict = await ledger.call(changed, 409, problem)
  printCall(page, changed, 409)
  printProblem(page, conflict)
  const [recorded, given] = [String(conflict.recordedDigest), String(conflict.givenDigest)]
  page.fact('digests', `${t('recorded', 'antecknat')} ${shortId(recorded)}, ${t('given', 'angett')} ${shortId(given)}`)
  ledger.expect('the problem', conflict.code, 'event-conflict')
  ledger.expect('that the digests differ', recorded !== given, true)
}

const offlineDays = 3

export async function deliverLate(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'An iPhone was offline for three days: effective then, and known only now',
    'En iPhone saknade nät i tre dagar: beslutet gäller från då, men blev känt först nu',
  )
  const occurredAt = daysAgo(stage, offlineDays)
  const path = `/v1/controllers/ljungsten/policies/cookie-policy?at=${occurredAt}`
  const inTheApp = await ledger.call({ method: 'GET', path }, 200, versionAt)
  const by = byDevice(stage, cast.bertil, true)
  // Offline there is no notice token: the app carries the text and names it by its hash.
  const { sha256 } = inTheApp.texts.find(({ locale }) => locale === cast.bertil.locale) ?? {}
  const event = newEvent(stage, { statistics: 'given' }, ['ios', 'preference-centre', 'toggle', 'single'], {
    occurredAt,
    shown: [{ policyId: 'cookie-policy', textSha256: sha256 }],
  })
  const { link, times } = await record(stage, { site: 'ios-app', by, event }, { statistics: 'a yes' })
  ledger.expect('the grade', link[0]?.grade, 'hashed')
  ledger.expect('the verdict on the times', times.verdict, 'trusted')
  ledger.expect('the effective time', times.effectiveAt, occurredAt)

  const at = daysAgo(stage, offlineDays - 1)
  const question = { subject: by.identity, about: 'statistics', at }
  const then = await ask(stage, undefined, { ...question, knownAt: at }, 'Unknown')
  printQuestion(
    page,
    t('Did his consent stand the day after he gave it?', 'Gällde hans samtycke dagen efter att han gav det?'),
  )
  const known = await ask(stage, undefined, question, 'Given')
  printCall(page, { method: 'POST', path: '/v1/audit/consents' }, 200)
  page.table('two axes', t(['at', 'knownAt', 'status'], ['vid (at)', 'känt vid (knownAt)', 'status']), [
    [shortTime(at), shortTime(at), paintStatus(page, then.status)],
    [shortTime(at), t('now', 'nu'), paintStatus(page, known.status)],
  ])
  printAnswer(page, known)
  ledger.expect('the answer as known then', known.knownThen.status, 'Unknown')
}
