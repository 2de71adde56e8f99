/** Scenes 12 to 14: what others may know. Another controller, an auditor with a proof, and whoever makes a mistake. */
import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import { problem } from '../../functions/http/schemas/answers.ts'
import { proof } from '../../functions/http/schemas/proof.ts'
import { fieldGroups } from '../../shared/consent/leaf.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { parsePolicy, verifyProof } from '../../shared/verify/verify.ts'
import type { Checked, Request } from './demo-client.ts'
import { ask, byDevice, type Credential, newEvent, requestOf, type Stage } from './demo-stage.ts'
import { shortTime, tellAnswer, tellCall, tellProblem, tellQuestion } from './demo-telling.ts'

/** `by` is a customer of Ljungsten who said yes to its newsletter; Tallmo has a purpose of the same name. */
export async function askTheOther(stage: Stage, by: Credential): Promise<void> {
  const { page, ledger } = stage
  page.scene('The other controller knows nothing of her: one ledger, and no common file on anybody')
  const about = { subject: by.identity, topic: { purposeId: 'newsletter' } }
  await ask(stage, { ...about, words: 'Ljungsten asks: does her consent to our newsletter stand?' }, 'Given')
  const question = {
    ...about,
    controller: 'tallmo',
    words: 'Tallmo asks the same, of the same account and its own newsletter.',
  }
  ledger.expect('the reason', (await ask(stage, question, 'Unknown')).reason, 'nothing-recorded')
  tellQuestion(page, 'Ljungsten’s auditor asks what Tallmo knows of her.')
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
  page.scene('The auditor gets a proof: what the question needs is opened, everything else stays closed')
  tellQuestion(page, 'Prove where the visitor stands on statistics. (To ask is itself recorded.)')
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
    ['recorded', 'about', 'digests', 'opened', 'closed', 'leaf'],
    leaves.map(({ recordedAt, covers, digests, opened, bytes }) => [
      shortTime(recordedAt),
      covers.join(', '),
      ...[digests.length, opened.length, digests.length - opened.length].map((n) => String(n).padStart(6)),
      `${bytes} B`,
    ]),
  )
  const closed = leaves.reduce((sum, { digests, opened }) => sum + digests.length - opened.length, 0)
  page.fact('closed', `${closed} disclosures: what she decided besides, her IP address, browser and page`)
  tellTexts(stage, proven)
  const json = JSON.stringify(proven)
  page.fact('size', `${kb(json.length)}, compressed ${kb(gzipSync(json).length)}, for ${leaves.length} events`)
  tellAnswer(page, proven.answer)
  const policy = parsePolicy(await ledger.call({ method: 'GET', path: '/log/ljungsten/policy' }, 200, z.string()))
  const { verdict, steps, failed } = await verifyProof(json, policy)
  const passed = steps.filter(({ outcome }) => outcome === 'ok')
  page.fact('verified', `offline, by the log’s public key: ${passed.length} steps, ${verdict}`)
  const { size } = parseCheckpoint(parseNote(proven.checkpoint).text)
  page.fact('in the log', `each leaf is proven to be in ${proven.origin} at tree size ${size}`)
  page.fact('complete', proven.limits.completeness)
  page.fact('pending', proven.pending ? `${proven.pending.length} recorded, and not in the log yet` : 'nothing')

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
  const named = texts.map((t) => `version ${t.version} in ${t.locale}`).join(', ')
  page.fact('with it', `the ${versions.length} versions published, and the text that she was served: ${named}`)
}

const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

export async function makeMistakes(stage: Stage): Promise<void> {
  const { page, ledger, cast } = stage
  page.scene('An error says what was wrong, what was given and what is allowed')
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
