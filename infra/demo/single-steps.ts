/** Steps that occur once in the story: a notice, a subject's own state, a retry, a late event, scheduled versions, another's auditor. */
import {
  difference,
  history,
  ownConsents,
  policies,
  receipt,
  timeline,
  type version,
  versionAt,
} from '../../shared/api/schemas/answers.ts'
import type { Checked } from './client.ts'
import { paintStatus, shortId, shortTime } from './page.ts'
import {
  type Answer,
  account,
  ask,
  auditRequest,
  device,
  operator,
  play,
  printAnswer,
  printCall,
  printQuestion,
  readNotice,
  record,
  refuse,
  type Story,
} from './steps.ts'

export async function chooseOnCookies(story: Story): Promise<void> {
  const { page, ledger } = story
  const { version, text, title, purposes } = await readNotice(
    story,
    'cookie-policy',
    await device('karin', true)(story),
  )
  page.block()
  printCall(story, { method: 'GET', path: '/v1/notices/cookie-policy' }, 200)
  page.fact('notice', `${title[page.locale]}, version ${version}, ${text.locale}, ${shortId(text.sha256)}`)
  const { sent, received } = await record(story, {
    record: device('karin', true),
    verbs: { statistics: 'given', 'marketing-cookies': 'refused' },
    how: ['web', 'banner', 'button', 'save-choices'],
    reads: ['cookie-policy'],
    fields: {
      presentationId: 'cookie-banner-2025',
      layer: 1,
      locale: 'sv-SE',
      page: 'https://www.ljungsten.example/rantan',
    },
    effects: { statistics: 'yes', 'marketing-cookies': 'no' },
    grades: ['served'],
    verdict: 'trusted',
  })
  ledger.expect('the version shown', received?.link[0]?.shown, version)
  if (received) story.visit = { sent, receipt: received, purposeIds: purposes.map((p) => p.purposeId) }
}

async function ownState(story: Story): Promise<readonly Answer[]> {
  const { authorization } = await device('karin')(story)
  const request = { method: 'GET', path: '/v1/me/consents', site: 'ljungsten/web', authorization } as const
  return (await story.ledger.call(request, 200, ownConsents)).consents
}

export async function readOwnState(story: Story): Promise<void> {
  const { page, ledger, visit } = story
  printQuestion(story, [
    'What stands for her? Her device secret is all that it takes to ask.',
    'Vad gäller för henne? För att fråga räcker hennes enhets hemlighet.',
  ])
  const answers = await ownState(story)
  printCall(story, { method: 'GET', path: '/v1/me/consents' }, 200)
  const shown = answers.filter((a) => visit?.purposeIds.includes(a.purposeId ?? ''))
  page.table(
    'answer',
    page.t([
      ['purpose', 'legal basis', 'status', 'until'],
      ['ändamål', 'rättslig grund', 'status', 'till och med'],
    ]),
    shown.map((a) => [a.purposeId ?? '', a.basis ?? '', paintStatus(page, a.status), a.endsAt?.slice(0, 10) ?? '']),
  )
  const others = new Set(answers.filter((a) => !shown.includes(a)).map((a) => a.status))
  ledger.expect('the others', [...others].sort(), ['Uninformed', 'Unknown'])
  const {
    statistics,
    'marketing-cookies': marketing,
    preferences,
  } = Object.fromEntries(shown.map((a) => [a.purposeId, a.status]))
  ledger.expect('her choices', [statistics, marketing, preferences], ['Given', 'Refused', 'Unknown'])
}

export async function readOwnWithdrawal(story: Story): Promise<void> {
  const own = (await ownState(story)).find((a) => a.purposeId === 'statistics')
  story.ledger.expect('what she reads herself', own?.status, 'Withdrawn')
}

