import { describe, expect, it } from 'vitest'
import type { PolicyLink } from '../../../shared/consent/event.ts'
import type { ConsentProof } from '../../../shared/consent/proof-file.ts'
import { versionLeaf } from '../../../shared/consent/published-leaf.ts'
import { policyOfKeys, verifyFile, verifyProof } from '../../../shared/verify/verify.ts'
import {
  at,
  logVkey,
  type MadeEvent,
  makeEvent,
  makeProof,
  outsideVkey,
  ownVkey,
  plainStory,
  policyVersion,
  sealed,
  TestLog,
} from './maker.ts'

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

describe('a yes to a version, in a locale in which it has no text', () => {
  const version = policyVersion('1', at(0))
  const history = { policyId: 'privacy', versions: [version], retractions: [], presentations: [] }
  const asked = { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) }
  const yes = makeEvent(
    {
      recorded: at(100),
      decisions: [{ purposeId: 'newsletter', verb: 'given' }],
      evidence: { kind: 'reference', reference: { policyId: 'privacy', version: '1', locale: 'fr' } },
    },
    history,
  )

  function proofOf(event: MadeEvent): ConsentProof {
    const log = new TestLog()
    log.append(versionLeaf(version))
    log.publish(at(1))
    log.append(event.leaf)
    log.publish(at(101))
    return makeProof({ log, events: [event], history }, asked)
  }

  it('is Given, and shows no text', async () => {
    const { verdict, answer } = await verify(proofOf(yes))
    expect(verdict).toBe('valid')
    expect(answer?.status).toMatchObject({ status: 'Given', grade: 'assumed', demonstrable: false })
    expect([answer?.status.shown, answer?.shown]).toEqual([undefined, undefined])
  })

  it('verifies as it was answered when it was recorded as asserted, and the locale is noted', async () => {
    const link: PolicyLink = { policyId: 'privacy', inForce: '1', shown: '1', grade: 'asserted', locale: 'fr' }
    const { verdict, answer, steps } = await verify(proofOf(sealed({ ...yes.event, link: [link] })))
    expect([verdict, answer?.status.demonstrable, answer?.shown]).toEqual(['valid', true, undefined])
    expect(JSON.stringify(steps)).toContain('in which version')
  })
})
