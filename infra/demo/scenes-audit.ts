/** Scenes 12 to 14: what others may know. Another controller, callers who make mistakes, and an auditor with a proof. */
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import { problem } from '../../shared/api/schemas/answers.ts'
import { proof } from '../../shared/api/schemas/proof.ts'
import { fieldGroups } from '../../shared/consent/leaf.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, swedishSentence, verifyProof } from '../../shared/verify/verify.ts'
import type { Checked } from './client.ts'
import { printAnswer, printCall, printProblem, printQuestion, shortTime } from './printing.ts'
import { ask, auditRequest, byDevice, type Credential, newEvent, requestOf, type Stage } from './stage.ts'

/** `by` is a customer of Ljungsten who said yes to its newsletter; Tallmo has a purpose of the same name. */
export async function askTheOther(stage: Stage, by: Credential): Promise<void> {
  const { page, ledger } = stage
  const { t } = page
  page.scene(
    'The other controller knows nothing of her: one ledger, and no common file on anybody',
    'Det andra företaget vet inget om henne: ett register, men ingen gemensam akt om någon',
  )
  const question = { subject: by.identity, about: 'newsletter' }
  const own = t(
    'Ljungsten asks: does her consent to our newsletter stand?',
    'Ljungsten frågar: gäller hennes samtycke till vårt nyhetsbrev?',
  )
  await ask(stage, own, question, 'Given')
  const other = t(
    'Tallmo asks the same, of the same account and its own newsletter.',
    'Tallmo frågar detsamma, om samma konto och sitt eget nyhetsbrev.',
  )
  const { reason } = await ask(stage, other, { ...question, controller: 'tallmo' }, 'Unknown')
  ledger.expect('the reason', reason, 'nothing-recorded')
  printQuestion(
    page,
    t('Ljungsten’s auditor asks what Tallmo knows of her.', 'Ljungstens granskare frågar vad Tallmo vet om henne.'),
  )
  const body = { controller: 'tallmo', subject: by.identity, purposeId: 'newsletter' }
  const request = await auditRequest(stage, '/v1/audit/consents', body, 'ljungsten')
  const refused = await ledger.call(request, 401, problem)
  printCall(page, request, 401)
  printProblem(page, refused)
}

