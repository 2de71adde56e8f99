import { difference, history, policies, timeline, type version } from '../../shared/api/schemas/answers.ts'
import type { Checked } from './client.ts'
import { paintStatus, printCall, printQuestion, shortTime } from './printing.ts'
import {
  ask,
  auditRequest,
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

const policyPath = '/v1/controllers/ljungsten/policies'

export async function importOldConsent(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'A consent from 2024 is imported: it expired when the text changed in a major way',
    'Ett samtycke från 2024 läses in: det upphörde när texten ändrades väsentligt',
  )
  const subject = { type: 'email', id: cast.harriet.email }
  const by = await byOperator(stage, subject, 'imported')
  const event = newEvent(stage, { statistics: 'given' }, ['web', 'banner', 'button', 'save-choices'], {
    occurredAt: '2024-09-10T12:00:00Z',
    shown: [{ policyId: 'cookie-policy', version: '1', locale: 'en' }],
  })
  const { times } = await record(stage, { site: 'back-office', by, event }, { statistics: 'a yes' })
  ledger.expect('the verdict on the times', times.verdict, 'asserted')
  const today = t('Does that consent stand today?', 'Gäller det samtycket i dag?')
  const expired = await ask(stage, today, { subject, about: 'statistics' }, 'Expired')
  ledger.expect('the reason', expired.reason, 'policy-changed')

  printQuestion(page, t('When did its status change?', 'När ändrades dess status?'))
  const body = { controller: 'ljungsten', subject, purposeId: 'statistics' }
  const request = await auditRequest(stage, '/v1/audit/timeline', body)
  const { changes } = await ledger.call(request, 200, timeline)
  printCall(page, request, 200)
  const rows = changes.map((c) => [shortTime(c.at), paintStatus(page, c.status), c.reason])
  page.table('answer', t(['from', 'status', 'reason'], ['från', 'status', 'skäl']), rows)
  ledger.expect(
    'the statuses in time',
    changes.map((c) => c.status),
    ['Given', 'Expired'],
  )

  printQuestion(page, t('What did version 2 change of it?', 'Vad ändrade version 2 i det?'))
  const path = `${policyPath}/cookie-policy/diff?from=1&to=2&locale=${page.locale}&by=words`
  const found = await ledger.call({ method: 'GET', path }, 200, difference)
  printCall(page, { method: 'GET', path }, 200)
  const change = found.changes.find((c) => c.purposeId === 'statistics')
  ledger.expect('the level of the change', change?.level, 'major')
  page.fact('answer', `${change?.level}: ${change?.reason}`)
  const fields = found.purposes.find((p) => p.purposeId === 'statistics')?.fields ?? []
  page.fact('purpose', `statistics: ${t('other', 'ändrade fält')} ${fields.join(', ')}`)
  const marks = { added: ['green', '+'], removed: ['red', '-'] } as const
  const lines = changesUnder(found.text, t('Statistics', 'Statistik')).map(({ kind, text }) => {
    const [style, mark] = marks[kind]
    return [page.paint(style, mark), page.paint(style, text)]
  })
  page.rows('text', lines)
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
    const said = plain.replace(/^[ ,]+/, '').replace(/[ ,]+$/, '')
    const isUnder = last?.replace(/^#+ /, '') === heading
    if (kind !== 'same' && isUnder && said.split(' ').length >= fewestWords) changes.push({ kind, text: said })
    if (kind !== 'removed') read += part
  }
  return changes
}

export async function withdraw(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'Withdrawing is as easy as giving: one call, with the secret that her device already holds',
    'Att ta tillbaka är lika lätt som att ge: ett anrop, med hemligheten i hennes enhet',
  )
  const by = byDevice(stage, cast.karin)
  const event = newEvent(stage, { statistics: 'withdrawn' }, ['web', 'preference-centre', 'toggle', 'single'])
  const { link } = await record(stage, { by, own: true, event }, { statistics: 'a no' })
  ledger.expect('the grade', link[0]?.grade, 'assumed')
  page.say(
    t(
      'It names no text, and counts all the same: a no is never weakened.',
      'Beslutet anger ingen text, och räknas ändå: ett nej försvagas aldrig.',
    ),
  )
  const question = t('Does her consent stand?', 'Gäller hennes samtycke?')
  await ask(stage, question, { subject: by.identity, about: 'statistics' }, 'Withdrawn')
  const own = (await ownState(stage, by)).find((a) => a.purposeId === 'statistics')
  ledger.expect('what she reads herself', own?.status, 'Withdrawn')
}

