/** Steps that occur once in the story. */
import { hash } from 'node:crypto'
import { fieldGroups } from '../../shared/consent/leaf.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, swedishSentence, verifyProof } from '../../shared/verify/verify.ts'
import { paintStatus, shortId, shortTime, type Text } from './page.ts'
import type { Answer, By, Story } from './session.ts'
import { ask, printAnswer, printQuestion, question, record, refusal } from './steps.ts'

const karin: By = ['karin', 'device']

async function ownState({ credential, open }: Story): Promise<readonly Answer[]> {
  const { person } = await credential(karin)
  return person ? (await open().getOwnConsents(person)).consents : []
}

/** Prints a question, and the call that answers it. */
async function answered<T>(story: Story, words: Text, call: Promise<T>): Promise<T> {
  const answer = await call
  printQuestion(story, words)
  story.printCall()
  return answer
}

export async function readOwnState(story: Story): Promise<void> {
  const { page } = story
  const { purposes } = await story.open().getNotice('cookie-policy')
  const words = [
    'What is her status? Her device secret is enough to ask.',
    'Vad gäller för henne? För att fråga räcker hennes enhets hemlighet.',
  ] as const
  const answers = await answered(story, words, ownState(story))
  const shown = answers.filter((a) => purposes.some(({ purposeId }) => a.purposeId === purposeId))
  page.table(
    'answer',
    page.t([
      ['purpose', 'legal basis', 'status', 'until'],
      ['ändamål', 'rättslig grund', 'status', 'till och med'],
    ]),
    shown.map((a) => [a.purposeId ?? '', a.basis ?? '', paintStatus(page, a.status), a.endsAt?.slice(0, 10) ?? '']),
  )
  const others = new Set(answers.filter((a) => !shown.includes(a)).map((a) => a.status))
  story.expect('the others', [...others].sort(), ['Uninformed', 'Unknown'])
  const chosen = ['statistics', 'marketing-cookies', 'preferences']
  const statuses = chosen.map((purposeId) => shown.find((a) => a.purposeId === purposeId)?.status)
  story.expect('her choices', statuses, ['Given', 'Refused', 'Unknown'])
}

export async function readOwnWithdrawal(story: Story): Promise<void> {
  const own = (await ownState(story)).find((a) => a.purposeId === 'statistics')
  story.expect('what she reads herself', own?.status, 'Withdrawn')
}

export async function sendAgain(story: Story): Promise<void> {
  const { page, first, open } = story
  if (first === undefined) throw new Error('there was no visit')
  const printAgain = (words: Text) => {
    page.say()
    page.fact('event', `${shortId(first.receipt.eventId)}  ${page.t(words)}`)
  }
  const again = await open().recordEvents(first.event)
  printAgain(['the same again', 'samma igen'])
  story.printCall()
  const same = page.t(['the first receipt', 'det första kvittot'])
  page.fact('receipt', `${shortId(again.receiptId)}  ${shortTime(again.times.recordedAt)}: ${same}`)
  story.expectStatus(200)
  // The promise is signed anew, possibly in another second.
  const { inclusionPromise } = again
  story.expect('the receipt of a retry', again, { ...first.receipt, inclusionPromise })

  printAgain(['with different content: marketing-cookies given', 'med annat innehåll: marketing-cookies given'])
  const decisions = [{ purposeId: 'marketing-cookies', verb: 'given' as const }]
  const { problem } = await refusal(story, open().recordEvents({ ...first.event, decisions }), [409, 'event-conflict'])
  story.expect('that the digests differ', problem?.recordedDigest !== problem?.givenDigest, true)
}

