import { describe, expect, it } from 'vitest'
import {
  cosignatureIn,
  formatAddCheckpoint,
  formatSignatureLine,
  parseAddCheckpoint,
  readWitnessAnswer,
  withSignatureLines,
} from '../../../shared/tlog/add-checkpoint.ts'
import { checkpointText } from '../../../shared/tlog/checkpoint.ts'
import { type CosignedTree, judgeCheckpoint } from '../../../shared/tlog/judge-checkpoint.ts'
import { parsePolicy, verifyCheckpoint } from '../../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey, signatureTypes } from '../../../shared/tlog/verifier-key.ts'
import { NaiveTree } from './naive-tree.ts'
import { signatureOf, signedNote, signer, witness } from './signing.ts'

const origin = 'ledger.example/acme'
const log = signer(origin)
const north = witness('witness.example/north')
const south = witness('witness.example/south')
const naive = new NaiveTree()
const tree = {
  root: (size: number) => naive.root(0, size),
  consistency: (old: number, size: number) => (old === 0 || old >= size ? [] : naive.proof(old, size)),
}
const textOf = (size: number) => checkpointText({ origin, size, root: tree.root(size), extensions: [] })
const noteOf = (size: number) => signedNote(textOf(size), [log])
const lineOf = (one: typeof north, text: string, seconds = 1_795_000_000) =>
  formatSignatureLine(signatureOf(one, text, seconds))
const bytes = (text: string) => new TextEncoder().encode(text)

describe('a call', () => {
  it('is written as the specification shows it, and read back', () => {
    const call = { oldSize: 4, proof: [tree.root(1), tree.root(2)], checkpoint: noteOf(9) }
    const text = formatAddCheckpoint(call)
    const hashes = call.proof.map((hash) => Buffer.from(hash).toString('base64'))
    expect(text).toBe(`old 4\n${hashes.join('\n')}\n\n${call.checkpoint}`)
    expect(parseAddCheckpoint(bytes(text))).toEqual({ ...call, proof: call.proof.map((hash) => new Uint8Array(hash)) })
    expect(parseAddCheckpoint(bytes(formatAddCheckpoint({ ...call, oldSize: 0, proof: [] })))).toMatchObject({
      proof: [],
    })
  })

  it.each([
    ['nothing', ''],
    ['no size', `\n\n${noteOf(1)}`],
    ['another word', `new 4\n\n${noteOf(1)}`],
    ['a size with zeros', `old 04\n\n${noteOf(1)}`],
    ['a hash of 31 bytes', `old 1\n${Buffer.alloc(31).toString('base64')}\n\n${noteOf(1)}`],
    ['64 hashes', `old 1\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${noteOf(1)}`],
    ['bytes that are no text', Buffer.from([0x6f, 0xff, 0x0a, 0x0a])],
    ['more than a note may have', `old 1\n\n${'x'.repeat(1_000_001)}`],
  ])('is refused with %s', (_, given) => {
    expect(() => parseAddCheckpoint(Buffer.from(given))).toThrow(expect.objectContaining({ name: 'TlogError' }))
  })
})

describe('an answer', () => {
  it.each([
    [400, 'bad-request'],
    [403, 'untrusted-key'],
    [404, 'unknown-log'],
    [422, 'bad-proof'],
    [500, 'refused'],
    [204, 'refused'],
    [301, 'refused'],
  ])('of status %i is %s', (status, says) => {
    expect(readWitnessAnswer(status, 'text/plain', bytes('4\n'))).toEqual({ says })
  })

  it('of status 409 has the size that the witness has', () => {
    expect(readWitnessAnswer(409, 'text/x.tlog.size', bytes('4\n'))).toEqual({ says: 'size', size: 4 })
    expect(readWitnessAnswer(409, 'text/x.tlog.size; charset=utf-8', bytes('0'))).toEqual({ says: 'size', size: 0 })
  })

  it.each([
    ['another type', 'text/plain', '4\n'],
    ['no number', 'text/x.tlog.size', 'four\n'],
    ['a number with a sign', 'text/x.tlog.size', '-4\n'],
    ['two lines', 'text/x.tlog.size', '4\n5\n'],
    ['nothing', 'text/x.tlog.size', ''],
    ['a number beyond 2^53', 'text/x.tlog.size', '99999999999999999\n'],
  ])('of status 409 is refused with %s', (_, type, body) => {
    expect(() => readWitnessAnswer(409, type, bytes(body))).toThrow(expect.objectContaining({ name: 'TlogError' }))
  })
})

