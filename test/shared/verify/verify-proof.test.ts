import { describe, expect, it } from 'vitest'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { policyOfKeys, verifyFile, verifyProof } from '../../../shared/verify/verify.ts'
import { at, logVkey, makeProof, outsideVkey, ownVkey, plainStory } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const now = at(10_000)
const verify = (proof: ConsentProof, by = policy) => verifyProof(JSON.stringify(proof), by, now)

describe('a valid proof', () => {
  it.each([
    ['given', { purposeId: 'newsletter', at: at(1000), knownAt: at(2000) }, 'Given'],
    ['withdrawn', { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) }, 'Withdrawn'],
    ['known then', { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }, 'Given'],
    ['assumed', { purposeId: 'statistics', at: at(1000), knownAt: at(5010) }, 'Given'],
    ['a policy', { policyId: 'privacy', at: at(1000), knownAt: at(5010) }, 'Unknown'],
    ['before all', { purposeId: 'newsletter', at: at(50), knownAt: at(50) }, 'Unknown'],
  ])('%s', async (_, asked, status) => {
    const found = await verify(makeProof(plainStory(), asked))
    expect(found.failed).toBeUndefined()
    expect(found.verdict).toBe('valid')
    expect(found.answer?.status.status).toBe(status)
  })

  it('says so with the log key alone', async () => {
    const proof = makeProof(plainStory(), { purposeId: 'newsletter', at: at(1000), knownAt: at(2000) })
    expect(await verifyFile(JSON.stringify(proof), policyOfKeys([logVkey]))).toMatchObject({ verdict: 'valid' })
    expect(await verifyFile(JSON.stringify(proof), policyOfKeys([logVkey, ownVkey, outsideVkey]))).toMatchObject({
      verdict: 'valid',
    })
  })
})