export async function object(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'An objection to direct marketing is absolute: the operator cannot overrule it',
    'En invändning mot direkt marknadsföring är absolut: företaget kan inte avslå den',
  )
  const by = await byAccount(stage, cast.elin)
  const subject = by.identity
  const both = (value: string) => ({ 'direct-marketing': value, 'customer-analysis': value })
  const objected = newEvent(stage, both('objected'), ['web', 'account', 'toggle', 'save-choices'])
  await record(stage, { by, event: objected }, both('a no'))
  const ground = 'compelling grounds of the controller'
  const event = newEvent(stage, both('objection-overruled'), ['api'], { ground })
  const operator = await byOperator(stage, subject, 'operator')
  await record(stage, { site: 'back-office', by: operator, event }, both('the operator’s word'))
  const marketing = t(
    'Does her objection to direct marketing stand?',
    'Gäller hennes invändning mot direkt marknadsföring?',
  )
  const { withoutEffect } = await ask(stage, marketing, { subject, about: 'direct-marketing' }, 'Objected')
  ledger.expect(
    'what had no effect',
    withoutEffect.map((w) => w.reason),
    ['objection-is-absolute'],
  )
  const analysis = t('And the one to the analysis of customers?', 'Och den mot analys av kunder?')
  await ask(stage, analysis, { subject, about: 'customer-analysis' }, 'NotObjected')
}

/** `by` has said yes to offers from partners. */
export async function lookAhead(stage: Stage, by: Credential): Promise<void> {
  const { page, ledger } = stage
  const { t } = page
  page.scene(
    'What is scheduled is published today: the answer for a date after it can be had now',
    'Det som är planerat publiceras redan i dag: du kan fråga nu om en senare dag',
  )
  printQuestion(page, t('What is going to change?', 'Vad kommer att ändras?'))
  const listed = await ledger.call({ method: 'GET', path: policyPath }, 200, policies)
  const scheduled: Checked<typeof version>[] = []
  for (const { policyId } of listed.policies) {
    const { versions } = await ledger.call({ method: 'GET', path: `${policyPath}/${policyId}/versions` }, 200, history)
    scheduled.push(...versions.filter((v) => v.notBefore > now(stage)))
  }
  scheduled.sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
  printCall(page, { method: 'GET', path: `${policyPath}/{policyId}/versions` }, 200)
  if (scheduled.length === 0) page.fact('answer', t('Nothing is scheduled.', 'Inget är planerat.'))
  else {
    const header = t(
      ['policy', 'version', 'from', 'level', 'summary'],
      ['policy', 'version', 'från', 'nivå', 'i korthet'],
    )
    const rows = scheduled.map((v) => [
      v.policyId,
      v.version,
      v.notBefore.slice(0, 10),
      v.level,
      v.summary[page.locale] ?? '',
    ])
    page.table('answer', header, rows)
  }
  const question = { subject: by.identity, about: 'partner-offers' }
  const next = scheduled.find((v) => v.changes.some((c) => c.purposeId === question.about && c.level === 'major'))
  if (next === undefined) return
  const today = t(
    'Does her consent to offers from partners stand today?',
    'Gäller hennes samtycke till erbjudanden från partner i dag?',
  )
  await ask(stage, today, question, 'Given')
  const at = new Date(Date.parse(next.notBefore) + dayMs).toISOString()
  const day = at.slice(0, 10)
  const later = t(`And on ${day}, if nothing else happens?`, `Och den ${day}, om inget annat händer?`)
  const after = await ask(stage, later, { ...question, at }, 'Expired')
  ledger.expect('the reason', after.reason, 'policy-changed')
}
