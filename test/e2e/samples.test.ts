/** A random sample over HTTP, checked offline by the command: what is drawn, who may ask, and what an altered answer is found to be. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { encodeBase64 } from '../../shared/tlog/encoding.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { extractTlogProofs } from '../../shared/verify/verify.ts'
import { bearer, bearerWithoutGrant, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const seed = '00112233445566778899aabbccddeeff'
let folder: string
let size: number
let answer: EventBody
/** Secret of each person, by the leaf of the event. */
const people = new Map<string, string>()
const receipts: EventBody[] = []

async function ask(auditor: string, more: EventBody = {}): Promise<Reply> {
  const token = await bearerWithoutGrant(ledger, auditor, 'consent.audit')
  return ledger.post('/v1/audit/samples', { controller: 'ljungsten', size, seed, count: 8, ...more }, token)
}

async function grant(auditor: string, subjects: unknown, more: EventBody = {}): Promise<void> {
  const named = { grantId: randomUUID(), auditor: { subject: auditor }, name: auditor, subjects, ...more }
  const admin = bearer(await ledger.token('consent.admin'))
  const draft = { ...named, until: '2090-01-01T00:00:00Z' }
  expect((await ledger.post('/v1/controllers/ljungsten/grants', draft, admin)).status).toBe(201)
}

async function command(...argv: string[]): Promise<[number, string]> {
  let printed = ''
  const out = (text: string) => {
    printed += text
  }
  const code = await runConsentLedger(['sample', ...argv], {
    env: {},
    isTty: false,
    out,
    err: out,
    stdin: async () => new Uint8Array(),
  })
  return [code, printed]
}

async function check(body: unknown, ...more: string[]): Promise<[number, string]> {
  const file = join(folder, `${randomUUID()}.json`)
  await writeFile(file, JSON.stringify(body))
  return command(file, ...ledger.local.logKeys('ljungsten').flatMap((key) => ['--key', key]), ...more)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samples-'))
  for (let n = 0; n < 12; n++) {
    const secret = aDeviceSecret()
    const { json } = await record(ledger, visitorEvent(ledger, secret))
    receipts.push(json)
    people.set(json.leaf, secret)
  }
  await ledger.local.runner.settle()
  const { checkpoints } = (await ledger.get('/log/ljungsten/checkpoints')).json
  size = checkpoints.at(-1).size
  await grant('sampler', 'all')
  const reply = await ask('sampler')
  expect(reply.status, reply.text).toBe(200)
  answer = reply.json
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the answer is what the command draws from the signed checkpoint alone, and its proofs hold', async () => {
  const { root } = parseCheckpoint(parseNote(answer.checkpoint as string).text)
  const inputs = ['--size', String(size), '--root', encodeBase64(root), '--seed', seed, '--count', '8']
  const leaves = answer.leaves as { index: number; kind: string }[]
  expect(await command(...inputs)).toEqual([0, `${leaves.map(({ index }) => index).join('\n')}\n`])
  const [code, printed] = await check(answer, ...inputs)
  expect([code, printed]).toEqual([0, expect.stringContaining(`VALID. 8 of the ${size} leaves of`)])
  expect(printed).not.toContain('taken from the file')
  expect((await check(answer, '--seed', seed))[1]).toContain('taken from the file: size, root, count.')
  for (const { index, kind } of leaves) expect(printed).toContain(`\n${index}  ${kind}\n`)
})

const askForAll = () => ask('sampler', { size, seed, count: Math.min(size, 100) })

/** The drawn leaves of an answer, from their tlog-proofs. */
function leavesIn({ leaves }: EventBody): { index: unknown; leaf: string }[] {
  return (leaves as EventBody[]).map(({ index, tlogProof }) => {
    const [, extra = ''] = /^extra (.*)$/m.exec(String(tlogProof)) ?? []
    return { index, leaf: JSON.parse(Buffer.from(extra, 'base64').toString()).leaf }
  })
}

