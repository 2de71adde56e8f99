/** What a page shows of a proof is what the proof says, for every proof that the ledger makes, and what a stranger wrote is visible. */
import { expect, it } from 'vitest'
import { contentOf } from '../../../../functions/console/proof/proof-content.ts'
import { publishedStory } from '../../../shared/verify/ledger-story.ts'
import { at, makeProof, plainStory } from '../../../shared/verify/maker.ts'

it('has question, answer, deciding event, title and texts', () => {
  const proof = makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) })
  const content = contentOf(proof)
  expect(content).toMatchObject({
    controller: 'acme',
    target: 'newsletter',
    at: at(6000),
    answer: proof.answer,
    pending: 0,
  })
  expect(content.events.map(({ eventId }) => eventId)).toContain(proof.answer.decidedBy)
  const decided = content.events.find(({ eventId }) => eventId === proof.answer.decidedBy)
  expect(decided).toMatchObject({ site: 'web', times: { recordedAt: at(5000) }, who: { assurance: 'anonymous' } })
  expect(content.topic.title).toEqual(proof.versions.at(-1)?.version.purposes[0]?.title)
  expect(content.topic.history.versions.map(({ version }) => version)).toEqual(['1', '2'])
  const named = new Set([proof.answer.inForce, proof.answer.shown])
  expect(content.texts).toEqual(proof.texts.filter(({ version }) => named.has(version)))
})

it('finds the deciding event of every proof of the ledger', async () => {
  const { proofs } = await publishedStory()
  expect(proofs.length).toBeGreaterThan(5)
  for (const proof of proofs) {
    const { events, answer } = contentOf(proof)
    if (answer.decidedBy !== undefined) expect(events.map(({ eventId }) => eventId)).toContain(answer.decidedBy)
  }
})

it('of a policy has the title of the policy', () => {
  const proof = makeProof(plainStory(), { policyId: 'privacy', at: at(6000), knownAt: at(6000) })
  expect(contentOf(proof)).toMatchObject({ target: 'policy/privacy', topic: { title: { en: 'Privacy' } } })
})

it('names what could make a text look like another', () => {
  const proof = makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) })
  const altered = JSON.parse(JSON.stringify(proof).replaceAll('We send you news', 'We \u202Esend you news'))
  expect(contentOf(altered).texts.map(({ text }) => text)).toContain('We ⟨U+202E⟩send you news and offers.')
})
