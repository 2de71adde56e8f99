/** The command's report in Swedish. */
import { expect, it } from 'vitest'
import { verifyLanguages } from '../../../infra/command/verify-words.ts'
import { swedishFinding } from '../../../shared/verify/swedish-finding.ts'
import {
  extractTlogProofs,
  type Pending,
  policyOfKeys,
  type Verification,
  verifyFile,
} from '../../../shared/verify/verify.ts'
import { isEnglish } from '../../shared/verify/english-words.ts'
import { publishedStory } from '../../shared/verify/ledger-story.ts'
import {
  at,
  given,
  logVkey,
  makeEvent,
  makeProof,
  outsideVkey,
  ownVkey,
  plainStory,
} from '../../shared/verify/maker.ts'

it('has in each language what an entry is that is not in the log yet', () => {
  const { en, sv } = verifyLanguages
  expect(sv?.kinds).toEqual({
    ...{ event: 'kvitto', version: 'version', retraction: 'återkallad version', presentation: 'form' },
    ...{ link: 'länk', mandate: 'behörighet', revocation: 'återkallelse av behörighet' },
  })
  const promised = { leafHash: '', recordedAt: at(0), promisedBy: at(0), promise: 'open' } as const
  const mandateId = '0b7d8f3e-5a0c-4a58-9d1e-6f3b2c1a4e70'
  const link = { ...promised, kind: 'link', linkId: 'l' } as const
  const pending: Pending[] = [
    link,
    { ...promised, kind: 'event', receiptId: 'r' },
    { ...promised, kind: 'mandate', mandateId },
  ]
  expect(sv?.withPending([link])).toBe('GILTIG, men 1 post om länkar eller behörigheter finns inte med ännu')
  expect(en?.withPending(pending)).toBe(
    'VALID, but 1 recorded event and 2 entries on links or mandates are not in it yet',
  )
})

const asked = { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }
const keys = policyOfKeys([logVkey, ownVkey, outsideVkey])

/** The plain story with a withdrawal that no checkpoint has. */
function pendingFrom(recorded: number, knownAt: number): string {
  const story = plainStory()
  const decisions = [{ purposeId: 'newsletter', verb: 'withdrawn' as const }]
  const late = makeEvent({ recorded: at(recorded), decisions, evidence: given('2') }, story.history)
  const events = [...story.events, late]
  return JSON.stringify(makeProof({ ...story, events }, { ...asked, knownAt: at(knownAt) }))
}

const proof = JSON.stringify(makeProof(plainStory(), asked))
const files: [what: string, file: () => Promise<Verification>][] = [
  ['a proof', () => verifyFile(proof, keys)],
  ['a proof whose time no known witness says', () => verifyFile(proof, policyOfKeys([logVkey]))],
  ['a proof by the operator’s own witness', () => verifyFile(proof, policyOfKeys([logVkey, ownVkey]))],
  ['a proof with an open promise', () => verifyFile(pendingFrom(5100, 5150), keys, { now: at(5200) })],
  ['a proof with an overdue promise', () => verifyFile(pendingFrom(5100, 5150), keys, { now: at(5221) })],
  ['a proof with a broken promise', () => verifyFile(pendingFrom(5100, 5300), keys, { now: at(5150) })],
  ['a leaf', () => verifyFile(extractTlogProofs(proof)[0]?.text ?? '', keys)],
  [
    'receipts',
    async () => {
      const { receipts, policy } = await publishedStory()
      const wholes = await verifyFile(JSON.stringify({ receipts, next: 'more' }), policy, { now: at(0) })
      return { ...wholes, steps: [...wholes.steps, ...(wholes.receipts ?? []).flatMap(({ steps }) => steps)] }
    },
  ],
]

it.each(files)('says all steps of %s in Swedish', async (_, verified) => {
  const { steps } = await verified()
  expect(steps.length).toBeGreaterThan(3)
  expect(steps.map(({ said }) => swedishFinding(said)).filter(isEnglish)).toEqual([])
})

it('says the step that failed in Swedish, in the line of the step and in the verdict', async () => {
  const found = await verifyFile(proof.replace('"Given"', '"Refused"'), keys)
  const { sv } = verifyLanguages
  const said = 'svaret i filen är inte det som händelserna ger: status är "Refused", men borde vara "Given"'
  expect(found.failed && sv?.says(found.failed)).toBe(said)
  expect(found.steps.map((step) => sv?.says(step)).at(-1)).toBe(said)
})