export async function deliverLate(story: Story): Promise<void> {
  const { page, now } = story
  const [occurredAt, at] = [now(-3), now(-2)]
  const of: By = ['bertil', 'new']
  const { locale } = await story.credential(of)
  const inTheApp = await story.open().getPolicy('cookie-policy', { at: occurredAt })
  // Offline there is no notice token: the app carries the text and names it by its hash.
  const textSha256 = inTheApp.texts.find((text) => text.locale === locale)?.sha256
  const receipt = await record(story, {
    record: of,
    site: 'ios-app',
    verbs: { statistics: 'given' },
    how: 'ios preference-centre toggle single',
    fields: { occurredAt, shown: [{ policyId: 'cookie-policy', textSha256 }] },
    effects: { statistics: 'yes' },
    grades: ['hashed'],
    verdict: 'trusted',
  })
  story.expect('the effective time', receipt?.times.effectiveAt, occurredAt)

  const about = 'statistics'
  const then = await ask(story, { of, about, at, knownAt: at, expected: { status: 'Unknown' } })
  const words = [
    'Was his consent in effect the day after he gave it?',
    'Gällde hans samtycke dagen efter att han gav det?',
  ] as const
  const known = await answered(story, words, ask(story, { of, about, at, expected: { status: 'Given' } }))
  page.table(
    'two axes',
    page.t([
      ['at', 'knownAt', 'status'],
      ['vid (at)', 'känt vid (knownAt)', 'status'],
    ]),
    [
      [shortTime(at), shortTime(at), paintStatus(page, then.status)],
      [shortTime(at), page.t(['now', 'nu']), paintStatus(page, known.status)],
    ],
  )
  printAnswer(story, known)
  story.expect('the answer as known then', known.knownThen.status, 'Unknown')
}

export async function showTimeline(story: Story): Promise<void> {
  const { page } = story
  const { identity: subject } = await story.credential(['harriet', 'imported'])
  const words = ['When did the status change?', 'När ändrades statusen?'] as const
  const asked = story.open().askTimeline({ subject, purposeId: 'statistics' })
  const { changes } = await answered(story, words, asked)
  page.table(
    'answer',
    page.t([
      ['from', 'status', 'reason'],
      ['från', 'status', 'skäl'],
    ]),
    changes.map((c) => [shortTime(c.at), paintStatus(page, c.status), c.reason]),
  )
  const statuses = changes.map((c) => c.status)
  story.expect('the statuses in time', statuses, ['Given', 'Expired'])
}