export async function sendAgain(story: Story): Promise<void> {
  const { page, ledger, visit, now } = story
  if (visit === undefined) throw new Error('there was no visit')
  const { sent, receipt: first } = visit
  const content = sent.body as object
  page.block()
  page.fact('event', `${shortId(first.eventId)}  ${page.t(['the same again', 'samma igen'])}`)
  const again = await ledger.call({ ...sent, body: { ...content, sentAt: now() } }, 200, receipt)
  printCall(story, sent, 200)
  const same = page.t(['the first receipt', 'det första kvittot'])
  page.fact('receipt', `${shortId(again.receiptId)}  ${shortTime(again.times.recordedAt)}: ${same}`)
  // The promise is signed anew, possibly in another second.
  const { inclusionPromise: _, ...lasting } = again
  const { inclusionPromise: __, ...lastingFirst } = first
  ledger.expect('the receipt of a retry', lasting, lastingFirst)

  page.block()
  const other = page.t(['with another content', 'med annat innehåll'])
  page.fact('event', `${shortId(first.eventId)}  ${other}: marketing-cookies given`)
  const decisions = [{ purposeId: 'marketing-cookies', verb: 'given' }]
  const conflict = await refuse(story, { ...sent, body: { ...content, decisions } }, 409, 'event-conflict')
  ledger.expect('that the digests differ', conflict.recordedDigest !== conflict.givenDigest, true)
}

const offlineDays = 3

export async function deliverLate(story: Story): Promise<void> {
  const { page, ledger, now, cast } = story
  const { t } = page
  const occurredAt = now(-offlineDays)
  const path = `/v1/controllers/ljungsten/policies/cookie-policy?at=${occurredAt}`
  const inTheApp = await ledger.call({ method: 'GET', path }, 200, versionAt)
  // Offline there is no notice token: the app carries the text and names it by its hash.
  const { sha256 } = inTheApp.texts.find(({ locale }) => locale === cast.bertil.locale) ?? {}
  const { received } = await record(story, {
    record: device('bertil', true),
    site: 'ios-app',
    verbs: { statistics: 'given' },
    how: ['ios', 'preference-centre', 'toggle', 'single'],
    fields: { occurredAt, shown: [{ policyId: 'cookie-policy', textSha256: sha256 }] },
    effects: { statistics: 'yes' },
    grades: ['hashed'],
    verdict: 'trusted',
  })
  ledger.expect('the effective time', received?.times.effectiveAt, occurredAt)

  const at = now(1 - offlineDays)
  const question = { subject: (await device('bertil')(story)).identity, about: 'statistics', at }
  const then = await ask(story, { ...question, knownAt: at }, { status: 'Unknown' })
  printQuestion(story, [
    'Did his consent stand the day after he gave it?',
    'Gällde hans samtycke dagen efter att han gav det?',
  ])
  const known = await ask(story, question, { status: 'Given' })
  printCall(story, { method: 'POST', path: '/v1/audit/consents' }, 200)
  page.table(
    'two axes',
    t([
      ['at', 'knownAt', 'status'],
      ['vid (at)', 'känt vid (knownAt)', 'status'],
    ]),
    [
      [shortTime(at), shortTime(at), paintStatus(page, then.status)],
      [shortTime(at), t(['now', 'nu']), paintStatus(page, known.status)],
    ],
  )
  printAnswer(story, known)
  ledger.expect('the answer as known then', known.knownThen.status, 'Unknown')
}

const policyPath = '/v1/controllers/ljungsten/policies'

export async function showTimeline(story: Story): Promise<void> {
  const { page, ledger } = story
  printQuestion(story, ['When did its status change?', 'När ändrades dess status?'])
  const subject = (await operator('harriet', 'email', 'imported')(story)).identity
  const body = { controller: 'ljungsten', subject, purposeId: 'statistics' }
  const request = await auditRequest(story, 'timeline', body)
  const { changes } = await ledger.call(request, 200, timeline)
  printCall(story, request, 200)
  const header = page.t([
    ['from', 'status', 'reason'],
    ['från', 'status', 'skäl'],
  ])
  page.table(
    'answer',
    header,
    changes.map((c) => [shortTime(c.at), paintStatus(page, c.status), c.reason]),
  )
  const statuses = changes.map((c) => c.status)
  ledger.expect('the statuses in time', statuses, ['Given', 'Expired'])
}

