import { describe, expect, it } from 'vitest'
import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { inclusionProof } from '../../../shared/tlog/inclusion.ts'
import { formatNote } from '../../../shared/tlog/note.ts'
import { parsePolicy, verifyCheckpoint } from '../../../shared/tlog/tlog-policy.ts'
import { formatTlogProof, parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { formatVerifierKey, signatureTypes } from '../../../shared/tlog/verifier-key.ts'
import { flipped, hex, NaiveTree } from './naive-tree.ts'
import { policyOfKey, provenLeaf } from './proven-leaf.ts'
import { asyncRefusal, refusal } from './refusal.ts'
import { signatureOf, signedNote, signer, type TestSigner, witness } from './signing.ts'

const origin = 'log.example/acme'
const tree = new NaiveTree()
const log = signer(origin)
const [x1, x2, x3, y1, y2] = ['x1', 'x2', 'x3', 'y1', 'y2'].map((name) => witness(`${name}.example`)) as [
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
]
const vkey = (one: TestSigner): string => formatVerifierKey(one.key)
const text = checkpointText({ origin, size: 11, root: tree.root(0, 11), extensions: [] })

/** The shape of the specification's example: two of three X and any Y. */
const twoLevels = `
# a comment
log ${vkey(log)} https://log.example/acme/
witness X1 ${vkey(x1)}
witness X2 ${vkey(x2)} https://x2.example/
\twitness  X3\t${vkey(x3)} 
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkey(y1)}
witness Y2 ${vkey(y2)}
  # indented comment
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

describe('parsePolicy', () => {
  it('reads logs, witnesses, groups and the quorum', () => {
    const policy = parsePolicy(twoLevels)
    expect(policy.logs).toEqual([{ key: log.key, url: 'https://log.example/acme/' }])
    expect([...policy.witnesses.keys()]).toEqual(['X1', 'X2', 'X3', 'Y1', 'Y2'])
    expect(policy.witnesses.get('X2')).toEqual({ key: x2.key, url: 'https://x2.example/' })
    expect(policy.groups.get('X-witnesses')).toEqual({ threshold: 2, members: ['X1', 'X2', 'X3'] })
    expect(policy.groups.get('X-and-Y')).toEqual({ threshold: 2, members: ['X-witnesses', 'Y-witnesses'] })
    expect(policy.groups.get('Y-witnesses')?.threshold).toBe(1)
    expect(policy.quorum).toBe('X-and-Y')
  })

  it('takes names as they are: no case, no normal form, nothing of Object', () => {
    const names = ['K', '\u212a', 'k', 'é', 'e\u0301', '__proto__', 'constructor', 'all', 'any', '1']
    const lines = names.map((name, i) => `witness ${name} ${vkey(witness(`w${i}.example`))}\n`)
    const policy = parsePolicy(
      `${lines.join('')}group all any ${names.filter((n) => n !== 'all').join(' ')} \nquorum 1\n`.replace(
        'group all',
        'group g',
      ),
    )
    expect([...policy.witnesses.keys()]).toEqual(names)
    expect(policy.groups.get('toString')).toBeUndefined()
  })

  it('takes 256 witnesses and no more', () => {
    const of = (count: number): string =>
      `${Array.from({ length: count }, (_, i) => `witness w${i} ${vkey(witness(`w${i}.example`))}\n`).join('')}quorum none\n`
    expect(parsePolicy(of(256)).witnesses.size).toBe(256)
    expect(refusal(() => parsePolicy(of(257)))).toBe('malformed-policy')
  })

  it('knows a log by its key alone', async () => {
    const policy = policyOfKey(vkey(log))
    expect((await verifyCheckpoint(signedNote(text, [log]), policy)).witnessed).toEqual([])
    expect(refusal(() => policyOfKey(vkey(x1)))).toBe('malformed-policy')
  })
})

describe('verifyCheckpoint', () => {
  const policy = parsePolicy(twoLevels)

  it.each<[string, TestSigner[], string | undefined]>([
    ['nobody', [], 'quorum-not-met'],
    ['one X', [x1], 'quorum-not-met'],
    ['two X', [x1, x3], 'quorum-not-met'],
    ['all X', [x1, x2, x3], 'quorum-not-met'],
    ['all Y', [y1, y2], 'quorum-not-met'],
    ['one X and all Y', [x2, y1, y2], 'quorum-not-met'],
    ['one X three times and a Y', [x1, x1, x1, y1], 'quorum-not-met'],
    ['strangers', [witness('s1.example'), witness('s2.example'), witness('s3.example')], 'quorum-not-met'],
    ['two X and one Y', [x1, x2, y1], undefined],
    ['two others and the other Y', [y2, x3, x2], undefined],
    ['all and a stranger', [x1, x2, x3, y1, y2, witness('s1.example')], undefined],
  ])('cosigned by %s', async (_, witnesses, expected) => {
    const note = signedNote(text, [log, ...witnesses])
    expect(await asyncRefusal(() => verifyCheckpoint(note, policy))).toBe(expected)
  })

  it('returns what it verified: the checkpoint, and who cosigned when, by their names in the policy', async () => {
    const signatures = [
      signatureOf(y2, text, 30),
      signatureOf(x1, text, 10),
      signatureOf(log, text),
      signatureOf(x2, text, 20),
    ]
    const { checkpoint, witnessed } = await verifyCheckpoint(formatNote({ text, signatures }), policy, origin)
    expect(checkpoint).toMatchObject({ origin, size: 11, extensions: [] })
    expect(hex(checkpoint.root)).toBe(hex(tree.root(0, 11)))
    expect(witnessed).toEqual([
      { name: 'X1', timeSeconds: 10 },
      { name: 'X2', timeSeconds: 20 },
      { name: 'Y2', timeSeconds: 30 },
    ])
  })

  it('needs a log of that origin to have signed, whoever cosigned', async () => {
    const witnesses = [x1, x2, x3, y1, y2]
    expect(await asyncRefusal(() => verifyCheckpoint(signedNote(text, witnesses), policy))).toBe('not-signed')
    const other = checkpointText({ origin: 'log.example/other', size: 11, root: tree.root(0, 11), extensions: [] })
    expect(await asyncRefusal(() => verifyCheckpoint(signedNote(other, [log, ...witnesses]), policy))).toBe(
      'not-signed',
    )
    const whole = signedNote(text, [log, ...witnesses])
    expect(await asyncRefusal(() => verifyCheckpoint(whole, policy, 'log.example/other'))).toBe('not-signed')
    const noLogs = { ...policy, logs: [] }
    expect(await asyncRefusal(() => verifyCheckpoint(whole, noLogs))).toBe('not-signed')
  })

  it('rejects a checkpoint with one bad cosignature of a known witness', async () => {
    const bad = { ...signatureOf(y2, text, 9), signature: flipped(signatureOf(y2, text, 9).signature, 70) }
    const signatures = [...[log, x1, x2, y1].map((one) => signatureOf(one, text, 9)), bad]
    expect(await asyncRefusal(() => verifyCheckpoint(formatNote({ text, signatures }), policy))).toBe('bad-signature')
  })

  it('takes either key of a log that has two', async () => {
    const next = signer(origin, signatureTypes.ed25519, 'next year')
    const both = parsePolicy(`log ${vkey(log)}\nlog ${vkey(next)}\nquorum none\n`)
    for (const signers of [[log], [next], [log, next]])
      expect((await verifyCheckpoint(signedNote(text, signers), both)).checkpoint.size).toBe(11)
  })

  it('with a single witness as the quorum', async () => {
    const one = parsePolicy(`log ${vkey(log)}\nwitness X1 ${vkey(x1)}\nwitness X2 ${vkey(x2)}\nquorum X1\n`)
    expect(await asyncRefusal(() => verifyCheckpoint(signedNote(text, [log, x2]), one))).toBe('quorum-not-met')
    expect(await asyncRefusal(() => verifyCheckpoint(signedNote(text, [log, x1]), one))).toBeUndefined()
  })
})

describe('a tlog-proof against a policy', () => {
  const policy = policyOfKey(vkey(log))
  const node = ({ level, index }: { level: number; index: number }): Uint8Array =>
    tree.root(index * 2 ** level, (index + 1) * 2 ** level)
  const leaf = (index: number): Uint8Array => tree.root(index, index + 1)
  const proofOf = (index: number): string =>
    formatTlogProof({ index, hashes: inclusionProof(index, 11, node), checkpoint: signedNote(text, [log, x1]) })

  it('verifies every leaf, and no other leaf in its place', async () => {
    for (let index = 0; index < 11; index++) {
      const { checkpoint, ...rest } = await provenLeaf(proofOf(index), policy, leaf(index), origin)
      expect([checkpoint.size, rest]).toEqual([11, { index }])
      const other = leaf((index + 1) % 11)
      expect(await asyncRefusal(() => provenLeaf(proofOf(index), policy, other))).toBe('proof-mismatch')
    }
  })

  it('refuses a changed index, hash, or checkpoint', async () => {
    const proof = parseTlogProof(proofOf(4))
    const [first = leaf(0), ...rest] = proof.hashes
    const changes: [string, string][] = [
      [formatTlogProof({ ...proof, index: 5 }), 'proof-mismatch'],
      [formatTlogProof({ ...proof, index: 11 }), 'out-of-range'],
      [formatTlogProof({ ...proof, index: 2 ** 32 + 4 }), 'out-of-range'],
      [formatTlogProof({ ...proof, hashes: [flipped(first, 9), ...rest] }), 'proof-mismatch'],
      [formatTlogProof({ ...proof, hashes: rest }), 'proof-mismatch'],
      [formatTlogProof({ ...proof, hashes: [] }), 'proof-mismatch'],
      [proofOf(4).replace('\n11\n', '\n12\n'), 'bad-signature'],
    ]
    for (const [changed, code] of changes)
      expect(await asyncRefusal(() => provenLeaf(changed, policy, leaf(4)))).toBe(code)
  })

  it('does not look at the extra data', async () => {
    const extra = new TextEncoder().encode('salt')
    const proof = formatTlogProof({ ...parseTlogProof(proofOf(2)), extra })
    expect(parseTlogProof(proof).extra).toEqual(extra)
    expect((await provenLeaf(proof, policy, leaf(2))).index).toBe(2)
  })

  it('asks for the policy`s quorum', async () => {
    const strict = parsePolicy(
      `log ${vkey(log)}\nwitness X1 ${vkey(x1)}\nwitness X2 ${vkey(x2)}\ngroup g all X1 X2\nquorum g\n`,
    )
    expect(await asyncRefusal(() => provenLeaf(proofOf(3), strict, leaf(3)))).toBe('quorum-not-met')
  })
})
