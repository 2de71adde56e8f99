/** Which controller's log a file is of, for each kind of file, and for files that a stranger made. */
import { beforeAll, expect, it } from 'vitest'
import { controllerOf } from '../../../../functions/console/verify/log-of-file.ts'
import { type PublishedStory, publishedStory } from '../../../shared/verify/ledger-story.ts'

let story: PublishedStory
beforeAll(async () => {
  story = await publishedStory()
})

it('is in every file that the ledger makes', () => {
  const [proof] = story.proofs
  const receipt = story.receipts.find(({ tlogProof }) => tlogProof !== undefined)
  const files = {
    proof: JSON.stringify(proof),
    receipt: JSON.stringify(receipt),
    receipts: JSON.stringify({ receipts: [receipt] }),
    outcomes: JSON.stringify({
      outcomes: [
        { status: 400, problem: {} },
        { status: 201, receipt },
      ],
    }),
    record: JSON.stringify({ format: 'consent-own-record@1', controller: { controller: 'acme', name: 'Acme' } }),
    sample: JSON.stringify({ schemaVersion: 'consent-sample@1', controller: 'acme' }),
    leaf: receipt?.tlogProof ?? '',
    'leaf with CRLF': receipt?.tlogProof?.replaceAll('\n', '\r\n') ?? '',
  }
  for (const [name, text] of Object.entries(files)) expect([name, controllerOf(text)]).toEqual([name, 'acme'])
})

it.each([
  ['nothing', ''],
  ['no JSON', '{"controller":"acme"'],
  ['a list', '["acme"]'],
  ['another form', '{"controller":{"name":"acme"}}'],
  ['a name that is a path', '{"controller":"../../v1/me"}'],
  ['a name in capitals', '{"controller":"ACME"}'],
  ['a long name', `{"controller":"${'a'.repeat(41)}"}`],
  ['a member of the prototype', '{"receipts":[{}]}'],
  ['a tlog-proof without a checkpoint', 'c2sp.org/tlog-proof@v1\nindex 3\n'],
])('is not guessed from %s', (_, text) => {
  expect(controllerOf(text)).toBeUndefined()
})
