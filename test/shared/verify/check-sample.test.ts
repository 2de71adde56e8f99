/** Samples that no ledger makes: whatever the leaves of the log are, the check ends with a finding. */
import { expect, test } from 'vitest'
import { drawSample, readSeed } from '../../../shared/tlog/sample.ts'
import { checkSample } from '../../../shared/verify/check-sample.ts'
import { englishSentence } from '../../../shared/verify/say.ts'
import { policyOfKeys } from '../../../shared/verify/verify.ts'
import { at, controller, logVkey, TestLog } from './maker.ts'

const seed = '00112233445566778899aabbccddeeff'

function sampleOf(leaf: string, kind = 'note'): string {
  const log = new TestLog()
  log.append(leaf)
  const published = log.publish(at(60))
  const { size, note: checkpoint } = published
  const indexes = drawSample({ size, root: log.root(size), seed: readSeed(seed), count: 1 })
  const leaves = indexes.map((index) => ({ index, kind, tlogProof: log.proof(index, published, { leaf }) }))
  return JSON.stringify({ schemaVersion: 'consent-sample@1', controller, checkpoint, size, seed, count: 1, leaves })
}

test.each([
  ['is JSON without a kind', '{"v":1}', 'leaf 0 is of another kind than note'],
  ['is of another kind', '{"kind":"event"}', 'leaf 0 is of another kind than note'],
  ['is null', 'null', 'leaf 0 is of another kind than note'],
  ['is not JSON', 'a line of text', expect.stringContaining('JSON')],
])('a leaf that %s', async (_, leaf, failed) => {
  const checked = await checkSample(sampleOf(leaf), policyOfKeys([logVkey]), { seed })
  expect('failed' in checked && englishSentence(checked.failed)).toEqual(failed)
})

test('a leaf of the kind that is stated', async () => {
  expect(await checkSample(sampleOf('{"kind":"note"}'), policyOfKeys([logVkey]), { seed })).toMatchObject({
    leaves: [{ index: 0, kind: 'note' }],
  })
})
