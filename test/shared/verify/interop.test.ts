/** What the ledger itself makes, checked by the verifier: proofs and receipts, through its real sequencer and publisher. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { policyOfKeys, verifyFile, verifyReceipt } from '../../../shared/verify/verify.ts'
import { type PublishedStory, publishedStory } from './ledger-story.ts'

let story: PublishedStory
beforeAll(async () => {
  story = await publishedStory()
})

describe('what the ledger makes', () => {
  it('proofs are valid, for each question', async () => {
    expect(story.proofs.length).toBeGreaterThan(5)
    for (const proof of story.proofs) {
      const found = await verifyFile(JSON.stringify(proof), story.policy, { now: story.now })
      expect({ question: proof.question, failed: found.failed }).toEqual({
        question: proof.question,
        failed: undefined,
      })
      expect(found.answer?.status).toEqual(proof.answer)
    }
  })

  it('a late event is marked, and known only from its checkpoint', async () => {
    const late = story.proofs.filter((proof: ConsentProof) => proof.events.some((e) => e.backdated))
    expect(late.length).toBeGreaterThan(0)
    const [proof] = late
    const noTimes = policyOfKeys([story.logKey])
    expect(await verifyFile(JSON.stringify(proof), noTimes)).toMatchObject({
      verdict: 'undetermined',
      failed: { step: 'backdating' },
    })
  })

  it('receipts are valid, before and after the log has the event', async () => {
    expect(story.receipts.some((r) => r.tlogProof === undefined)).toBe(true)
    expect(story.receipts.some((r) => r.tlogProof !== undefined)).toBe(true)
    for (const receipt of story.receipts) {
      const now = receipt.times.recordedAt
      expect(await verifyReceipt(JSON.stringify(receipt), story.policy, { now })).toMatchObject({ verdict: 'valid' })
    }
  })

  it("a receipt's tlog-proof is a file of its own", async () => {
    const { tlogProof = '' } = story.receipts.find((r) => r.tlogProof !== undefined) ?? {}
    expect(await verifyFile(tlogProof, story.policy)).toMatchObject({ verdict: 'valid', kind: 'tlog-proof@v1' })
  })
})
