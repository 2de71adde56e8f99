/** Each way to change a valid file, and the step that must notice: by whoever holds the file, and by an operator who signs what is false. */
import { describe, expect, it } from 'vitest'
import { presentationLeaf, retractionLeaf } from '../../../shared/consent/published-leaf.ts'
import { swedishFinding } from '../../../shared/verify/swedish-finding.ts'
import { policyOfKeys, type Verdict, verifyProof } from '../../../shared/verify/verify.ts'
import { isEnglish } from './english-words.ts'
import { late, lateStory, lie, lies, story, tamperedLateProofs, yes } from './false-stories.ts'
import {
  at,
  logKey,
  logVkey,
  makeProof,
  origin,
  outsideVkey,
  ownVkey,
  plainStory,
  policyVersion,
  sealed,
  TestKey,
  TestLog,
} from './maker.ts'
import { asked, draftOf, first, last, tamperedProofs } from './tampered-proofs.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const now = at(10_000)

async function verify(proof: unknown, by = policy) {
  const found = await verifyProof(JSON.stringify(proof), by, now)
  const swedish = found.failed ? swedishFinding(found.failed.said) : ''
  expect(isEnglish(swedish), swedish).toBe(false)
  return { verdict: found.verdict, step: found.failed?.step, says: found.failed?.says }
}

describe('a tampered file', () => {
  it.each(tamperedProofs)('$name', async ({ tamper, step, verdict = 'invalid', of = asked }) => {
    const draft = draftOf(makeProof(plainStory(), of))
    expect((await verify(draft)).verdict).toBe('valid')
    tamper(draft)
    const found = await verify(draft)
    expect(found.verdict).toBe(verdict)
    expect(found.step, found.says).toBe(step)
  })

  it('another key, under the same name', async () => {
    const other = policyOfKeys([new TestKey('another').vkey(origin)])
    expect(await verify(makeProof(plainStory(), asked), other)).toMatchObject({
      verdict: 'invalid',
      step: 'checkpoint',
    })
  })

  it('a quorum that was not met', async () => {
    const { parsePolicy } = await import('../../../shared/verify/verify.ts')
    const strict = parsePolicy(`log ${logVkey}\nwitness w1 ${outsideVkey}\nquorum w1\n`)
    const story = plainStory()
    expect(await verify(makeProof(story, asked), strict)).toMatchObject({ verdict: 'valid' })
    story.log.publish(at(5020))
    expect(await verify(makeProof(story, asked), strict)).toMatchObject({ verdict: 'invalid', step: 'checkpoint' })
  })
})

describe('an operator who signs what is false', () => {
  it.each(lies)('%s', async (_, change, step) => {
    const made = story([lie(change)])
    if (step === 'backdating') {
      const log = made.log.checkpoints.pop()
      made.log.publish(at(100))
      expect(log).toBeDefined()
    }
    const proof = makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
    const found = await verify(proof)
    expect([found.verdict, found.step], found.says).toEqual(['invalid', step])
  })

  it.each<readonly [string, string[], Verdict]>([
    ['published only after it', ['late'], 'invalid'],
    ['withheld from the file', [], 'undetermined'],
  ])('a presentation called matched that was %s', async (_, names, verdict) => {
    const event = lie((e) => Object.assign(e.how, { presentationId: 'late', presentation: 'matched' }))
    const made = story([event])
    made.log.append(presentationLeaf(late))
    made.log.publish(at(1001))
    const presentations = [late].filter(({ presentationId }) => names.includes(presentationId))
    const proof = makeProof({ ...made, history: { ...made.history, presentations } }, asked)
    expect(await verify(proof)).toMatchObject({ verdict, step: 'links' })
  })

  it('the same leaf, sequenced twice', async () => {
    const event = yes()
    const twice = sealed(event.event)
    const proof = makeProof(story([event, twice]), { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'disclosures' })
  })

  it('a version in force at once, or with a change not declared', async () => {
    const early = policyVersion('2', at(50), { notBefore: at(51) })
    const inForceAtOnce = story([], [policyVersion('1', at(-100)), early])
    const silent = policyVersion('2', at(50), {
      purposes: policyVersion('1', at(0)).purposes.map((p) => ({ ...p, retention: 'P99Y' })),
    })
    for (const made of [inForceAtOnce, story([], [policyVersion('1', at(-100)), silent])]) {
      const proof = makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) })
      expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'publications' })
    }
  })

  it('a retraction after the version was in force', async () => {
    const made = story([], [policyVersion('1', at(-100)), policyVersion('2', at(50))])
    const retraction = { version: '2', retractedAt: at(500), reason: 'regret' }
    made.log.append(retractionLeaf('privacy', retraction))
    made.log.publish(at(501))
    const proof = makeProof(
      { ...made, history: { ...made.history, retractions: [retraction] } },
      { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) },
    )
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'publications' })
  })

  it('two trees of one size, both signed', async () => {
    const made = story([yes()])
    const other = new TestLog()
    for (const leaf of made.log.leaves.slice().reverse()) other.append(leaf)
    const forked = other.publish(at(100))
    const proof = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) }))
    Object.assign(first(proof.events), { backdated: { lacks: made.log.checkpoints[0]?.note, has: forked.note } })
    expect(await verify(proof)).toMatchObject({
      verdict: 'invalid',
      step: 'backdating',
      says: expect.stringContaining('forked'),
    })
    expect(logKey.publicKey).toHaveLength(32)
  })
})

describe('what came late to the log', () => {
  const asks = [at(1000), at(3600), at(3700), at(6000)].map((knownAt) => ({
    purposeId: 'newsletter',
    at: at(1000),
    knownAt,
  }))
  it.each(asks)('is known only from its checkpoint: $knownAt', async (question) => {
    const proof = makeProof(lateStory(), question)
    expect(await verify(proof)).toMatchObject({ verdict: 'valid' })
    expect(proof.answer.status).toBe(question.knownAt < at(3700) ? 'Given' : 'Withdrawn')
    expect(proof.answer.knownThen.status).toBe('Given')
  })

  it.each(tamperedLateProofs)('$name', async ({ tamper, step }) => {
    const draft = draftOf(makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }))
    tamper(draft)
    const found = await verify(draft)
    expect([found.verdict, found.step], found.says).toEqual(['invalid', step])
  })

  it('is noticed by the checkpoint that knownAt picked, mark or not', async () => {
    const made = lateStory()
    const proof = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(1000), knownAt: at(4000) }))
    const early = draftOf(makeProof(made, { purposeId: 'newsletter', at: at(1000), knownAt: at(1600) }))
    Object.assign(proof, { knownAtCheckpoint: early.knownAtCheckpoint })
    Object.assign(proof.question, { knownAt: at(1600) })
    Reflect.deleteProperty(last(proof.events), 'backdated')
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid', step: 'backdating' })
  })

  it('cannot be said to be known later than it was, where that matters', async () => {
    const proof = draftOf(makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(4000) }))
    Object.assign(last(proof.events).backdated ?? {}, { has: proof.checkpoint })
    expect(await verify(proof)).toMatchObject({ verdict: 'invalid' })
  })

  it('without a witness it cannot be judged', async () => {
    const proof = makeProof(lateStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) })
    expect(await verify(proof, policyOfKeys([logVkey]))).toMatchObject({ verdict: 'undetermined', step: 'backdating' })
  })
})