export async function compareVersions(story: Story): Promise<void> {
  const { page, ledger } = story
  printQuestion(story, ['What did version 2 change of it?', 'Vad ändrade version 2 i det?'])
  const path = `${policyPath}/cookie-policy/diff?from=1&to=2&locale=${page.locale}&by=words`
  const found = await ledger.call({ method: 'GET', path }, 200, difference)
  printCall(story, { method: 'GET', path }, 200)
  const change = found.changes.find((c) => c.purposeId === 'statistics')
  ledger.expect('the level of the change', change?.level, 'major')
  page.fact('answer', `${change?.level}: ${change?.reason}`)
  const marks = { added: ['green', '+'], removed: ['red', '-'] } as const
  const lines = changesUnder(found.text, page.t(['Statistics', 'Statistik'])).map(({ kind, text }) => {
    const [style, mark] = marks[kind]
    return [page.paint(style, mark), page.paint(style, text)]
  })
  page.table('text', [], lines)
  ledger.expect('that the text says who counts', JSON.stringify(lines).includes('Lupin Analytics GmbH'), true)
}

/** Shorter changes are single words that the comparison found again by chance. */
const fewestWords = 4

/** The changes below a heading of the text, with rows of tables as plain enumerations. */
function changesUnder(text: Checked<typeof difference>['text'], heading: string) {
  const changes: { readonly kind: 'added' | 'removed'; readonly text: string }[] = []
  let read = ''
  for (const { kind, text: part } of text) {
    const last = read.match(/^#+ .*$/gm)?.at(-1)
    const [beforeHeading = ''] = part.split(/^#+ /m)
    const plain = beforeHeading
      .replaceAll(/\s*\|\s*/g, ', ')
      .replaceAll('`', '')
      .replaceAll(/\s+/g, ' ')
    const words = plain.replace(/^[ ,]+/, '').replace(/[ ,]+$/, '')
    const isUnder = last?.replace(/^#+ /, '') === heading
    if (kind !== 'same' && isUnder && words.split(' ').length >= fewestWords) changes.push({ kind, text: words })
    if (kind !== 'removed') read += part
  }
  return changes
}

export async function lookAhead(story: Story): Promise<void> {
  const { page, ledger, now } = story
  const { t } = page
  printQuestion(story, ['What is going to change?', 'Vad kommer att ändras?'])
  const listed = await ledger.call({ method: 'GET', path: policyPath }, 200, policies)
  const scheduled: Checked<typeof version>[] = []
  for (const { policyId } of listed.policies) {
    const { versions } = await ledger.call({ method: 'GET', path: `${policyPath}/${policyId}/versions` }, 200, history)
    scheduled.push(...versions.filter((v) => v.notBefore > now()))
  }
  scheduled.sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
  printCall(story, { method: 'GET', path: `${policyPath}/{policyId}/versions` }, 200)
  if (scheduled.length === 0) page.fact('answer', t(['Nothing is scheduled.', 'Inget är planerat.']))
  else
    page.table(
      'answer',
      t([
        ['policy', 'version', 'from', 'level', 'summary'],
        ['policy', 'version', 'från', 'nivå', 'i korthet'],
      ]),
      scheduled.map((v) => [v.policyId, v.version, v.notBefore.slice(0, 10), v.level, v.summary[page.locale] ?? '']),
    )
  const about = 'partner-offers'
  const next = scheduled.find((v) => v.changes.some((c) => c.purposeId === about && c.level === 'major'))
  if (next === undefined) return
  await play(story, {
    ask: [
      'Does her consent to offers from partners stand today?',
      'Gäller hennes samtycke till erbjudanden från partner i dag?',
    ],
    of: account('astrid'),
    about,
    expected: { status: 'Given' },
  })
  const at = new Date(Date.parse(next.notBefore) + 24 * 3600 * 1000).toISOString()
  const day = at.slice(0, 10)
  await play(story, {
    ask: [`And on ${day}, if nothing else happens?`, `Och den ${day}, om inget annat händer?`],
    of: account('astrid'),
    about,
    at,
    expected: { status: 'Expired', reason: 'policy-changed' },
  })
}

export async function refuseOtherAuditor(story: Story): Promise<void> {
  printQuestion(story, [
    'Ljungsten’s auditor asks what Tallmo knows of her.',
    'Ljungstens granskare frågar vad Tallmo vet om henne.',
  ])
  const body = { controller: 'tallmo', subject: (await account('astrid')(story)).identity, purposeId: 'newsletter' }
  await refuse(story, await auditRequest(story, 'consents', body, 'ljungsten'), 401, 'unauthenticated')
}
