/**
 * Files for the verifier, valid and tampered: what the tests of the verifier in Node are made of, so that a browser can be given the same. Each
 * is judged with its keys at its instant. Random changes come from a seed, so that a failure comes back.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { drawSample, readSeed } from '../../shared/tlog/sample.ts'
import { lateStory, lie, lies, story, tamperedLateProofs } from '../shared/verify/false-stories.ts'
import { publishedStory } from '../shared/verify/ledger-story.ts'
import {
  at,
  controller,
  logVkey,
  makeProof,
  origin,
  ownVkey,
  plainStory,
  TestKey,
  TestLog,
} from '../shared/verify/maker.ts'
import { asked, draftOf, earlier, tamperedProofs } from '../shared/verify/tampered-proofs.ts'
import { altered, membersOf, tamperedReceipts } from '../shared/verify/tampered-receipts.ts'

export interface VerifierFile {
  readonly name: string
  readonly bytes: Buffer
  /** As the reader pastes them. */
  readonly keys: string
  readonly now: string
  /** The command that takes it. */
  readonly command: 'verify' | 'sample'
}

type Given = readonly [name: string, content: unknown]

const seed = 20_261_130

/** Files that are judged with the same keys, at the same instant. */
function together(keys: string, now: string, given: readonly Given[], command: VerifierFile['command'] = 'verify') {
  return given.map(([name, content]): VerifierFile => {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    const bytes = content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(text)
    return { name, bytes, keys, now, command }
  })
}

export async function verifierFiles(): Promise<readonly VerifierFile[]> {
  return [...madeProofs(), ...randomlyChanged(), ...samples(), ...(await ledgersOwn())]
}

const ownKeys = `${logVkey}\n${ownVkey}\n`
const late = { purposeId: 'newsletter', at: at(1000), knownAt: at(6000) }

function madeProofs(): readonly VerifierFile[] {
  const lateQuestions = [at(1000), at(3600), at(3700)].map((knownAt) => ({ ...late, knownAt }))
  const valid: readonly Given[] = [
    ['a proof', makeProof(plainStory(), asked)],
    ['a proof as known earlier', makeProof(plainStory(), earlier)],
    ['a proof about a policy', makeProof(plainStory(), { policyId: 'privacy', at: at(6000), knownAt: at(6000) })],
    ...lateQuestions.map((question): Given => [`a late event, ${question.knownAt}`, makeProof(lateStory(), question)]),
  ]
  const changed = [
    ...tamperedProofs.map((each) => ({ ...each, proof: makeProof(plainStory(), each.of ?? asked) })),
    ...tamperedLateProofs.map((each) => ({ ...each, proof: makeProof(lateStory(), late) })),
  ].map(({ name, tamper, proof }): Given => {
    const draft = draftOf(proof)
    tamper(draft)
    return [name, draft]
  })
  const signedLies = lies.map(([name, change]): Given => {
    return [
      `signed: ${name}`,
      makeProof(story([lie(change)]), { purposeId: 'newsletter', at: at(2000), knownAt: at(2000) }),
    ]
  })
  const stranger = `${new TestKey('another').vkey(origin)}\n`
  return [
    ...together(ownKeys, at(10_000), [...valid, ...changed, ...signedLies]),
    ...together(stranger, at(10_000), [['a proof, with a stranger’s key', makeProof(plainStory(), asked)]]),
    ...together(logVkey, at(10_000), [['a late event, without a witness', makeProof(lateStory(), late)]]),
  ]
}

function randomlyChanged(): readonly VerifierFile[] {
  const text = JSON.stringify(makeProof(plainStory(), asked))
  const letters = fc.constantFrom(...'abcXYZ0189{}[]",:\\\n-_=+/. \u0000\u2014')
  const places = fc.tuple(fc.nat(text.length - 1), letters, fc.constantFrom(0, 1))
  const changed = fc.sample(places, { numRuns: 150, seed }).map(([place, letter, removed], i): Given => {
    return [`a character changed, ${i}`, text.slice(0, place) + letter + text.slice(place + removed)]
  })
  const bytes = fc.sample(fc.uint8Array({ maxLength: 100 }), { numRuns: 30, seed })
  const odd: readonly Given[] = [
    ['nothing', ''],
    ['white space', ' \n'],
    ['no JSON', 'Dear auditor,'],
    ['a number', '1'],
    ['null', 'null'],
    ['a member twice', text.replace('{"format"', '{"format":"consent-proof@1","format"')],
    ['a prototype', text.replace('{"format"', '{"__proto__":{"events":[]},"format"')],
    ['a lone surrogate, escaped', text.replace('"origin":"', '"origin":"\\ud800')],
    ['a fraction', text.replace('"provisional":true', '"provisional":0.5')],
    ['deep', '['.repeat(100_000)],
    ['deep in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a byte order mark', `\uFEFF${text}`],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['cut short', text.slice(0, text.length / 2)],
    ...bytes.map((content, i): Given => [`bytes, ${i}`, content]),
  ]
  return together(ownKeys, at(10_000), [...changed, ...odd])
}

