/** What a proof does not have: entries that its checkpoint lacks, and times that it does not cover. Neither is ever plain VALID. */
import { describe, expect, it } from 'vitest'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { policyOfKeys, verifyProof } from '../../../shared/verify/verify.ts'
import { at, given, logVkey, makeEvent, makeProof, outsideVkey, ownVkey, plainStory } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const asked = { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }
const verify = (proof: ConsentProof, now = at(5200), by = policy) => verifyProof(JSON.stringify(proof), by, now)

/** The plain story, and a withdrawal that no checkpoint has. */
function unfinished(recorded: number) {
  const story = plainStory()
  const decisions = [{ purposeId: 'newsletter', verb: 'withdrawn' as const }]
  const late = makeEvent({ recorded: at(recorded), decisions, evidence: given('2') }, story.history)
  return { ...story, events: [...story.events, late] }
}

describe('what the file names as pending', () => {
  it('makes it valid with a reserve: the answer does not count it, and says so', async () => {
    const found = await verify(makeProof(unfinished(5100), { ...asked, knownAt: at(5150) }))
    expect(found.failed).toBeUndefined()
    expect(found.verdict).toBe('pending')
    expect(found.pending).toMatchObject([
      { kind: 'event', recordedAt: at(5100), promisedBy: at(5220), promise: 'open' },
    ])
    expect(found.answer?.status.sentence).toContain('1 recorded entry is not in the log yet, and not counted')
  })

  it.each([
    ['the time is not over', { recorded: 5100, asked: 5150, now: 5220 }, 'open'],
    ['over by the clock of who verifies', { recorded: 5100, asked: 5150, now: 5221 }, 'overdue'],
    ['over when the ledger looked', { recorded: 5100, asked: 5300, now: 5150 }, 'broken'],
    ['over by the checkpoint that lacks it', { recorded: 4000, asked: 5005, now: 5006 }, 'broken'],
  ])('its promise: %s', async (_, { recorded, asked: knownAt, now }, promise) => {
    const found = await verify(makeProof(unfinished(recorded), { ...asked, knownAt: at(knownAt) }), at(now))
    expect(found.failed).toBeUndefined()
    expect(found.pending?.map((entry) => entry.promise)).toEqual([promise])
    const sentences = found.steps.filter(({ step }) => step === 'pending').map(({ says }) => says)
    expect(sentences).toEqual([
      expect.stringMatching(promise === 'open' ? /promises to have it by/ : /promise.* is broken/),
    ])
  })

  it('recorded after what was asked for, it is not pending', async () => {
    const proof = makeProof(unfinished(5100), { ...asked, knownAt: at(5050) })
    expect(proof.pending).toBeUndefined()
    expect(await verify(proof)).toMatchObject({ verdict: 'valid' })
  })

  it('an empty list names nothing', async () => {
    expect(await verify({ ...makeProof(plainStory(), asked), pending: [] })).toMatchObject({ verdict: 'valid' })
  })

  const proof = makeProof(unfinished(5100), asked)
  const [entry] = proof.pending ?? []
  const tampered: [what: string, pending: unknown[], step: string][] = [
    ['taken out', [], 'answer'],
    ['named twice', [entry, entry], 'answer'],
    ['promised at another time', [{ ...entry, promisedBy: at(9999) }], 'pending'],
    ['without a time', [{ ...entry, recordedAt: undefined }], 'form'],
    ['of a kind that there is not', [{ ...entry, kind: 'rumour' }], 'form'],
    ['with words of its own', [{ ...entry, says: 'nothing to see' }], 'form'],
  ]
  it.each(tampered)('%s', async (_, pending, step) => {
    const found = await verify({ ...proof, pending: pending as ConsentProof['pending'] })
    expect([found.verdict, found.failed?.step]).toEqual(['invalid', step])
  })

  it('is not what the file proves to be in the log', async () => {
    const finished = unfinished(5100)
    finished.log.append(finished.events.at(-1)?.leaf ?? '')
    finished.log.publish(at(5150))
    const { sentence } = proof.answer
    const whole = makeProof(finished, asked)
    const both = { ...whole, pending: proof.pending, answer: { ...whole.answer, sentence } }
    expect((await verify(both)).failed?.step).toMatch(/^(answer|pending)$/)
  })
})

describe('a time that the checkpoint does not cover', () => {
  const proof = makeProof(plainStory(), asked)
  const claim = (knownAt: string) => ({ ...proof, question: { ...proof.question, knownAt, askedKnownAt: undefined } })
  const settled = { ...proof, question: { ...proof.question, askedKnownAt: undefined } }

  it.each([
    ['its second, to the end', at(5010.999), 'valid'],
    ['a millisecond after that', at(5011), 'undetermined'],
    ['a minute', at(5070), 'undetermined'],
    ['a year', at(31_536_000), 'undetermined'],
  ])('%s', async (_, knownAt, verdict) => {
    const found = await verify(claim(knownAt))
    expect([found.verdict, found.failed?.step]).toEqual([verdict, verdict === 'valid' ? undefined : 'known-at'])
  })

  it('is not hidden behind something that is wrong as well', async () => {
    const wrong = { ...claim(at(9000)), answer: { ...proof.answer, status: 'Withdrawn' as const } }
    expect(await verify(wrong)).toMatchObject({ verdict: 'invalid', failed: { step: 'answer' } })
  })

  it('is covered when an honest record in it states it, by a clock that is ahead', async () => {
    const story = plainStory()
    const decisions = [{ purposeId: 'newsletter', verb: 'given' as const }]
    const ahead = makeEvent({ recorded: at(5100), decisions, evidence: given('2') }, story.history)
    story.log.append(ahead.leaf)
    story.log.publish(at(5020))
    const made = makeProof({ ...story, events: [...story.events, ahead] }, asked)
    expect(made.question.knownAt).toBe(at(5100))
    expect(await verify(made)).toMatchObject({ verdict: 'valid' })
    const more = { ...made, question: { ...made.question, knownAt: at(5101) } }
    expect(await verify(more)).toMatchObject({ verdict: 'undetermined', failed: { step: 'known-at' } })
  })

  it('asked for, stands beside what the answer is about, and is later', async () => {
    expect(proof.question).toMatchObject({ knownAt: at(5010.999), askedKnownAt: at(6000) })
    expect(await verify(proof)).toMatchObject({ verdict: 'valid' })
    const backwards = { ...proof, question: { ...proof.question, askedKnownAt: at(1) } }
    expect(await verify(backwards)).toMatchObject({ verdict: 'invalid', failed: { step: 'known-at' } })
    expect(await verify(settled)).toMatchObject({ verdict: 'valid' })
  })

  it('by the time of an outside witness alone, which saw it five seconds later', async () => {
    expect(await verify(proof, undefined, policyOfKeys([logVkey, outsideVkey]))).toMatchObject({ verdict: 'valid' })
  })
})