describe('a cosignature', () => {
  const note = noteOf(9)
  const own = lineOf(north, textOf(9))

  it('is found among lines of others, of ML-DSA-44 too', async () => {
    const mlDsa = formatSignatureLine({ name: north.key.name, keyId: 77, signature: new Uint8Array(8 + 2420) })
    const lines = `${mlDsa}${lineOf(south, textOf(9))}${own}`
    const { signature, timeSeconds } = await cosignatureIn(lines, note, north.key)
    expect([formatSignatureLine(signature), timeSeconds]).toEqual([own, 1_795_000_000])
  })

  it.each([
    ['of another checkpoint', lineOf(north, textOf(8)), 'bad-signature'],
    ['by another key alone', lineOf(south, textOf(9)), 'not-signed'],
    ['cut short', own.slice(0, -1), 'malformed-note'],
    ['missing', '', 'malformed-note'],
    ['after an empty line', `\n${own}`, 'malformed-note'],
    ['before a second note', `${own}\n${own}`, 'malformed-note'],
    ['in a page of HTML', '<html>\n', 'malformed-note'],
    ['beside a line by the same key that is no good', `${own}${lineOf(north, textOf(8))}`, 'bad-signature'],
    ['101 times', own.repeat(101), 'malformed-note'],
    [
      'without a time',
      formatSignatureLine({ ...signatureOf(log, textOf(9)), name: north.key.name, keyId: north.key.keyId }),
      'bad-signature',
    ],
  ])('is refused %s', async (_, lines, code) => {
    await expect(cosignatureIn(lines, note, north.key)).rejects.toThrow(expect.objectContaining({ code }))
  })

  it('makes the quorum of a policy when it stands in the note, once', async () => {
    const policy = parsePolicy(
      `log ${formatVerifierKey(log.key)}\nwitness north ${formatVerifierKey(north.key)}\nquorum north\n`,
    )
    await expect(verifyCheckpoint(note, policy)).rejects.toThrow(expect.objectContaining({ code: 'quorum-not-met' }))
    const cosigned = withSignatureLines(note, [own])
    expect(withSignatureLines(cosigned, [own])).toBe(cosigned)
    expect((await verifyCheckpoint(cosigned, policy)).witnessed).toEqual([
      { name: 'north', timeSeconds: 1_795_000_000 },
    ])
  })
})

describe('a witness', () => {
  const at = (size: number): CosignedTree => ({ size, root: tree.root(size) })
  const judge = (oldSize: number, size: number, latest?: CosignedTree, change: object = {}) =>
    judgeCheckpoint(
      { oldSize, proof: tree.consistency(oldSize, size), checkpoint: noteOf(size), ...change },
      [log.key],
      async () => latest,
    )

  it('accepts what extends the last tree, at every size', async () => {
    for (let size = 0; size <= 9; size++) {
      expect(await judge(0, size)).toMatchObject({ accepts: true, checkpoint: { size } })
      for (let old = 1; old <= size; old++)
        expect(await judge(old, size, at(old)), `${old} to ${size}`).toMatchObject({ accepts: true })
    }
  })

  const forged = signedNote(checkpointText({ origin, size: 5, root: tree.root(6), extensions: [] }), [log])
  it.each([
    [
      'a log that it does not know',
      0,
      9,
      undefined,
      { checkpoint: signedNote(textOf(9).replace('acme', 'beta'), [log]) },
      404,
    ],
    [
      'a checkpoint that another key signed',
      0,
      9,
      undefined,
      { checkpoint: signedNote(textOf(9), [signer(origin, signatureTypes.ed25519, 'x')]) },
      403,
    ],
    ['a size that is smaller than the old one', 9, 5, at(9), { proof: [] }, 400],
    ['a size that is not its own', 3, 9, at(4), {}, 409],
    ['a start from nothing', 0, 9, at(4), {}, 409],
    ['a rollback', 5, 5, at(9), {}, 409],
    ['a proof at old 0', 0, 9, undefined, { proof: [tree.root(1)] }, 422],
    ['no proof', 4, 9, at(4), { proof: [] }, 422],
    ['another root at its own size', 5, 5, at(5), { checkpoint: forged }, 422],
    ['a tree that does not contain its own', 4, 9, { size: 4, root: tree.root(3) }, {}, 422],
    [
      'size 0 with a root of leaves',
      0,
      0,
      undefined,
      { checkpoint: signedNote(checkpointText({ origin, size: 0, root: tree.root(1), extensions: [] }), [log]) },
      422,
    ],
  ])('refuses %s', async (_, old, size, latest, change, status) => {
    expect(await judge(old, Math.max(size, 0), latest, change)).toMatchObject({ accepts: false, status })
  })
})
