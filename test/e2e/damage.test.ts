/**
 * Stored data is changed directly, without the ledger, under a running server: nothing that the change touches is served as a proof.
 * The answer is `log-damaged` with the name of the check that failed; undone, the answer is what it was.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, test, vi } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { batchPk, checkpointPk } from '../../shared/ledger/log/log-items.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { audit, dayMs, device, moved, record, secondMs, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, type RunningLedger, siteKeyOf, startLedger } from '../support/running-ledger.ts'

const controller = 'ljungsten'
const secret = aDeviceSecret()
let ledger: RunningLedger
let receiptId = ''
let newestId = ''
/** When the log was smaller, and how much it had then. */
let then = { at: '', size: 0 }
let textSha256 = ''
let aheadMs = 0

/** A full tile, and some leaves after it. */
beforeAll(async () => {
  // Questions are entries, too: the log stands still, so that no checkpoint takes the place of one that is damaged.
  ledger = await startLedger({ clockOnlyGoesOn: true, cycleMs: dayMs })
  const { json } = await record(ledger, visitorEvent(ledger, secret))
  receiptId = json.receiptId
  await ledger.local.runner.settle()
  then = { at: moved(ledger.now(), 2 * secondMs), size: -1 }
  asANewInstance()
  for (let n = 0; n < 11; n++) {
    const events = Array.from({ length: 25 }, () => visitorEvent(ledger, aDeviceSecret()))
    expect((await record(ledger, { events })).status).toBe(200)
  }
  newestId = (await record(ledger, visitorEvent(ledger, secret))).json.receiptId
  await ledger.local.runner.settle()
  textSha256 = (await prove()).json.texts[0].sha256
  const { knownAtCheckpoint } = (await proveThen()).json
  then = { ...then, size: parseCheckpoint(parseNote(knownAtCheckpoint.checkpoint).text).size }
})
afterAll(() => ledger.close())

const question = () => ({ subject: deviceIdentity(secret), purposeId: 'statistics' })
const prove = () => audit(ledger, 'proofs', question())
const proveThen = () => audit(ledger, 'proofs', { ...question(), knownAt: then.at })
const get = (path: string) => ledger.get(path, device(secret))
const answers: Readonly<Record<string, () => Promise<Reply>>> = {
  proof: prove,
  'proof of then': proveThen,
  receipts: () => get(`/v1/me/receipts?key=${siteKeyOf(ledger, `${controller}/web`)}`),
  'tlog-proof': () =>
    get(`/v1/me/receipts?key=${siteKeyOf(ledger, `${controller}/web`)}&receiptId=${receiptId}&format=tlog-proof`),
  checkpoint: () => get(`/log/${controller}/checkpoint`),
  tile: () => get(`/log/${controller}/tile/0/000`),
  text: () => get(`/v1/texts/${textSha256}`),
}

/** As an instance that starts now: no tile in memory, and nothing remembered of policies. */
function asANewInstance(): void {
  for (let n = 0; n < 2_048; n++) ledger.local.ledger.cached.put(`forgotten/${n}`, new Uint8Array(0))
  aheadMs += 31 * secondMs
  ledger.setClockAhead(aheadMs)
}

type Undo = () => Promise<unknown>

async function changeItem(
  table: 'entries' | 'log',
  isMeant: (item: Item) => boolean,
  change: (values: Item['values']) => Item['values'],
): Promise<Undo> {
  const item = (await ledger.stored(table)).findLast(isMeant)
  if (item === undefined) throw new Error('the ledger lacks what was to be damaged')
  await ledger.damage(table, { ...item, values: { ...item.values, ...change(item.values) } })
  return () => ledger.damage(table, item)
}

async function changeObject(name: string, change: (bytes: Buffer) => Uint8Array | undefined): Promise<Undo> {
  const path = join(ledger.dataFolder, 'objects', name)
  const bytes = await readFile(path)
  const changed = change(bytes)
  await (changed ? writeFile(path, changed) : rm(path))
  return () => writeFile(path, bytes)
}

const isEvent = ({ sk }: Item) => sk === `event#${receiptId}`
const isVersion = ({ pk, sk }: Item) => pk === `${controller}#policy#cookie-policy` && sk === 'version#2'
const isCheckpoint = ({ pk }: Item) => pk === checkpointPk(controller)
/** The one that has the newest event: a part of the tile that no object holds yet. */
const isThen = (item: Item) => isCheckpoint(item) && Number(item.sk) === then.size
const isBatch = ({ pk, values: { entries } }: Item) =>
  pk === batchPk(controller) && entries instanceof Uint8Array && Buffer.from(entries).includes(newestId)
const tile = `log/${controller}/tile/0/000`
const flipped = (bytes: unknown, isMeant = (_: number) => true) =>
  Uint8Array.from(bytes instanceof Uint8Array ? bytes : [], (byte, i) => (isMeant(i) ? byte ^ 1 : byte))
