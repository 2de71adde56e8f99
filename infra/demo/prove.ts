/** The last scene: an auditor gets a proof, opens its leaves and verifies it. */
import { hash } from 'node:crypto'
import * as z from 'zod'
import { proof } from '../../shared/api/schemas/proof.ts'
import { fieldGroups } from '../../shared/consent/leaf.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, swedishSentence, verifyProof } from '../../shared/verify/verify.ts'
import type { Checked } from './client.ts'
import { shortTime } from './page.ts'
import { auditRequest, device, printAnswer, printCall, printQuestion, type Story } from './steps.ts'

export async function prove(story: Story): Promise<void> {
  const { page, ledger } = story
  const { t } = page
  printQuestion(story, [
    'Prove where the visitor stands on statistics. (To ask is itself recorded.)',
    'Bevisa var besökaren står om statistik. (Att fråga antecknas också.)',
  ])
  const subject = (await device('karin')(story)).identity
  const request = await auditRequest(story, 'proofs', { controller: 'ljungsten', subject, purposeId: 'statistics' })
  const proven = await ledger.call(request, 200, proof)
  printCall(story, request, 200)
  const leaves = proven.events.map((event) => openLeaf(story, event))
  page.table(
    'events',
    t([
      ['recorded', 'about', 'opened', 'closed'],
      ['antecknad', 'om', 'öppna', 'stängda'],
    ]),
    leaves.map(({ recordedAt, covers, digests, opened }) => [
      shortTime(recordedAt),
      covers.join(', '),
      ...[opened, digests - opened].map((n) => String(n).padStart(6)),
    ]),
  )
  for (const { text, sha256 } of proven.texts) ledger.expect('the hash of a text', hash('sha256', text), sha256)
  const json = JSON.stringify(proven)
  const policy = parsePolicy(await ledger.call({ method: 'GET', path: '/log/ljungsten/policy' }, 200, z.string()))
  const { verdict, steps, failed, answer } = await verifyProof(json, policy)
  // A proof has its sentence in English; the Swedish one is made from the answer that the verifier computed.
  const swedish = answer && swedishSentence(answer.status, answer.target, answer.at)
  printAnswer(story, { ...proven.answer, sentence: t([proven.answer.sentence, swedish ?? '']) })
  const passed = steps.filter(({ outcome }) => outcome === 'ok').length
  page.fact(
    'verified',
    t([
      `offline, by the log’s public key: ${passed} steps, ${verdict}`,
      `utan nät, med loggens publika nyckel: ${passed} steg, ${verdict}`,
    ]),
  )
  const { size } = parseCheckpoint(parseNote(proven.checkpoint).text)
  page.fact('in the log', `${proven.origin}, ${t(['tree size', 'trädstorlek'])} ${size}`)
  page.fact('complete', t([proven.limits.completeness, `inte bevisat (${proven.limits.completeness})`]))
  ledger.expect('what the verifier found wrong', failed, undefined)
  ledger.expect('verdict and status', [verdict, proven.answer.status], ['valid', 'Withdrawn'])
  const about = leaves.map(({ covers }) => covers.join())
  ledger.expect('the events', about, ['statistics,marketing-cookies', 'newsletter', 'preferences', 'statistics'])
  const opened = leaves.map((leaf) => leaf.opened)
  ledger.expect('what is opened of each', opened, [7, 3, 3, 7])
  ledger.expect('that her other decisions stay closed', json.includes('decision:marketing-cookies'), false)
}

/** A disclosure is base64url(JSON [salt, name, value]); its digest stands in the leaf (RFC 9901). */
function openLeaf({ ledger }: Story, { leaf, disclosures }: Checked<typeof proof>['events'][number]) {
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
  return { digests: digests.length, opened: claims.size, covers, recordedAt }
}
