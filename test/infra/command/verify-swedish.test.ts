/** Each step of the verifier, and each sentence that it can say of what it found in order, has its Swedish. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, test } from 'vitest'
import { verifyLanguages } from '../../../infra/command/verify-words.ts'
import { swedishSteps } from '../../../shared/verify/steps-sv.ts'
import { swedishSentenceOf } from '../../../shared/verify/swedish-sentence-of-step.ts'
import {
  extractTlogProofs,
  type Pending,
  policyOfKeys,
  type Step,
  type Verification,
  verifyFile,
} from '../../../shared/verify/verify.ts'
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

const sources = join(import.meta.dirname, '../../../shared/verify')
const sentences = Object.values(swedishSteps).flatMap(({ says }) => Object.entries(says))

test.each(Object.entries(swedishSteps))('the name of step %s', (step, { name, says }) => {
  expect(name.length).toBeLessThanOrEqual(13)
  expect(Object.keys(says), step).not.toEqual([])
})

test.each(sentences)('has a Swedish sentence with the same values: %s', (english, swedish) => {
  const slotsOf = (text: string) => new Set(text.match(/\{\w+\}/g))
  expect(swedish).not.toBe(english)
  expect(slotsOf(swedish)).toEqual(slotsOf(english))
})

const inLiterals = /`(?:\$\{[^{}]*\}|[^`])*`|'[^'\n]{20,}'|"[^"\n]{20,}"/g

/** The longest piece between two values, for each sentence after `log.ok(` or `log.note(`. */
async function piecesInSource(): Promise<string[]> {
  const files = (await readdir(sources)).filter((file) => !file.startsWith('log-'))
  const text = (await Promise.all(files.map((file) => readFile(join(sources, file), 'utf8')))).join('\n')
  const calls = text.matchAll(/log\.(?:ok|note)\(\s*(?:'[\w-]+'|step),\s*([\s\S]*?)\)?,?\s*\)\n/g)
  const literals = [...calls].flatMap(([, said = '']) => said.match(inLiterals) ?? [])
  return literals.map((literal) => {
    const pieces = literal.slice(1, -1).split(/\$\{[^{}]*\}/)
    return pieces.toSorted((a, b) => b.length - a.length)[0] ?? ''
  })
}

it('has every sentence that the verifier’s own source has', async () => {
  const pieces = await piecesInSource()
  expect(pieces.length).toBeGreaterThan(40)
  const table = sentences.map(([english]) => english.replace('{kind}', ''))
  const kinds = /consent-proof@1|consent-receipt@1|c2sp\.org\/tlog-proof@v1/
  expect(pieces.filter((piece) => !table.some((english) => english.includes(piece.replace(kinds, ''))))).toEqual([])
})

it('has in each language what an entry is that is not in the log yet', () => {
  const { en, sv } = verifyLanguages
  expect(sv?.kinds).toEqual({
    ...{ event: 'kvitto', version: 'version', retraction: 'återkallad version', presentation: 'form' },
    ...{ link: 'koppling', mandate: 'behörighet', revocation: 'återkallelse av behörighet' },
  })
  const promised = { leafHash: '', recordedAt: at(0), promisedBy: at(0), promise: 'open' } as const
  const mandateId = '0b7d8f3e-5a0c-4a58-9d1e-6f3b2c1a4e70'
  const link = { ...promised, kind: 'link', linkId: 'l' } as const
  const pending: Pending[] = [
    link,
    { ...promised, kind: 'event', receiptId: 'r' },
    { ...promised, kind: 'mandate', mandateId },
  ]
  expect(sv?.withPending([link])).toBe('GILTIG, men 1 post om kopplingar eller behörigheter finns inte med ännu')
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
  const steps = (await verified()).steps.filter(({ outcome }) => outcome !== 'failed')
  expect(steps.length).toBeGreaterThan(3)
  const said = steps.map(swedishSentenceOf)
  expect(
    said.filter((sentence) => /\b(the|of|is|has|event|and|that|by)\b/.test(sentence.replaceAll(/"[^"]*"/g, ''))),
  ).toEqual([])
})

it.each<Step & { swedish: string }>([
  {
    step: 'checkpoint',
    outcome: 'ok',
    says: 'The log "a\\" signed a tree of 9, made 1" signed a tree of 7, made at a time that no known witness says.',
    swedish:
      'Loggen "a\\" signed a tree of 9, made 1" har undertecknat ett träd med 7 löv. Inget känt vittne säger när det gjordes.',
  },
  {
    step: 'answer',
    outcome: 'note',
    says: `The ledger holds what it cannot read: event "one more event", the subject's keys, 3 more. The no stands all the same.`,
    swedish:
      'Registret har något som det inte kan läsa: händelse "one more event", personens nycklar, 3 till. Nejet gäller ändå.',
  },
  {
    step: 'pending',
    outcome: 'note',
    says: 'Recorded at noon, and not in the checkpoint: the revocation of the mandate "a mandate". The log promises to have it by one.',
    swedish:
      'Antecknad at noon och inte med i kontrollpunkten: återkallelsen av behörigheten "a mandate". Loggen lovar att ha den till one.',
  },
  {
    step: 'pending',
    outcome: 'note',
    says: 'Recorded at noon, and not in the checkpoint: the mandate "a mandate". The log promises to have it by one.',
    swedish:
      'Antecknad at noon och inte med i kontrollpunkten: behörighet "a mandate". Loggen lovar att ha den till one.',
  },
  { step: 'checkpoint', outcome: 'failed', says: 'it is not signed', swedish: 'it is not signed' },
])('what a file holds, and the detail of a failure, stay as they are: $says', ({ swedish, ...step }) => {
  expect(swedishSentenceOf(step)).toBe(swedish)
})
