import { describe, expect, it } from 'vitest'
import { checkpointText, parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { cosignedMessage, formatCosignature, parseCosignature } from '../../../shared/tlog/cosignature.ts'
import { cosignatureTime, formatNote, parseNote, verifyNote } from '../../../shared/tlog/note.ts'
import { formatVerifierKey, parseVerifierKey, signatureTypes, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { flipped, hex, naiveHash } from './naive-tree.ts'
import { asyncRefusal, refusal } from './refusal.ts'
import { signatureOf, signedNote, signer, witness } from './signing.ts'

/** The example of C2SP signed-note: signed by other people's software. */
const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const exampleNote =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
const log = signer('log.example/acme')
const text = checkpointText({ origin: 'log.example/acme', size: 7, root: naiveHash(), extensions: [] })

describe('verifier keys', () => {
  it.each([
    [exampleKey, 'example.com/foo', 0x530d903a],
    [
      'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
      'example.com/log/testdata',
      0x33d7b496,
    ],
  ])('%s', (vkey, name, keyId) => {
    const key = parseVerifierKey(vkey)
    expect(key).toMatchObject({ name, keyId, type: signatureTypes.ed25519 })
    expect(formatVerifierKey(key)).toBe(vkey)
  })

  it('have ids of 32 unsigned bits, by name, type and key', () => {
    const publicKey = new Uint8Array(32).fill(7)
    const ids = new Set<number>()
    for (let i = 0; i < 64; i++) {
      const key = verifierKey(`name-${i}`, signatureTypes.ed25519, publicKey)
      const start = naiveHash(new TextEncoder().encode(`name-${i}\n\u0001`), publicKey).subarray(0, 4)
      expect(key.keyId).toBe(Number(`0x${hex(start)}`))
      ids.add(key.keyId)
    }
    expect([...ids].some((id) => id >= 2 ** 31)).toBe(true)
    expect(verifierKey('name-1', signatureTypes.cosignature, publicKey).keyId).not.toBe(
      verifierKey('name-1', signatureTypes.ed25519, publicKey).keyId,
    )
  })

  it('keep a copy of the public key', () => {
    const publicKey = new Uint8Array(log.key.publicKey)
    const key = verifierKey('a', signatureTypes.ed25519, publicKey)
    publicKey.fill(0)
    expect(hex(key.publicKey)).toBe(hex(log.key.publicKey))
  })

  it.each([
    ['', 1, 32],
    ['a b', 1, 32],
    ['a+b', 1, 32],
    ['a\u00a0b', 1, 32],
    ['a\u2003b', 1, 32],
    ['a\u3000', 1, 32],
    ['a\u0085', 1, 32],
    ['a\nb', 1, 32],
    ['a\u0000', 1, 32],
    ['\ud800', 1, 32],
    ['x'.repeat(1025), 1, 32],
    ['a', 0, 32],
    ['a', 256, 32],
    ['a', 1.5, 32],
    ['a', 1, 31],
    ['a', 1, 33],
    ['a', 4, 64],
    ['a', 6, 32],
    ['a', 0xff, 0],
    ['a', 0xff, 5000],
  ])('are not made of name %j, type %d, %d bytes', (name, type, length) => {
    expect(refusal(() => verifierKey(name, type, new Uint8Array(length)))).toBe('malformed-key')
  })
})

describe('verifyNote', () => {
  it('accepts the example of the specification, and no change to it', async () => {
    const keys = [parseVerifierKey(exampleKey)]
    expect(await verifyNote(parseNote(exampleNote), keys)).toEqual(keys)
    const changed = parseNote(exampleNote.replace('example message', 'exampl3 message'))
    expect(await asyncRefusal(() => verifyNote(changed, keys))).toBe('bad-signature')
  })

  it('names who signed and whose keys are known, when none of these signed', async () => {
    const other = signer('another.example/log')
    const note = parseNote(signedNote(text, [other]))
    const message = await verifyNote(note, [log.key]).catch((error: Error) => error.message)
    expect(message).toContain(`signed by "${other.key.name}"`)
    expect(message).toContain(`the known keys are of "${log.key.name}"`)
  })

  it('ignores unknown keys, even those that share a name or an id with a known one', async () => {
    const namesake = signer(log.key.name, signatureTypes.ed25519, 'another seed')
    const note = parseNote(signedNote(text, [namesake, log, signer('stranger')]))
    expect(await verifyNote(note, [log.key])).toEqual([log.key])
    const sameId = { ...note, signatures: [{ ...signatureOf(namesake, text), name: 'other', keyId: log.key.keyId }] }
    expect(await asyncRefusal(() => verifyNote(sameId, [log.key]))).toBe('not-signed')
    expect(await asyncRefusal(() => verifyNote(note, []))).toBe('not-signed')
  })

  it('rejects the whole note for one bad signature of a known key, whoever else signed', async () => {
    const good = [log, witness('w1.example'), signer('other.example')].map((one) => signatureOf(one, text, 5))
    const keys = [log.key, witness('w1.example').key, signer('other.example').key]
    expect(await verifyNote({ text, signatures: good }, keys)).toHaveLength(3)
    for (const [at, one] of good.entries())
      for (let bit = 0; bit < one.signature.length * 8; bit += 13) {
        const signatures = good.with(at, { ...one, signature: flipped(one.signature, bit) })
        expect(await asyncRefusal(() => verifyNote({ text, signatures }, keys))).toBe('bad-signature')
      }
  })

  it.each([0, 1, 63, 65, 71, 72, 73])('rejects a signature of %d bytes by a known key', async (length) => {
    const signatures = [{ ...signatureOf(log, text), signature: new Uint8Array(length) }]
    expect(await asyncRefusal(() => verifyNote({ text, signatures }, [log.key]))).toBe('bad-signature')
  })

  it('counts a key once however often it signed, and checks each time', async () => {
    const line = signatureOf(log, text)
    expect(await verifyNote({ text, signatures: [line, line] }, [log.key, { ...log.key }])).toEqual([log.key])
    const bad = { ...line, signature: flipped(line.signature, 3) }
    expect(await asyncRefusal(() => verifyNote({ text, signatures: [line, bad] }, [log.key]))).toBe('bad-signature')
  })

  it('refuses two keys that it cannot tell apart', async () => {
    const twin = { ...signer('x', signatureTypes.ed25519, 'twin').key, name: log.key.name, keyId: log.key.keyId }
    const note = parseNote(signedNote(text, [log]))
    expect(await asyncRefusal(() => verifyNote(note, [log.key, twin]))).toBe('malformed-key')
  })

  it('does not count a key of a type that it cannot verify', async () => {
    const key = verifierKey('pq.example', signatureTypes.mlDsa44, new Uint8Array(1312))
    const signatures = [{ name: key.name, keyId: key.keyId, signature: new Uint8Array(2428) }]
    expect(await asyncRefusal(() => verifyNote({ text, signatures }, [key]))).toBe('not-signed')
  })
})

describe('cosignatures', () => {
  const w = witness('w1.example')

  it('are over the time and the text', () => {
    expect(new TextDecoder().decode(cosignedMessage(1679315147, 'a\n1\nb\n'))).toBe(
      'cosignature/v1\ntime 1679315147\na\n1\nb\n',
    )
  })

  it('read the example of the specification', () => {
    const note = parseNote(
      [
        'example.com/behind-the-sofa',
        '20852163',
        'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
        '',
        '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
        '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==',
        '',
      ].join('\n'),
    )
    expect(parseCheckpoint(note.text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
    expect(parseCosignature(note.signatures[1]?.signature ?? new Uint8Array(0)).timeSeconds).toBe(1_679_315_147)
  })

  it.each([0, 1, 1_700_000_000, 2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 53 - 1])(
    'know the time %d',
    async (timeSeconds) => {
      const note = parseNote(signedNote(text, [log, w], timeSeconds))
      expect(await verifyNote(note, [w.key])).toEqual([w.key])
      expect(cosignatureTime(note, w.key)).toBe(timeSeconds)
      expect(cosignatureTime(note, witness('w2.example').key)).toBeUndefined()
    },
  )

  it('do not verify at another time, nor as the log`s own signature', async () => {
    const { signature } = parseCosignature(signatureOf(w, text, 100).signature)
    const moved = { ...signatureOf(w, text, 100), signature: formatCosignature(101, signature) }
    expect(await asyncRefusal(() => verifyNote({ text, signatures: [moved] }, [w.key]))).toBe('bad-signature')
    const sameKey = signer('w1.example', signatureTypes.ed25519)
    const asLog = { name: sameKey.key.name, keyId: sameKey.key.keyId, signature }
    expect(await asyncRefusal(() => verifyNote({ text, signatures: [asLog] }, [sameKey.key]))).toBe('bad-signature')
  })

  it('of one witness count at its earliest time', () => {
    const signatures = [300, 100, 200].map((time) => signatureOf(w, text, time))
    expect(cosignatureTime({ text, signatures }, w.key)).toBe(100)
  })

  it('are refused out of range', () => {
    expect(refusal(() => formatCosignature(2 ** 53, new Uint8Array(64)))).toBe('out-of-range')
    expect(refusal(() => formatCosignature(-1, new Uint8Array(64)))).toBe('out-of-range')
    expect(refusal(() => cosignedMessage(1.5, text))).toBe('out-of-range')
    expect(refusal(() => formatCosignature(1, new Uint8Array(63)))).toBe('bad-signature')
    for (const length of [0, 8, 71, 73])
      expect(refusal(() => parseCosignature(new Uint8Array(length)))).toBe('bad-signature')
    expect(refusal(() => parseCosignature(new Uint8Array(72).fill(255)))).toBe('bad-signature')
    const past = formatCosignature(2 ** 53 - 1, new Uint8Array(64))
    past[1] = 0x20
    expect(refusal(() => parseCosignature(past))).toBe('bad-signature')
  })
})

describe('notes', () => {
  const line = signatureOf(log, text)

  it('divide text and signatures at the last empty line', () => {
    const poem = 'first\n\n— not a signature\n\n\nlast\n\n'
    const whole = formatNote({ text: poem, signatures: [line] })
    expect(parseNote(whole).text).toBe(poem)
    expect(parseNote(new TextEncoder().encode(whole))).toEqual(parseNote(whole))
  })

  it('keep a byte order mark as part of the text', () => {
    const whole = formatNote({ text: '\ufeffa\n', signatures: [line] })
    expect(parseNote(new TextEncoder().encode(whole)).text).toBe('\ufeffa\n')
  })

  it('have at most 100 signatures and 1,000,000 bytes', () => {
    const of = (count: number): string =>
      `${text}\n${formatNote({ text, signatures: [line] })
        .slice(text.length + 1)
        .repeat(count)}`
    expect(parseNote(of(100)).signatures).toHaveLength(100)
    expect(refusal(() => parseNote(of(101)))).toBe('malformed-note')
    expect(refusal(() => parseNote(of(0)))).toBe('malformed-note')
    const room = 1_000_000 - (of(1).length + 2 - text.length)
    const long = (length: number): string => of(1).replace(text, `${'x'.repeat(length - 1)}\n`)
    expect(parseNote(long(room)).text).toHaveLength(room)
    expect(refusal(() => parseNote(long(room + 1)))).toBe('malformed-note')
    expect(refusal(() => parseNote(new TextEncoder().encode(long(room + 1))))).toBe('malformed-note')
  })

  it.each([
    ['a text without final newline', { text: 'a', signatures: [line] }],
    ['an empty text', { text: '', signatures: [line] }],
    ['no signatures', { text: 'a\n', signatures: [] }],
    ['a carriage return', { text: 'a\r\n', signatures: [line] }],
    ['a tab', { text: 'a\tb\n', signatures: [line] }],
    ['a lone surrogate', { text: '\udc00\n', signatures: [line] }],
    ['a name with a space', { text: 'a\n', signatures: [{ ...line, name: 'a b' }] }],
    ['a name with a newline', { text: 'a\n', signatures: [{ ...line, name: 'a\nb' }] }],
    ['an empty signature', { text: 'a\n', signatures: [{ ...line, signature: new Uint8Array(0) }] }],
    ['a key id of 33 bits', { text: 'a\n', signatures: [{ ...line, keyId: 2 ** 32 }] }],
    ['a negative key id', { text: 'a\n', signatures: [{ ...line, keyId: -1 }] }],
  ])('are not written with %s', (_, note) => {
    expect(refusal(() => formatNote(note))).toBe('malformed-note')
  })
})
