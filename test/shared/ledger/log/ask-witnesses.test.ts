import { describe, expect, it } from 'vitest'
import {
  type AskWitness,
  askWitnesses,
  parseWitnesses,
  WitnessUnreachable,
} from '../../../../shared/ledger/log/ask-witnesses.ts'
import { logKey } from '../../../../shared/ledger/log/checkpoint-store.ts'
import { cosignedPk, newestPublishedCheckpoint } from '../../../../shared/ledger/log/cosignatures.ts'
import { servedCheckpoint } from '../../../../shared/ledger/log/log-items.ts'
import { tlogProofs } from '../../../../shared/ledger/log/log-view.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { objectCache } from '../../../../shared/ledger/object-cache.ts'
import type { Item } from '../../../../shared/ledger/store.ts'
import { type AddCheckpoint, formatSignatureLine, type WitnessAnswer } from '../../../../shared/tlog/add-checkpoint.ts'
import { checkpointText } from '../../../../shared/tlog/checkpoint.ts'
import { type CosignedTree, judgeCheckpoint } from '../../../../shared/tlog/judge-checkpoint.ts'
import { parseNote } from '../../../../shared/tlog/note.ts'
import { parsePolicy, verifyCheckpoint } from '../../../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey } from '../../../../shared/tlog/verifier-key.ts'
import { checkpointSigner } from '../../../support/memory-log-writer.ts'
import { controller, entryKey, entryLeaf, sampleLog } from '../../../support/sample-log.ts'
import { signatureOf, type TestSigner, witness as witnessSigner } from '../../tlog/signing.ts'

const start = '2026-11-22T12:00:00.000Z'
const startSeconds = Date.parse(start) / 1000
const north = witnessSigner('witness.example/north')
const south = witnessSigner('witness.example/south')
const urlOf = ({ key }: TestSigner) => `https://${key.name}`

/** A log, and the calls that its witnesses got. */
async function world(answer: (call: AddCheckpoint, url: string, nth: number) => Promise<WitnessAnswer>, of = [north]) {
  const sample = sampleLog(start)
  const calls: AddCheckpoint[] = []
  const ask: AskWitness = async (url, call) => answer(call, url, calls.push(call))
  const round = {
    ...{ ...sample, cached: objectCache(), ask, deadlineMs: 1_000 },
    witnesses: of.map((each) => ({ key: each.key, url: urlOf(each) })),
  }
  let stored = 0
  async function grow(by: number): Promise<void> {
    const entries = await sample.store(stored, stored + by)
    stored += by
    await sequenceEntries(sample, controller, entries, newSequencerMemory())
    await publishCheckpoint(sample, controller)
  }
  const run = () => askWitnesses(round, controller)
  const cosigned = async (): Promise<readonly Item[]> => (await sample.log.query(cosignedPk(controller))).items
  const newest = async () => newestPublishedCheckpoint(sample, controller)
  await grow(5)
  return { sample, round, calls, grow, run, cosigned, newest }
}

const says = (lines: string): WitnessAnswer => ({ says: 'cosigned', body: lines })
const lineFor = (one: TestSigner, text: string, seconds = startSeconds) =>
  formatSignatureLine(signatureOf(one, text, seconds))
const good = (one: TestSigner, { checkpoint }: AddCheckpoint) => says(lineFor(one, parseNote(checkpoint).text))

/** A witness that keeps the rules. */
function honest(one: TestSigner, seconds = startSeconds) {
  let latest: CosignedTree | undefined
  return async (call: AddCheckpoint): Promise<WitnessAnswer> => {
    const log = logKey('ledger.example', controller, checkpointSigner.publicKey)
    const judged = await judgeCheckpoint(call, [log], async () => latest)
    if (!judged.accepts) return judged.status === 409 ? { says: 'size', size: judged.size } : { says: 'bad-proof' }
    latest = judged.checkpoint
    return says(lineFor(one, judged.noteText, seconds))
  }
}

const policyWith = (quorum: string) =>
  parsePolicy(
    [
      `log ${formatVerifierKey(logKey('ledger.example', controller, checkpointSigner.publicKey))}`,
      `witness north ${formatVerifierKey(north.key)}`,
      `witness south ${formatVerifierKey(south.key)}`,
      `group both all north south\nquorum ${quorum}\n`,
    ].join('\n'),
  )

describe('a round', () => {
  it('stores cosignatures beside the checkpoint, which is served and proven with them', async () => {
    const [askNorth, askSouth] = [honest(north), honest(south)]
    const ask = (call: AddCheckpoint, url: string) => (url === urlOf(north) ? askNorth(call) : askSouth(call))
    const { sample, round, run, newest } = await world(ask, [north, south])
    expect(await run()).toEqual([{ witness: north.key.name }, { witness: south.key.name }])
    const { note } = await newest()
    expect((await verifyCheckpoint(note, policyWith('both'))).witnessed).toMatchObject([
      { name: 'north' },
      { name: 'south' },
    ])
    expect(String((await sample.objects.readServed(servedCheckpoint(controller)))?.bytes)).toBe(note)
    const [proof] = await tlogProofs(round, controller, [{ key: entryKey(3), leaf: entryLeaf(3) }])
    expect(proof?.endsWith(note)).toBe(true)
  })

  it('asks from the size cosigned last, and nobody about what is cosigned', async () => {
    const { calls, grow, run, cosigned } = await world(honest(north))
    await run()
    expect(await run()).toEqual([])
    await grow(300)
    await run()
    await grow(1)
    await run()
    expect(calls.map(({ oldSize }) => oldSize)).toEqual([0, 6, 306])
    expect(await cosigned()).toHaveLength(3)
  })

  it('goes on from the size that a witness says it has, once', async () => {
    const answer = honest(north)
    // As after an answer that got lost: the witness has the size, and the log, which is the same, does not know.
    await (await world(answer)).run()
    const { calls, run, grow } = await world(answer)
    await grow(4)
    expect(await run()).toEqual([{ witness: north.key.name }])
    expect(calls.map(({ oldSize }) => oldSize)).toEqual([0, 6])
  })

  it('leaves an empty log alone', async () => {
    const { round, calls } = await world(honest(north))
    expect(await askWitnesses(round, 'other')).toEqual([])
    expect(calls).toEqual([])
  })

  it('tolerates one that is silent beside one that is not', async () => {
    const { run, cosigned } = await world(
      async (call, url) => {
        if (url === urlOf(south)) return good(south, call)
        throw new WitnessUnreachable('timeout')
      },
      [north, south],
    )
    expect(await run()).toEqual([
      { witness: north.key.name, fault: 'timeout', isPassing: true },
      { witness: south.key.name },
    ])
    expect(await cosigned()).toHaveLength(1)
  })
})