export async function prove(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const { t } = page
  page.scene(
    'The auditor gets a proof: what the question needs is opened, everything else stays closed',
    'Granskaren får ett bevis: det som frågan kräver öppnas, allt annat förblir stängt',
  )
  printQuestion(
    page,
    t(
      'Prove where the visitor stands on statistics. (To ask is itself recorded.)',
      'Bevisa var besökaren står om statistik. (Att fråga antecknas också.)',
    ),
  )
  const subject = byDevice(stage, cast.karin).identity
  const body = { controller: 'ljungsten', subject, purposeId: 'statistics' }
  const request = await auditRequest(stage, '/v1/audit/proofs', body)
  const proven = await ledger.call(request, 200, proof)
  printCall(page, request, 200)
  const leaves = proven.events.map((event) => openLeaf(stage, event))
  page.table(
    'events',
    t(
      ['recorded', 'about', 'digests', 'opened', 'closed', 'leaf'],
      ['antecknad', 'om', 'hashar', 'öppna', 'stängda', 'löv'],
    ),
    leaves.map(({ recordedAt, covers, digests, opened, bytes }) => [
      shortTime(recordedAt),
      covers.join(', '),
      ...[digests, opened, digests - opened].map((n) => String(n).padStart(6)),
      `${bytes} B`,
    ]),
  )
  const closed = leaves.reduce((sum, { digests, opened }) => sum + digests - opened, 0)
  page.fact(
    'closed',
    t(
      `${closed} disclosures: what she decided besides, her IP address, browser and page`,
      `${closed} uppgifter: vad hon beslutade i övrigt, hennes IP-adress, webbläsare och sida`,
    ),
  )
  const { texts, versions } = proven
  for (const { text, sha256 } of texts) ledger.expect('the hash of a text', hash('sha256', text), sha256)
  const named = texts
    .map((x) => t(`version ${x.version} in ${x.locale}`, `version ${x.version} på ${x.locale}`))
    .join(', ')
  page.fact(
    'with it',
    t(
      `the ${versions.length} versions published, and the text that she was served: ${named}`,
      `de ${versions.length} publicerade versionerna, och texten som hon fick se: ${named}`,
    ),
  )
  const json = JSON.stringify(proven)
  const [plain, compressed] = [json.length, gzipSync(json).length].map((bytes) => `${(bytes / 1000).toFixed(1)} kB`)
  page.fact(
    'size',
    t(
      `${plain}, compressed ${compressed}, for ${leaves.length} events`,
      `${plain}, komprimerat ${compressed}, för ${leaves.length} händelser`,
    ),
  )
  const policy = parsePolicy(await ledger.call({ method: 'GET', path: '/log/ljungsten/policy' }, 200, z.string()))
  const { verdict, steps, failed, answer } = await verifyProof(json, policy)
  // A proof has its sentence in English; the Swedish one is made from the answer that the verifier computed.
  const swedish = answer && t(undefined, swedishSentence(answer.status, answer.target, answer.at))
  printAnswer(page, { ...proven.answer, ...(swedish && { sentence: swedish }) })
  const passed = steps.filter(({ outcome }) => outcome === 'ok').length
  page.fact(
    'verified',
    t(
      `offline, by the log’s public key: ${passed} steps, ${verdict}`,
      `utan nät, med loggens publika nyckel: ${passed} steg, ${verdict}`,
    ),
  )
  const { size } = parseCheckpoint(parseNote(proven.checkpoint).text)
  page.fact(
    'in the log',
    t(
      `each leaf is proven to be in ${proven.origin} at tree size ${size}`,
      `varje löv finns bevisligen i ${proven.origin} vid trädstorlek ${size}`,
    ),
  )
  page.fact('complete', t('', 'inte bevisat (') + proven.limits.completeness + t('', ')'))
  const pending = proven.pending?.length
  page.fact(
    'pending',
    pending === undefined
      ? t('nothing', 'inget')
      : t(`${pending} recorded, and not in the log yet`, `${pending} antecknade som inte finns i loggen ännu`),
  )
  ledger.expect('what the verifier found wrong', failed, undefined)
  ledger.expect('verdict and status', [verdict, proven.answer.status], ['valid', 'Withdrawn'])
  const about = ['statistics,marketing-cookies', 'newsletter', 'preferences', 'statistics']
  ledger.expect(
    'the events',
    leaves.map((l) => l.covers.join()),
    about,
  )
  ledger.expect(
    'what is opened of each',
    leaves.map((l) => l.opened),
    [7, 3, 3, 7],
  )
  ledger.expect('that her other decisions stay closed', json.includes('decision:marketing-cookies'), false)
}

/** A disclosure is base64url(JSON [salt, name, value]); its digest stands in the leaf (RFC 9901). */
function openLeaf({ ledger }: Stage, { leaf, disclosures }: Checked<typeof proof>['events'][number]) {
  const { _sd: digests } = JSON.parse(leaf) as { _sd: readonly string[] }
  const claims = new Map<string, unknown>()
  for (const disclosure of disclosures) {
    ledger.expect('that a disclosure is in its leaf', digests.includes(hash('sha256', disclosure, 'base64url')), true)
    const [, name, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [string, string, unknown]
    claims.set(name, value)
  }
  const covers = claims.get('field:covers') as readonly string[]
  const { recordedAt } = claims.get('field:times') as { recordedAt: string }
  ledger.expect('the number of digests in a leaf', digests.length, covers.length + fieldGroups.length)
  ledger.expect('that the context stays closed', claims.has('field:context'), false)
  return { digests: digests.length, opened: claims.size, covers, recordedAt, bytes: Buffer.byteLength(leaf) }
}

export async function makeMistakes(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  page.scene(
    'An error says what was wrong, what was given and what is allowed',
    'Ett fel säger vad som var fel, vad som angavs och vad som är tillåtet',
  )
  const mistakes = [
    ['statistic', 'given', 400, 'unknown-purpose'],
    ['newsletter', 'confirmed', 403, 'verb-not-allowed'],
  ] as const
  for (const [purposeId, verb, status, code] of mistakes) {
    page.block()
    const { eventId, occurredAt, sentAt, decisions } = newEvent(stage, { [purposeId]: verb }, ['web'])
    page.fact('decisions', `${purposeId} ${verb}`)
    const event = { eventId, occurredAt, sentAt, decisions }
    const request = requestOf({ by: byDevice(stage, cast.karin), event })
    const refused = await ledger.call(request, status, problem)
    printCall(page, request, status)
    printProblem(page, refused)
    ledger.expect('the problem', refused.code, code)
  }
}