const lastFlipped = (bytes: unknown) => flipped(bytes, (i) => i === (bytes as Uint8Array).length - 1)
const signedByAnother = (text: string) => text.replace(/(\n— \S+ \S{20})(.)/, (_, a, b) => a + (b === 'A' ? 'B' : 'A'))
const otherRoot = (text: string) => text.replace(/\n(.)(\S{43})\n/, (_, a, b) => `\n${a === 'A' ? 'B' : 'A'}${b}\n`)
const note = (change: (note: string) => string) => (values: Item['values']) => ({ note: change(String(values.note)) })

const all = ['proof', 'receipts', 'tlog-proof']
/** What is changed, what is then asked for, and the check that each answer names. */
const damages: [what: string, damage: () => Promise<Undo>, asked: readonly string[], check: string][] = [
  [
    'the leaf of an event',
    () => changeItem('entries', isEvent, ({ leaf }) => ({ leaf: String(leaf).replace('"v":1', '"v":2') })),
    all,
    'inclusion',
  ],
  ['the index of an event is another', () => changeItem('log', isEvent, () => ({ index: 7 })), all, 'inclusion'],
  ['the index of an event is none', () => changeItem('log', isEvent, () => ({ index: -1 })), all, 'index'],
  [
    'the record of a version',
    () =>
      changeItem('entries', isVersion, ({ record: json }) => ({
        record: String(json).replace('"title":{', '"title":{"xx":"",'),
      })),
    ['proof'],
    'inclusion',
  ],
  ['a tile', () => changeObject(tile, (bytes) => flipped(bytes, (i) => i % 32 === 0)), all, 'inclusion'],
  ['a tile is cut short', () => changeObject(tile, (bytes) => bytes.subarray(1)), [...all, 'tile'], 'tile'],
  ['a tile is gone', () => changeObject(tile, () => undefined), all, 'tile'],
  [
    'the hashes in a batch',
    () => changeItem('log', isBatch, ({ entries }) => ({ entries: lastFlipped(entries) })),
    all,
    'inclusion',
  ],
  ['a batch is none', () => changeItem('log', isBatch, () => ({ entries: 'none' })), all, 'batch'],
  ['a text', () => changeObject(`texts/${textSha256}`, () => Buffer.from('Anything')), ['proof', 'text'], 'texts'],
  [
    'a checkpoint is none',
    () =>
      changeItem(
        'log',
        isCheckpoint,
        note(() => 'none'),
      ),
    [...all, 'checkpoint'],
    'checkpoint',
  ],
  [
    'a checkpoint is of another log',
    () =>
      changeItem(
        'log',
        isCheckpoint,
        note((text) => text.replace(`/${controller}\n`, '/tallmo\n')),
      ),
    [...all, 'checkpoint'],
    'checkpoint',
  ],
  [
    'a checkpoint is of another size',
    () =>
      changeItem(
        'log',
        isCheckpoint,
        note((text) => text.replace(/\n\d+\n/, '\n1\n')),
      ),
    [...all, 'checkpoint'],
    'checkpoint',
  ],
  [
    'the signature of a checkpoint',
    () => changeItem('log', isCheckpoint, note(signedByAnother)),
    ['proof', 'checkpoint'],
    'checkpoint',
  ],
  ['the root of a checkpoint', () => changeItem('log', isCheckpoint, note(otherRoot)), all, 'inclusion'],
  ['the root of an older checkpoint', () => changeItem('log', isThen, note(otherRoot)), ['proof of then'], 'known-at'],
  [
    'the signature of an older checkpoint',
    () => changeItem('log', isThen, note(signedByAnother)),
    ['proof of then'],
    'known-at',
  ],
  [
    'an older checkpoint is none',
    () =>
      changeItem(
        'log',
        isThen,
        note(() => 'none'),
      ),
    ['proof of then'],
    'checkpoint',
  ],
]

it('undamaged, everything is answered', async () => {
  asANewInstance()
  for (const [name, ask] of Object.entries(answers)) expect([name, (await ask()).status]).toEqual([name, 200])
})

test.each(damages)('%s', async (_, damage, asked, check) => {
  const lines = vi.spyOn(console, 'error').mockReturnValue()
  const undo = await damage()
  try {
    for (const name of asked) {
      asANewInstance()
      const { status, json } = (await answers[name]?.()) ?? { status: 0, json: {} }
      expect([name, status, json?.code, json?.check]).toEqual([name, 500, 'log-damaged', check])
    }
    expect(lines.mock.calls.flat().map((line) => JSON.parse(line).check)).toEqual(asked.map(() => check))
  } finally {
    lines.mockRestore()
    await undo()
  }
  asANewInstance()
  expect((await prove()).status).toBe(200)
})
