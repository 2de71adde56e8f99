/** Scenes 12 to 14: what others may know. Another controller, an auditor with a proof, and whoever makes a mistake. */
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import { problem } from '../../shared/api/schemas/answers.ts'
import { proof } from '../../shared/api/schemas/proof.ts'
import { fieldGroups } from '../../shared/consent/leaf.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, swedishSentence, verifyProof } from '../../shared/verify/verify.ts'
import type { Checked, Request } from './client.ts'
import { ask, byDevice, type Credential, newEvent, requestOf, type Stage } from './stage.ts'
import { shortTime, tellAnswer, tellCall, tellProblem, tellQuestion } from './telling.ts'
import { mistakeWords, otherWords, proveWords } from './words-audit.ts'

/** `by` is a customer of Ljungsten who said yes to its newsletter; Tallmo has a purpose of the same name. */
export async function askTheOther(stage: Stage, by: Credential): Promise<void> {
  const { page, ledger } = stage
  const words = otherWords[page.language]
  page.scene(words.scene)
  const about = { subject: by.identity, topic: { purposeId: 'newsletter' } }
  await ask(stage, { ...about, words: words.ljungsten }, 'Given')
  const question = {
    ...about,
    controller: 'tallmo',
    words: words.tallmo,
  }
  ledger.expect('the reason', (await ask(stage, question, 'Unknown')).reason, 'nothing-recorded')
  tellQuestion(page, words.across)
  const request: Request = {
    method: 'POST',
    path: '/v1/audit/consents',
    authorization: await ledger.bearer('ljungsten', 'auditor@ljungsten.example', 'consent.audit'),
    body: { controller: 'tallmo', subject: by.identity, purposeId: 'newsletter' },
  }
  const refused = await ledger.call(request, 401, problem)
  tellCall(page, request, 401)
  tellProblem(page, refused)
}

type Proof = Checked<typeof proof>

/** A disclosure is base64url(JSON [salt, name, value]); its digest stands in the leaf (RFC 9901). */
interface OpenedLeaf {
  readonly digests: readonly string[]
  readonly opened: readonly string[]
  readonly covers: readonly string[]
  readonly recordedAt: string
  readonly bytes: number
}

export async function prove(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  const words = proveWords[page.language]
  page.scene(words.scene)
  tellQuestion(page, words.question)
  const request: Request = {
    method: 'POST',
    path: '/v1/audit/proofs',
    authorization: await ledger.bearer('ljungsten', 'auditor@ljungsten.example', 'consent.audit'),
    body: { controller: 'ljungsten', subject: byDevice(cast.karin).identity, purposeId: 'statistics' },
  }
  const proven = await ledger.call(request, 200, proof)
  tellCall(page, request, 200)
  const leaves = proven.events.map((event) => openLeaf(stage, event))
  page.table(
    'events',
    words.header,
    leaves.map(({ recordedAt, covers, digests, opened, bytes }) => [
      shortTime(recordedAt),
      covers.join(', '),
      ...[digests.length, opened.length, digests.length - opened.length].map((n) => String(n).padStart(6)),
      `${bytes} B`,
    ]),
  )
  const closed = leaves.reduce((sum, { digests, opened }) => sum + digests.length - opened.length, 0)
  page.fact('closed', words.closed(closed))
  tellTexts(stage, proven)
  const json = JSON.stringify(proven)
  page.fact('size', words.size(kb(json.length), kb(gzipSync(json).length), leaves.length))
  const policy = parsePolicy(await ledger.call({ method: 'GET', path: '/log/ljungsten/policy' }, 200, z.string()))
  const { verdict, steps, failed, answer } = await verifyProof(json, policy)
  // A proof holds its sentence in English. The Swedish one is made from the answer that the verifier computed.
  const swedish = page.language === 'sv' && answer && swedishSentence(answer.status, answer.target, answer.at)
  tellAnswer(page, { ...proven.answer, ...(swedish && { sentence: swedish }) })
  const passed = steps.filter(({ outcome }) => outcome === 'ok')
  page.fact('verified', words.verified(passed.length, verdict))
  const { size } = parseCheckpoint(parseNote(proven.checkpoint).text)
  page.fact('in the log', words.inTheLog(proven.origin, size))
  page.fact('complete', words.complete[proven.limits.completeness])
  page.fact('pending', proven.pending ? words.pending(proven.pending.length) : words.nothing)

  ledger.expect('what the verifier found wrong', failed, undefined)
  ledger.expect('the verdict', verdict, 'valid')
  ledger.expect('the status', proven.answer.status, 'Withdrawn')
  ledger.expect(
    'the events',
    leaves.map((l) => l.covers.join()),
    ['statistics,marketing-cookies', 'newsletter', 'preferences', 'statistics'],
  )
  ledger.expect(
    'what is opened of each',
    leaves.map((l) => l.opened.length),
    [7, 3, 3, 7],
  )
  ledger.expect('that her other decisions stay closed', json.includes('decision:marketing-cookies'), false)
}

function openLeaf({ ledger }: Stage, { leaf, disclosures }: Proof['events'][number]): OpenedLeaf {
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
  return { digests, opened: [...claims.keys()], covers, recordedAt, bytes: Buffer.byteLength(leaf) }
}

function tellTexts({ page, ledger }: Stage, { texts, versions }: Proof): void {
  for (const { text, sha256 } of texts) ledger.expect('the hash of a text', hash('sha256', text), sha256)
  const words = proveWords[page.language]
  const named = texts.map((t) => words.text(t.version, t.locale)).join(', ')
  page.fact('with it', words.texts(versions.length, named))
}

const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

export async function makeMistakes(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  page.scene(mistakeWords[page.language].scene)
  const by = byDevice(cast.karin)
  const mistakes = [
    { decision: { purposeId: 'statistic', verb: 'given' }, status: 400, code: 'unknown-purpose' },
    { decision: { purposeId: 'newsletter', verb: 'confirmed' }, status: 403, code: 'verb-not-allowed' },
  ] as const
  for (const { decision, status, code } of mistakes) {
    page.block()
    const event = newEvent(stage, { decisions: [decision] })
    page.fact('decisions', `${decision.purposeId} ${decision.verb}`)
    const request = requestOf({ site: 'web', by, event })
    const refused = await ledger.call(request, status, problem)
    tellCall(page, request, status)
    tellProblem(page, refused)
    ledger.expect('the problem', refused.code, code)
  }
}
