/**
 * Every parser under structure-aware mutation: valid inputs with bits flipped, lines taken out, doubled, moved and put in, CRLF,
 * huge numbers, cuts, pieces of other formats, and plain random bytes. Nothing but a TlogError may come out, and whatever is
 * accepted must be exactly what is written for the value that was read: no second spelling. The runs are the same each time: a
 * fixed generator, no clock in the cases. How long a parser takes is shown apart, by how it grows with its input.
 */
import { describe, expect, it } from 'vitest'
import { checkpointText, parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { formatCosignature, parseCosignature } from '../../../shared/tlog/cosignature.ts'
import { decodeBase64, encodeBase64, parseDecimal } from '../../../shared/tlog/encoding.ts'
import { formatBundle, parseBundle } from '../../../shared/tlog/entry-bundle.ts'
import { formatNote, parseNote } from '../../../shared/tlog/note.ts'
import { bundlePath, formatTile, parseTile, parseTilePath, tilePath } from '../../../shared/tlog/tile.ts'
import { parsePolicy, verifyCheckpoint } from '../../../shared/tlog/tlog-policy.ts'
import { formatTlogProof, parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { formatVerifierKey, parseVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { growth } from '../../support/growth.ts'
import { NaiveTree } from './naive-tree.ts'
import { policyOfKey, provenLeaf } from './proven-leaf.ts'
import { asyncRefusal, refusal } from './refusal.ts'
import { signedNote, signer, witness } from './signing.ts'

/** A small generator (mulberry32): the same cases in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const numbers = [
  '0',
  '00',
  '1',
  '-1',
  '+1',
  '007',
  '1e3',
  '0x10',
  '1.0',
  ' 1',
  '1 ',
  '255',
  '256',
  '257',
  '4294967295',
  '4294967296',
  '4294967301',
  '9007199254740991',
  '9007199254740992',
  '18446744073709551615',
  '18446744073709551616',
  '9'.repeat(400),
  '१',
]
const pieces = [
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '+',
  '=',
  '==',
  '— ',
  '\u2014',
  '\u0000',
  '\u0085',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\ud800',
  'index ',
  'extra ',
  'extra \n',
  'quorum none\n',
  'group g all g\n',
  'log ',
  '.p/',
  '.p/0',
  'x000/',
  'tile/',
  '#',
  '__proto__',
]

function mutateText(given: string, random: (below: number) => number, others: readonly string[]): string {
  const at = random(given.length + 1)
  const lines = given.split('\n')
  const line = random(lines.length)
  const piece = pieces[random(pieces.length)] ?? ''
  switch (random(16)) {
    case 0:
      return given.slice(0, at)
    case 1:
      return given.slice(at)
    case 2:
      return given.slice(0, at) + piece + given.slice(at)
    case 3:
      return given.slice(0, at) + given.slice(at + 1 + random(4))
    case 4:
      return given.slice(0, at) + String.fromCharCode(given.charCodeAt(at) ^ (1 << random(8))) + given.slice(at + 1)
    case 5:
      return lines.toSpliced(line, 1).join('\n')
    case 6:
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n')
    case 7:
      return lines.toSpliced(random(lines.length + 1), 0, lines[line] ?? '').join('\n')
    case 8:
      return lines.toSpliced(line, 0, piece).join('\n')
    case 9:
      return lines.with(line, ` ${lines[line]}`).join('\n')
    case 10:
      return lines.with(line, `${lines[line]} `).join('\n')
    case 11:
      return lines.join('\r\n')
    case 12: {
      const number = numbers[random(numbers.length)] ?? ''
      const found = [...given.matchAll(/[0-9]+/g)]
      const hit = found[random(found.length)]
      return hit ? given.slice(0, hit.index) + number + given.slice(hit.index + hit[0].length) : number
    }
    case 13:
      return given + given
    case 14: {
      const other = others[random(others.length)] ?? ''
      return given.slice(0, at) + other.slice(random(other.length + 1))
    }
    default:
      return `${lines.with(line, (lines[line] ?? '').repeat(1 + random(80))).join('\n')}`
  }
}

function randomText(random: (below: number) => number): string {
  const alphabet = ['A', '=', '\n', ' ', '0', '9', '+', '/', '—', 'x', '\u0000', '\ud83d', '.']
  return Array.from({ length: random(120) }, () => alphabet[random(alphabet.length)]).join('')
}

function mutateBytes(given: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(given.length + 1)
  switch (random(5)) {
    case 0:
      return given.slice(0, at)
    case 1:
      return given.slice(at)
    case 2:
      return Uint8Array.from([...given.slice(0, at), random(256), ...given.slice(at)])
    case 3:
      return Uint8Array.from({ length: random(300) }, () => random(256))
    default:
      return given.map((byte, i) => (i === at ? byte ^ (1 << random(8)) : byte))
  }
}

const tree = new NaiveTree()
const origin = 'log.example/acme'
const log = signer(origin)
const witnesses = ['a', 'b', 'c'].map((name) => witness(`${name}.example`))
const text = checkpointText({ origin, size: 7, root: tree.root(0, 7), extensions: [] })
const extended = checkpointText({ origin, size: 2 ** 32 + 5, root: tree.root(0, 7), extensions: ['one', 'two 2'] })
const notes = [
  signedNote(text, [log]),
  signedNote(text, [log, ...witnesses]),
  signedNote(extended, [log, ...witnesses]),
]
const keys = [log, ...witnesses].map(({ key }) => formatVerifierKey(key))
const [logKey = '', aKey = '', bKey = '', cKey = ''] = keys
const proofs = notes.map((checkpoint, i) =>
  formatTlogProof({
    index: i,
    hashes: tree.path(i, 0, 7),
    checkpoint,
    ...(i > 0 ? { extra: Uint8Array.of(1, 2, 3, i) } : {}),
  }),
)
const policies = [
  `log ${logKey}\nquorum none\n`,
  `# policy\nlog ${logKey} https://log.example/\nwitness A ${aKey}\nwitness B ${bKey} https://b.example/\ngroup g 1 A B\nwitness C ${cKey}\ngroup all any g C\nquorum all\n`,
]
const paths = [
  { level: 0, index: 273, width: 112 },
  { level: 3, index: 1_234_067, width: 256 },
].flatMap((tile) => [tilePath(tile), bundlePath(tile)])
const everything = [...notes, ...proofs, ...policies, ...keys, ...paths]

interface Parser {
  readonly name: string
  readonly cases: number
  readonly valid: readonly string[]
  /** Reads, and writes what was read; without a writer, what was given. */
  readonly again: (given: string) => string
}

const textParsers: readonly Parser[] = [
  { name: 'notes', cases: 35_000, valid: notes, again: (given) => formatNote(parseNote(given)) },
  {
    name: 'checkpoints',
    cases: 35_000,
    valid: [text, extended],
    again: (given) => checkpointText(parseCheckpoint(given)),
  },
  { name: 'verifier keys', cases: 25_000, valid: keys, again: (given) => formatVerifierKey(parseVerifierKey(given)) },
  { name: 'tlog-proofs', cases: 35_000, valid: proofs, again: (given) => formatTlogProof(parseTlogProof(given)) },
  { name: 'paths', cases: 30_000, valid: paths, again: pathAgain },
  { name: 'policies', cases: 12_000, valid: policies, again: policyAgain },
  {
    name: 'base64',
    cases: 15_000,
    valid: ['', 'AA==', 'AAA=', 'AAAA', '/+9z'],
    again: (given) => encodeBase64(decodeBase64(given)),
  },
  { name: 'decimals', cases: 15_000, valid: ['0', '1', '4294967301'], again: (given) => String(parseDecimal(given)) },
]

function pathAgain(given: string): string {
  const path = parseTilePath(given)
  return path.kind === 'tile' ? tilePath(path.tile) : bundlePath(path)
}

/** A policy has many spellings; what it must have is a quorum that is defined, and thresholds that can be met. */
function policyAgain(given: string): string {
  const policy = parsePolicy(given)
  const known = (name: string): boolean => policy.witnesses.has(name) || policy.groups.has(name)
  expect(policy.quorum === 'none' || known(policy.quorum)).toBe(true)
  for (const { threshold, members } of policy.groups.values())
    expect(threshold >= 1 && threshold <= members.length && members.every(known)).toBe(true)
  return given
}

let ran = 0

/** Runs one case, and fails for any error but TlogError, and for a second spelling. */
function checkCase(name: string, given: string, again: () => string): boolean {
  ran++
  let written: string | undefined
  const code = refusal(() => {
    written = again()
  })
  if (code === undefined && written !== given)
    expect.fail(`${name} reads a second spelling: ${JSON.stringify(given)} is ${JSON.stringify(written)}`)
  return code === undefined
}

describe('fuzz', () => {
  it.each(textParsers)('$name', ({ name, cases, valid, again }) => {
    const random = generator(name.length * 7919)
    for (const given of valid) expect(checkCase(name, given, () => again(given))).toBe(true)
    let accepted = 0
    for (let i = 0; i < cases; i++) {
      let given = i % 10 === 9 ? randomText(random) : (valid[random(valid.length)] ?? '')
      for (let rounds = 1 + random(2); rounds > 0; rounds--) given = mutateText(given, random, everything)
      if (checkCase(name, given, () => again(given))) accepted++
    }
    expect(accepted).toBeGreaterThan(0)
    expect(accepted).toBeLessThan(cases * 0.7)
  })

  it.each(textParsers)('$name: work grows with the length of the input, not with its square', ({ valid, again }) => {
    const hostile = [
      'a',
      '\n',
      '0',
      '\n\n',
      'x001/',
      '— ',
      '— a b\n',
      'group g 1 a\n',
      ...valid.map((text) => `${text}\n`),
    ]
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(40_000 / piece.length))
      expect(growth(4_000, 40_000, (length) => refusal(() => again(text.slice(0, length))))).toBeLessThan(40)
    }
  })

  it('bundles, tiles and cosignatures', () => {
    const random = generator(4)
    const entries = Array.from({ length: 5 }, (_, i) => new Uint8Array(i * 3).fill(i))
    const [bundle, tile] = [formatBundle(entries), formatTile(tree.path(2, 0, 7))]
    const timed = formatCosignature(1_700_000_000, new Uint8Array(64).fill(9))
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
    let accepted = 0
    for (let i = 0; i < 15_000; i++) {
      const count = i % 4 === 0 ? random(300) : 5
      const given = mutateBytes(bundle, random)
      if (checkCase('bundles', text(given), () => text(formatBundle(parseBundle(given, count))))) accepted++
      const hashes = mutateBytes(tile, random)
      if (checkCase('tiles', text(hashes), () => text(formatTile(parseTile(hashes, 3))))) accepted++
      const cosigned = mutateBytes(timed, random)
      const again = (): string => {
        const { timeSeconds, signature } = parseCosignature(cosigned)
        return text(formatCosignature(timeSeconds, signature))
      }
      if (checkCase('cosignatures', text(cosigned), again)) accepted++
    }
    expect(accepted).toBeGreaterThan(1_000)
  })

  it('notes as bytes', () => {
    const random = generator(5)
    const valid = notes.map((note) => new TextEncoder().encode(note))
    for (let i = 0; i < 8_000; i++) {
      const given = mutateBytes(valid[i % valid.length] ?? new Uint8Array(0), random)
      checkCase('notes as bytes', Buffer.from(given).toString(), () => formatNote(parseNote(given)))
    }
  })

  it('verification: a mutated proof never verifies a leaf that is not its own', async () => {
    const random = generator(6)
    const policy = parsePolicy(`log ${logKey}\nwitness A ${aKey}\nwitness B ${bKey}\ngroup g 1 A B\nquorum none\n`)
    const leaf = tree.root(1, 2)
    const valid = proofs[1] ?? ''
    expect((await provenLeaf(valid, policy, leaf)).index).toBe(1)
    let accepted = 0
    for (let i = 0; i < 2_000; i++, ran++) {
      const given = mutateText(valid, random, everything)
      let verified = { index: -1, size: -1 }
      const code = await asyncRefusal(async () => {
        const { index, checkpoint } = await provenLeaf(given, policy, leaf)
        verified = { index, size: checkpoint.size }
      })
      if (code !== undefined) continue
      accepted++
      expect(verified).toEqual({ index: 1, size: 7 })
    }
    expect(accepted).toBeGreaterThan(0)
    for (let i = 0; i < 1_000; i++, ran++) {
      const given = mutateText(notes[1] ?? '', random, everything)
      await asyncRefusal(async () => {
        const { checkpoint } = await verifyCheckpoint(given, policyOfKey(logKey))
        expect([checkpoint.origin, checkpoint.size]).toEqual([origin, 7])
      })
    }
  })

  it.each([
    ['newlines', '\n'.repeat(1_000_000)],
    ['one line', 'A'.repeat(1_000_000)],
    ['short lines', 'a\n'.repeat(500_000)],
    ['spaces', ' '.repeat(999_999).concat('\n')],
    ['tokens', `group g any ${'a '.repeat(400_000)}\n`],
    ['quorums', 'quorum none\n'.repeat(80_000)],
    ['signature lines', `${text}\n${'— a AAAAAAA=\n'.repeat(70_000)}`],
    ['em dashes', '—'.repeat(300_000)],
    [
      'hash lines',
      `c2sp.org/tlog-proof@v1\nindex 0\n${`${encodeBase64(tree.root(0, 1))}\n`.repeat(40_000)}\n${notes[0]}`,
    ],
    ['extra data', `c2sp.org/tlog-proof@v1\nextra ${'A'.repeat(1_900_000)}\nindex 0\n\n${notes[0]}`],
    ['extension lines', `${text}${'a\n'.repeat(400_000)}\n— a AAAAAAA=\n`],
    ['past every limit', 'A'.repeat(4_000_000)],
    ['pluses', '+'.repeat(1_000_000)],
    ['digits', '9'.repeat(1_000_000)],
    ['path elements', `tile/0/${'x000/'.repeat(200_000)}000`],
  ])('large input: %s', (name, given) => {
    for (const parser of textParsers) checkCase(`${parser.name}, ${name}`, given, () => parser.again(given))
    checkCase(`bytes, ${name}`, given, () => formatNote(parseNote(new TextEncoder().encode(given))))
  })

  it('ran as many cases as it claims', () => {
    console.info(`fuzz cases of shared/tlog: ${ran}`)
    expect(ran).toBeGreaterThan(250_000)
  })
})
