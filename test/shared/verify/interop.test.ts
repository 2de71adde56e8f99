/** What the ledger itself makes, checked by the verifier: proofs and receipts, through its real sequencer and publisher. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { policyOfKeys, verifyFile, verifyReceipt } from '../../../shared/verify/verify.ts'
import { publishedStory, type Told } from './ledger-story.ts'

let told: Told
beforeAll(async () => {
  told = await publishedStory()
})

describe('what the ledger makes', () => {
  it('proofs are valid, for each question', async () => {
    expect(told.proofs.length).toBeGreaterThan(5)
    for (const proof of told.proofs) {
      const found = await verifyFile(JSON.stringify(proof), told.policy, { now: told.now })
      expect({ question: proof.question, failed: found.failed }).toEqual({
        question: proof.question,
        failed: undefined,
      })
      expect(found.answer?.status).toEqual(proof.answer)
    }
  })

  it('a late event is marked, and known only from its checkpoint', async () => {
    const late = told.proofs.filter((proof: ConsentProof) => proof.events.some((e) => e.backdated))
    expect(late.length).toBeGreaterThan(0)
    const [proof] = late
    const noTimes = policyOfKeys([told.logKey])
    expect(await verifyFile(JSON.stringify(proof), noTimes)).toMatchObject({
      verdict: 'undetermined',
      failed: { step: 'backdating' },
    })
  })

  it('receipts are valid, before and after the log has the event', async () => {
    expect(told.receipts.some((r) => r.tlogProof === undefined)).toBe(true)
    expect(told.receipts.some((r) => r.tlogProof !== undefined)).toBe(true)
    for (const receipt of told.receipts) {
      const now = receipt.times.recordedAt
      expect(await verifyReceipt(JSON.stringify(receipt), told.policy, { now })).toMatchObject({ verdict: 'valid' })
    }
  })

  it("a receipt's tlog-proof is a file of its own", async () => {
    const { tlogProof = '' } = told.receipts.find((r) => r.tlogProof !== undefined) ?? {}
    expect(await verifyFile(tlogProof, told.policy)).toMatchObject({ verdict: 'valid', kind: 'tlog-proof@v1' })
  })
})