test('proofs and receipts about people say which of the drawn leaves are theirs, and open those', async () => {
  const { json } = await askForAll()
  const [[leaf, secret] = ['', '']] = people
  const question = { controller: 'ljungsten', subject: deviceIdentity(secret), purposeId: 'statistics' }
  const token = bearer(await ledger.token('consent.audit'))
  const proof = await ledger.post('/v1/audit/proofs', question, token)
  const [ofOne, ofAll, wrong] = [join(folder, 'proof.json'), join(folder, 'receipts.json'), join(folder, 'wrong.json')]
  await writeFile(ofOne, proof.text)
  await writeFile(ofAll, JSON.stringify({ receipts }))
  await writeFile(wrong, proof.text.replace('"Given"', '"Refused"'))
  const [code, printed] = await check(json, '--seed', seed, '--with', ofOne, '--with', ofAll)
  expect(code).toBe(0)
  const lines = printed.split('\n')
  const drawn = leavesIn(json)
  for (const { index, leaf: each } of drawn) {
    const line = lines.find((one) => one.startsWith(`${index}  `))
    expect([line?.includes(ofAll), line?.includes(ofOne)]).toEqual([people.has(each), each === leaf])
  }
  const open = drawn.filter(({ leaf: each }) => people.has(each)).length
  expect(open).toBeGreaterThan(0)
  expect(printed).toContain(`${open} of ${drawn.length} are opened by the files.`)
  expect(await check(json, '--with', wrong)).toEqual([1, expect.stringContaining('wrong.json')])
  const [single] = extractTlogProofs(proof.text)
  await writeFile(ofAll, single?.text ?? '')
  expect((await check(json, '--with', ofAll))[1]).toContain(`1 of ${drawn.length} are opened`)
})

test('a leaf that anyone may write beside what is verified opens nothing', async () => {
  const { json } = await askForAll()
  const drawn = leavesIn(json)
  const file = join(folder, 'extended.json')
  const claimed = drawn.map(({ leaf: each }) => ({ leaf: each, disclosures: ['nothing'] }))
  const first = receipts[0] as EventBody
  const extended = [
    [{ receipts, claimed }, drawn.filter(({ leaf }) => people.has(leaf)).length],
    [
      { outcomes: [{ status: 201, receipt: first, problem: claimed }] },
      drawn.filter((one) => one.leaf === first.leaf).length,
    ],
  ]
  for (const [body, expected] of extended) {
    await writeFile(file, JSON.stringify(body))
    const [valid, says] = await check(json, '--with', file)
    expect([valid, says]).toEqual([0, expect.stringContaining(`${expected} of ${drawn.length} are opened`)])
  }
})

