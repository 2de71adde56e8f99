/** One checkpoint key replaces another, in the states of `checkpoint-keys.ts`: what each instance accepts and signs, and who can verify it. */
import { verify } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import type { LogWriter } from '../../../../shared/ledger/ledger.ts'
import { newestStoredCheckpoint } from '../../../../shared/ledger/log/checkpoint-store.ts'
import { logPolicyText, publicKeysOf } from '../../../../shared/ledger/log/log-policy-text.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { certifyReceiptKey, publicKeyOf } from '../../../../shared/ledger/recording/inclusion-promises.ts'
import { parsePolicy, verifyCheckpoint } from '../../../../shared/tlog/tlog-policy.ts'
import { checkpointSigner as first, testSigner, witnessSigner } from '../../../support/memory-log-writer.ts'
import { controller, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const second = testSigner(9)
type Keys = Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys'>
const one: Keys = { checkpointSigner: first }
const both: Keys = { checkpointSigner: second, earlierCheckpointKeys: [first] }
const retired: Keys = { checkpointSigner: second, earlierCheckpointKeys: [{ publicKey: first.publicKey }] }

const policyOf = ({ host }: SampleLog, keys: Keys) =>
  parsePolicy(logPolicyText({ host, ...publicKeysOf(keys), witnessKey: witnessSigner.publicKey }, controller, ''))

async function growTo(sample: SampleLog, from: number, to: number, keys: Keys): Promise<string> {
  await sequenceEntries({ ...sample, ...keys }, controller, await sample.store(from, to), newSequencerMemory())
  await publishCheckpoint({ ...sample, ...keys }, controller)
  const stored = await newestStoredCheckpoint({ ...sample, ...keys }, controller)
  expect(stored?.size).toBe((await sample.leaves()).length)
  return stored?.note ?? ''
}

describe('instances of neighbouring states, in any order', () => {
  it.each<[string, readonly Keys[]]>([
    ['one key and both', [one, both, one, both, both, one]],
    ['both and the new one', [both, retired, both, retired, retired, both]],
    ['all in turn', [one, one, both, both, retired, retired]],
  ])('%s extend one log, and everyone who has the policy of their state verifies it', async (_, states) => {
    const sample = sampleLog()
    const notes: string[] = []
    for (const [i, keys] of states.entries()) notes.push(await growTo(sample, 3 * i, 3 * i + 3, keys))
    for (const [i, note] of notes.entries()) {
      const keys = states[i] ?? one
      for (const policy of [both, retired, keys]) await verifyCheckpoint(note, policyOf(sample, policy))
      const byEarlier = verifyCheckpoint(note, policyOf(sample, one))
      if (keys === retired) await expect(byEarlier).rejects.toMatchObject({ code: 'not-signed' })
      else expect((await byEarlier).checkpoint.size).toBeGreaterThanOrEqual(3 * i + 3)
    }
    expect(notes.map((note) => note.split('\n— ').length - 1)).toEqual(states.map((keys) => (keys === both ? 3 : 2)))
  })

  it('publish one size at once: one checkpoint is stored, and no fork is seen', async () => {
    const sample = sampleLog()
    await sequenceEntries({ ...sample, ...one }, controller, await sample.store(0, 5), newSequencerMemory())
    const published = [one, both].map((keys) => publishCheckpoint({ ...sample, ...keys }, controller))
    expect(new Set((await Promise.all(published)).map(({ size }) => size)).size).toBe(1)
    for (const keys of [one, both])
      expect(await newestStoredCheckpoint({ ...sample, ...keys }, controller)).toBeDefined()
  })
})

test.each<[string, Keys, Keys]>([
  ['the new key alone, after the first alone', one, { checkpointSigner: second }],
  ['the first alone, after the new key alone', retired, one],
])('without a state between them it is taken for a fork: %s', async (_, before, after) => {
  const sample = sampleLog()
  await growTo(sample, 0, 3, before)
  await expect(growTo(sample, 3, 6, after)).rejects.toMatchObject({ code: 'log-forked' })
})

test('the certificate of a receipt key is by the key that most readers know, and stays good', async () => {
  const sample = sampleLog()
  const certify = (keys: Keys, seed: number) => certifyReceiptKey({ ...sample, ...keys }, testSigner(seed).publicKey)
  const signedBy = (jws: string) => {
    const [header, payload, signature = ''] = jws.split('.')
    return [first, second].findIndex(({ publicKey }) =>
      verify(null, Buffer.from(`${header}.${payload}`), publicKeyOf(publicKey), Buffer.from(signature, 'base64url')),
    )
  }
  const made = await certify(one, 11)
  expect([await certify(both, 11), await certify(retired, 11)]).toEqual([made, made])
  expect(signedBy(await certify(both, 12))).toBe(0)
  expect(signedBy(await certify(retired, 13))).toBe(1)
  await expect(certify({ checkpointSigner: second }, 11)).rejects.toMatchObject({ code: 'unavailable' })
})