describe('a witness that is wrong changes nothing', () => {
  const other = checkpointText({ origin: 'ledger.example/acme', size: 6, root: new Uint8Array(32), extensions: [] })
  it.each<[string, (call: AddCheckpoint, nth: number) => WitnessAnswer, string]>([
    ['cosigns another tree', () => says(lineFor(north, other)), 'bad-signature'],
    ['signs with another key', (call) => good(south, call), 'not-signed'],
    ['answers junk', () => says('<html>no</html>\n'), 'malformed-note'],
    ['answers nothing', () => says(''), 'malformed-note'],
    [
      'states a time of last year',
      (call) => says(lineFor(north, parseNote(call.checkpoint).text, 1_760_000_000)),
      'implausible-time',
    ],
    [
      'states a time to come',
      (call) => says(lineFor(north, parseNote(call.checkpoint).text, startSeconds + 3600)),
      'implausible-time',
    ],
    ['states no time', (call) => says(lineFor(north, parseNote(call.checkpoint).text, 0)), 'implausible-time'],
    ['has a larger tree', () => ({ says: 'size', size: 7 }), 'size-ahead'],
    ['has a size that was never published', () => ({ says: 'size', size: 4 }), 'size-never-published'],
    ['says 409 again and again', () => ({ says: 'size', size: 0 }), 'size-again'],
    ['does not know the log', () => ({ says: 'unknown-log' }), 'unknown-log'],
    ['does not know its key', () => ({ says: 'untrusted-key' }), 'untrusted-key'],
    ['refuses the proof', () => ({ says: 'bad-proof' }), 'bad-proof'],
    ['is out of order', () => ({ says: 'refused' }), 'refused'],
  ])('%s', async (_, answer, fault) => {
    const { sample, calls, run, cosigned, newest } = await world(async (call, _url, nth) => answer(call, nth))
    const { note } = await newest()
    expect(await run()).toMatchObject([{ witness: north.key.name, fault }])
    expect(await cosigned()).toEqual([])
    expect(calls.length).toBeLessThanOrEqual(2)
    expect((await newest()).note).toBe(note)
    expect(String((await sample.objects.readServed(servedCheckpoint(controller)))?.bytes)).toBe(note)
  })

  it('replays its cosignature of a smaller tree', async () => {
    let kept: WitnessAnswer | undefined
    const { grow, run, cosigned } = await world(async (call) => {
      kept ??= good(north, call)
      return kept
    })
    await run()
    await grow(2)
    expect(await run()).toMatchObject([{ fault: 'bad-signature' }])
    expect(await cosigned()).toHaveLength(1)
  })
})

describe('a stored cosignature', () => {
  it('that was changed is left out, so that the note still verifies', async () => {
    const { sample, newest } = await world(honest(north))
    const { note } = await newest()
    const key = formatVerifierKey(north.key)
    for (const [id, line] of [
      ['1', lineFor(north, 'another\n')],
      ['2', 'junk\n\n'],
      ['3', 7],
    ] as const)
      await sample.log.insert([{ pk: cosignedPk(controller), sk: `0000000000000006#${id}`, values: { key, line } }])
    expect((await newest()).note).toBe(note)
  })

  it.each([
    ['before it was stored', 'before', [{ witness: north.key.name }]],
    ['although it was stored', 'after', []],
  ] as const)('whose insert failed %s is there after the next round', async (_, fault, asked) => {
    const { sample, run, cosigned } = await world(honest(north))
    sample.fault = (operation, { pk }) => (operation === 'insert' && pk === cosignedPk(controller) ? fault : undefined)
    await expect(run()).rejects.toThrow()
    sample.fault = () => undefined
    expect(await run()).toEqual(asked)
    expect(await cosigned()).toHaveLength(1)
  })
})

describe('a configured witness', () => {
  const vkey = formatVerifierKey(north.key)
  it('is a key and an address', () => {
    expect(parseWitnesses([`${vkey} https://witness.example/a/`])).toEqual([
      { key: north.key, url: 'https://witness.example/a' },
    ])
  })

  it.each([
    ['no address', [vkey]],
    ['no key', ['https://witness.example']],
    [
      'the key of a log',
      [`${formatVerifierKey(logKey('ledger.example', 'acme', checkpointSigner.publicKey))} https://a.example`],
    ],
    ['an address with a password', [`${vkey} https://a:b@witness.example`]],
    ['an address with a query', [`${vkey} https://witness.example?a`]],
    ['a third word', [`${vkey} https://witness.example x`]],
    ['one key twice', [`${vkey} https://a.example`, `${vkey} https://b.example`]],
  ])('is refused with %s', (_, texts) => {
    expect(() => parseWitnesses(texts)).toThrow(expect.objectContaining({ name: 'TlogError' }))
  })
})