test('the same question is the same sample, and it is recorded as a read about nobody', async () => {
  const reads = async () => (await ledger.stored('entries')).filter(({ pk }) => /#read#/.test(pk))
  const before = (await reads()).length
  expect((await ask('sampler')).json.leaves).toEqual(answer.leaves)
  expect((await reads()).length).toBe(before + 1)
  const admin = bearer(await ledger.token('consent.admin'))
  const { json } = await ledger.get('/v1/controllers/ljungsten/reads', admin)
  expect(json.reads).toContainEqual(expect.objectContaining({ route: 'askSample', subjects: 0 }))
})

test('an honest sample of another checkpoint, or a shorter one, is not the one that was asked for', async () => {
  const { checkpoints } = (await ledger.get('/log/ljungsten/checkpoints')).json
  const earlier = checkpoints.filter((each: EventBody) => Number(each.size) >= 8 && each.size !== size).at(-1).size
  const { root } = parseCheckpoint(parseNote(answer.checkpoint as string).text)
  const other = (await ask('sampler', { size: earlier })).json
  const short = (await ask('sampler', { count: 2 })).json
  for (const [of, option, value, says] of [
    [other, '--size', String(size), `the sample is of ${earlier} leaves, and you asked for one of ${size}`],
    [other, '--root', encodeBase64(root), 'another root than yours'],
    [short, '--count', '8', 'the sample has 2 leaves, and you asked for 8'],
  ] as const) {
    expect((await check(of, '--seed', seed))[0]).toBe(0)
    expect(await check(of, '--seed', seed, option, value)).toEqual([1, expect.stringContaining(says)])
  }
})

const first = () => (answer.leaves as EventBody[])[0] as EventBody
const others = () => (answer.leaves as EventBody[]).slice(1)

test.each<[string, () => EventBody, string]>([
  ['a leaf left out', () => ({ leaves: others() }), 'the seed draws the leaves'],
  ['another order', () => ({ leaves: [...others(), first()] }), 'the seed draws the leaves'],
  [
    'another index',
    () => ({ leaves: [{ ...first(), index: Number(first().index) + 1 }, ...others()] }),
    'the seed draws',
  ],
  ['another kind', () => ({ leaves: [{ ...first(), kind: 'hold' }, ...others()] }), 'is of another kind'],
  [
    'the proof of another',
    () => ({ leaves: [{ ...first(), tlogProof: others()[0]?.tlogProof }, ...others()] }),
    'is of another leaf',
  ],
  ['another seed', () => ({ seed: seed.replace('0', '1') }), 'with another seed than yours'],
  ['another size', () => ({ size: size + 1 }), 'the checkpoint is of'],
  [
    'a checkpoint that was changed',
    () => ({ checkpoint: String(answer.checkpoint).replace(`\n${size}\n`, `\n${size - 1}\n`) }),
    '',
  ],
  ['something else', () => ({ schemaVersion: 'consent-proof@1' }), 'no answer with a sample'],
])('%s is found', async (_, more, says) => {
  const [code, printed] = await check({ ...answer, ...more() }, '--seed', seed)
  expect([code, printed]).toEqual([1, expect.stringContaining(`INVALID. `)])
  expect(printed).toContain(says)
})

describe('who may ask', () => {
  test.each<[string, unknown, EventBody, EventBody, number | string]>([
    ['nobody without a grant', undefined, {}, {}, 'grant'],
    ['an auditor of one person', { named: [{ type: 'email', id: 'kim@example.org' }] }, {}, {}, 'subject'],
    ['one of this sample', 'this', {}, {}, 200],
    ['one of another', 'this', {}, { count: 7 }, 'subject'],
    ['one of some purposes, because a leaf shows none', 'all', { purposes: ['statistics'] }, {}, 200],
  ])('%s', async (title, subjects, more, question, expected) => {
    if (subjects !== undefined)
      await grant(title, subjects === 'this' ? { sample: { size, seed, count: 8 } } : subjects, more)
    const { status, json } = await ask(title, question)
    expect(status === 200 ? 200 : json.missing).toBe(expected)
  })

  test('a sample’s auditor asks about no person', async () => {
    const token = await bearerWithoutGrant(ledger, 'one of this sample', 'consent.audit')
    const question = {
      controller: 'ljungsten',
      subject: { type: 'email', id: 'kim@example.org' },
      purposeId: 'statistics',
    }
    const { json } = await ledger.post('/v1/audit/consents', question, token)
    expect([json.code, json.missing]).toEqual(['grant-needed', 'subject'])
  })
})

test.each<[string, EventBody, number, string]>([
  ['a size that was never published', { size: 1_000_000 }, 404, 'not-found'],
  ['too many leaves', { count: 101 }, 400, 'invalid-request'],
  ['a short seed', { seed: '00' }, 400, 'invalid-request'],
  ['half a byte', { seed: `${seed}0` }, 400, 'invalid-request'],
])('%s is refused', async (_, more, status, code) => {
  const reply = await ask('sampler', more)
  expect([reply.status, reply.json.code]).toEqual([status, code])
})

test.each([
  [['--size', '10'], 'give --size, --root, --seed and --count'],
  [
    ['--size', 'x', '--root', encodeBase64(new Uint8Array(32)), '--seed', seed, '--count', '1'],
    '--size is a whole number',
  ],
  [
    ['--size', '3', '--root', encodeBase64(new Uint8Array(32)), '--seed', seed, '--count', '4'],
    'it has 1 to 100 of the 3 leaves',
  ],
  [['--size', '3', '--root', 'AAAA', '--seed', seed, '--count', '1'], 'a root of 3 bytes'],
  [['--size', '3', '--root', encodeBase64(new Uint8Array(32)), '--seed', 'ABCD', '--count', '1'], 'lower-case hex'],
])('the command called as %j says why not', async (argv, says) => {
  const [code, printed] = await command(...argv)
  expect([code, printed]).toEqual([2, expect.stringContaining(says)])
})