export async function compareVersions(story: Story): Promise<void> {
  const { page } = story
  const query = { from: '1', to: '2', locale: page.locale, by: 'words' } as const
  const { changes, text } = await answered(
    story,
    ['What did version 2 change about statistics?', 'Vad ändrade version 2 om statistik?'],
    story.open().diffVersions('cookie-policy', query),
  )
  const change = changes.find((c) => c.purposeId === 'statistics')
  story.expect('the level of the change', change?.level, 'major')
  page.fact('answer', `${change?.level}: ${change?.reason}`)
  const added = text.filter(({ kind, text: part }) => kind === 'added' && part.includes('Lupin Analytics'))
  const plain = added.map((part) => part.text.replaceAll(/[*`]|^\| | \|\s*$/g, '').replaceAll(' | ', ', '))
  page.table(
    'text',
    [],
    plain.map((words) => [page.paint('green', '+'), page.paint('green', words.trim())]),
  )
  story.expect('that the text says who counts', added.length > 0, true)
}

export async function lookAhead(story: Story): Promise<void> {
  const { page, now } = story
  const ledger = story.open()
  const { policies } = await ledger.listPolicies()
  const histories = await Promise.all(policies.map(({ policyId }) => ledger.listVersions(policyId)))
  const scheduled = histories
    .flatMap(({ versions }) => versions.filter((v) => v.notBefore > now()))
    .sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1))
  printQuestion(story, ['What is going to change?', 'Vad kommer att ändras?'])
  story.printCall()
  if (scheduled.length === 0) page.fact('answer', page.t(['Nothing is scheduled.', 'Inget är planerat.']))
  else
    page.table(
      'answer',
      page.t([
        ['policy', 'version', 'from', 'level', 'summary'],
        ['policy', 'version', 'från', 'nivå', 'i korthet'],
      ]),
      scheduled.map((v) => [v.policyId, v.version, v.notBefore.slice(0, 10), v.level, v.summary[page.locale] ?? '']),
    )
  const offers = { of: ['astrid', 'account'], about: 'partner-offers' } as const
  const next = scheduled.find((v) => v.changes.some((c) => c.purposeId === offers.about && c.level === 'major'))
  if (next === undefined) return
  await question(story, {
    ask: [
      'Is her consent to offers from partners in effect today?',
      'Gäller hennes samtycke till erbjudanden från partner i dag?',
    ],
    ...offers,
    expected: { status: 'Given' },
  })
  const at = new Date(Date.parse(next.notBefore) + 24 * 3600 * 1000).toISOString()
  const day = at.slice(0, 10)
  await question(story, {
    ask: [`And on ${day}, if nothing else happens?`, `Och den ${day}, om inget annat händer?`],
    ...{ ...offers, at },
    expected: { status: 'Expired', reason: 'policy-changed' },
  })
}

export async function refuseOtherAuditor(story: Story): Promise<void> {
  const { identity: subject } = await story.credential(['astrid', 'account'])
  const asked = story.open('tallmo', 'web', 'ljungsten').askConsents({ subject, purposeId: 'newsletter' })
  printQuestion(story, [
    'Ljungsten’s auditor asks what Tallmo knows about her.',
    'Ljungstens granskare frågar vad Tallmo vet om henne.',
  ])
  await refusal(story, asked, [401, 'unauthenticated'])
}

/** An auditor gets a proof, opens its leaves and verifies it. */
export async function prove(story: Story): Promise<void> {
  const { page, expect } = story
  const { t } = page
  const { identity: subject } = await story.credential(karin)
  const ledger = story.open()
  const policy = parsePolicy(await ledger.getLogPolicy())
  const words = [
    'Prove the visitor’s status for statistics. (The question is recorded, too.)',
    'Bevisa besökarens status för statistik. (Frågan antecknas också.)',
  ] as const
  const proof = await answered(story, words, ledger.askProof({ subject, purposeId: 'statistics' }))
  const leaves = proof.events.map((event) => openLeaf(story, event))
  page.table(
    'events',
    t([
      ['recorded', 'about', 'opened', 'closed'],
      ['antecknad', 'om', 'öppna', 'stängda'],
    ]),
    leaves.map((leaf) => [
      shortTime(leaf.recordedAt),
      leaf.covers.join(', '),
      ...[leaf.opened, leaf.closed].map((n) => String(n).padStart(6)),
    ]),
  )
  for (const { text, sha256 } of proof.texts) expect('the hash of a text', hash('sha256', text), sha256)
  const json = JSON.stringify(proof)
  const { verdict, steps, failed, answer } = await verifyProof(json, policy)
  // A proof has its sentence in English; the Swedish one is made from the answer that the verifier computed.
  const swedish = answer && swedishSentence(answer.status, answer.target, answer.at)
  printAnswer(story, { ...proof.answer, sentence: t([proof.answer.sentence, swedish ?? '']) })
  const passed = steps.filter(({ outcome }) => outcome === 'ok').length
  page.fact(
    'verified',
    t([
      `offline, by the log’s public key: ${passed} steps, ${verdict}`,
      `utan nät, med loggens publika nyckel: ${passed} steg, ${verdict}`,
    ]),
  )
  const { size } = parseCheckpoint(parseNote(proof.checkpoint).text)
  page.fact('in the log', `${proof.origin}, ${t(['tree size', 'trädstorlek'])} ${size}`)
  page.fact('complete', t([proof.limits.completeness, `inte bevisat (${proof.limits.completeness})`]))
  expect('what the verifier found wrong', failed, undefined)
  expect('verdict and status', [verdict, proof.answer.status], ['valid', 'Withdrawn'])
  const about = leaves.map(({ covers }) => covers.join())
  expect('the events', about, ['statistics,marketing-cookies', 'newsletter', 'preferences', 'statistics'])
  const opened = leaves.map((leaf) => leaf.opened)
  expect('what is opened of each', opened, [7, 3, 3, 7])
  expect('that her other decisions stay closed', json.includes('decision:marketing-cookies'), false)
}

/** A disclosure is base64url(JSON [salt, name, value]); its digest stands in the leaf (RFC 9901). */
function openLeaf(
  { expect }: Story,
  { leaf, disclosures }: { readonly leaf: string; readonly disclosures: readonly string[] },
) {
  const { _sd: digests } = JSON.parse(leaf) as { _sd: readonly string[] }
  const isIn = disclosures.every((each) => digests.includes(hash('sha256', each, 'base64url')))
  expect('that each disclosure is in its leaf', isIn, true)
  const opened = disclosures.map((each) => JSON.parse(Buffer.from(each, 'base64url').toString()).slice(1))
  const claims = Object.fromEntries(opened)
  const { 'field:covers': covers, 'field:times': times } = claims as {
    'field:covers': readonly string[]
    'field:times': { readonly recordedAt: string }
  }
  expect('the number of digests in a leaf', digests.length, covers.length + fieldGroups.length)
  expect('that the context stays closed', 'field:context' in claims, false)
  const closed = digests.length - disclosures.length
  return { opened: disclosures.length, closed, covers, recordedAt: times.recordedAt }
}