function samples(): readonly VerifierFile[] {
  const log = new TestLog()
  for (let n = 0; n < 9; n++) log.append(`{"kind":"note","n":${n}}`)
  const published = log.publish(at(60))
  const { size, note: checkpoint } = published
  const ofSample = '00112233445566778899aabbccddeeff'
  const drawn = drawSample({ size, root: log.root(size), seed: readSeed(ofSample), count: 3 })
  const leaves = drawn.map((index) => {
    const leaf = log.leaves[index] ?? ''
    return { index, kind: 'note', tlogProof: log.proof(index, published, { leaf }) }
  })
  const sample = { schemaVersion: 'consent-sample@1', controller, checkpoint, size, seed: ofSample, count: 3, leaves }
  const given: readonly Given[] = [
    ['a sample', sample],
    ['a sample of another seed', { ...sample, seed: 'ffeeddccbbaa99887766554433221100' }],
    ['a sample of another size', { ...sample, size: 8 }],
    ['a sample with a leaf less', { ...sample, leaves: leaves.slice(1) }],
    ['a sample of leaves in another order', { ...sample, leaves: leaves.toReversed() }],
    ['a sample with a leaf of another kind', { ...sample, leaves: leaves.map((leaf) => ({ ...leaf, kind: 'event' })) }],
    ['a sample with an unknown member', { ...sample, more: 1 }],
  ]
  return together(ownKeys, at(10_000), given, 'sample')
}

async function ledgersOwn(): Promise<readonly VerifierFile[]> {
  const { proofs, receipts, policyText, now } = await publishedStory()
  const logged = receipts.find(({ tlogProof, record }) => tlogProof !== undefined && record.events[0]?.eventType)
  const promised = receipts.find(({ tlogProof }) => tlogProof === undefined)
  if (logged === undefined || promised === undefined) throw new Error('the story has no such receipts')
  const tampered = tamperedReceipts.map(([name, tamper]): Given => {
    const draft = JSON.parse(JSON.stringify(logged))
    tamper(draft, promised)
    return [`a receipt: ${name}`, draft]
  })
  const members = [...membersOf(JSON.parse(JSON.stringify(logged)))].map((path): Given => {
    return [`a receipt with ${path.join('.')} changed`, altered(logged, path, 'changed')]
  })
  const { record: _, ...bare } = logged
  const tlogProof = logged.tlogProof ?? ''
  const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/tlog/proofs.json'), 'utf8'))
  return together(policyText, now, [
    ...proofs.map((proof, i): Given => [`a proof of the ledger, ${i}`, proof]),
    ...receipts.map((receipt, i): Given => [`a receipt of the ledger, ${i}`, receipt]),
    ...tampered,
    ...members,
    ['a receipt without its record', bare],
    ['receipts', { receipts }],
    [
      'receipts, one of them tampered with',
      { receipts: [logged, { ...promised, eventId: logged.eventId }], next: 'x' },
    ],
    ['no receipt', { receipts: [] }],
    [
      'outcomes',
      {
        outcomes: [
          { status: 201, receipt: logged },
          { status: 400, problem: {} },
        ],
      },
    ],
    ['an own record', { format: 'consent-own-record@1', controller: { controller }, receipts: [logged] }],
    ['a leaf', tlogProof],
    ['a leaf with CRLF', tlogProof.replaceAll('\n', '\r\n')],
    ['a leaf without its last newline', tlogProof.trimEnd()],
    ['a leaf with another index', tlogProof.replace(/index \d+/, 'index 999')],
    ...vectors.accepted.map((text: string, i: number): Given => [`a tlog-proof vector, ${i}`, text]),
    ...vectors.refused.map(({ given, reason }: { given: string; reason: string }): Given => {
      return [`a tlog-proof vector: ${reason}`, given]
    }),
  ])
}
