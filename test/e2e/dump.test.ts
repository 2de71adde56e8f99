/**
 * What a thief of the database holds: events and reads of the demo's people, recorded with everything that can be said of them,
 * then every item and every file searched for what could be guessed. Policies are public and are not searched.
 */
import { hash, type KeyObject } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { type Person, people } from '../../infra/demo/world/people.ts'
import { world } from '../../infra/demo/world/world.ts'
import { operatorVerbs, subjectVerbs } from '../../shared/consent/event.ts'
import { deriveBytes, derivedUses, openBytes } from '../../shared/ledger/derived-keys.ts'
import { batchItem, batchPk, controllerOf, readBatch } from '../../shared/ledger/log/log-items.ts'
import { MacKey } from '../../shared/ledger/mac-key.ts'
import type { Item, Key } from '../../shared/ledger/store.ts'
import { audit, bearer, decisionEvent, decodeDisclosure, type EventBody, noon, record } from '../support/demo-calls.ts'
import { type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { isEvent, isRead } from '../support/stored-items.ts'

let ledger: RunningLedger
let items: Item[]
let haystack: Buffer
const receipts: { eventId: string; times: EventBody; leaf: string; disclosures: string[] }[] = []
const identities: { type: string; id: string }[] = []
const everyone: readonly Person[] = Object.values(people)
const userAgent = 'Mozilla/5.0 (Dumpster; rv:1)'

beforeAll(async () => {
  ledger = await startLedger()
  ledger.setClock(noon)
  for (const person of everyone) await recordAllOf(person)
  for (const subject of identities) await audit(ledger, 'proofs', { subject, purposeId: 'newsletter' })
  items = (await ledger.stored('entries')).filter((item) => isEvent(item) || isRead(item))
  const hidden = [...items, ...(await ledger.stored('vault')), ...(await ledger.stored('log')).flatMap(ofPeople)]
  haystack = Buffer.concat(hidden.flatMap(({ pk, sk, values }) => [pk, sk, ...Object.values(values)]).flatMap(bytesOf))
})
afterAll(() => ledger.close())

async function recordAllOf({ name, deviceSecret, email, account, site, channel, locale, actsFor }: Person) {
  const token = account && (await ledger.token('', 'ljungsten', account))
  const subjects = [
    { subject: { deviceSecret }, identity: deviceIdentity(deviceSecret) },
    ...(token ? [{ subject: { token }, identity: { type: 'account', id: account ?? '' } }] : []),
    ...(email
      ? [{ subject: { identifier: { type: 'email', id: email } }, identity: { type: 'email', id: email } }]
      : []),
  ]
  const headers = {
    ...bearer(await ledger.token('consent.write', 'ljungsten', 'case-system')),
    'user-agent': userAgent,
  }
  // Each says the same twice, so that whatever does not depend on the event would repeat.
  for (const { subject, identity } of [...subjects, ...subjects]) {
    const event = decisionEvent(ledger, {
      ...{ subject, channel, locale, actor: actsFor?.actor, signals: { gpc: true }, surface: 'account' },
      decisions: [
        { purposeId: 'newsletter', verb: 'given' },
        { purposeId: 'statistics', verb: 'withdrawn' },
        { policyId: 'general-terms', verb: 'accepted' },
        { purposeId: 'legal-claims', verb: 'objected', ground: `${name} objects` },
      ],
      page: `https://www.ljungsten.example/?who=${encodeURIComponent(email ?? name)}`,
    })
    const { status, json } = await record(ledger, event, `ljungsten/${site}`, headers)
    expect(status).toBe(201)
    receipts.push(json)
    if (!identities.includes(identity)) identities.push(identity)
  }
}

/** Everything in the log except the rows and positions of policies, which are public. */
function ofPeople(item: Item): Item[] {
  const controller = controllerOf(item)
  const isPublic = ({ pk }: Key) => pk.startsWith(`${controller}#policy#`)
  if (isPublic(item)) return []
  if (item.pk !== batchPk(controller)) return [item]
  const batch = readBatch(controller, item)
  return [batchItem(controller, { ...batch, entries: batch.entries.filter(({ key }) => !isPublic(key)) })]
}

function bytesOf(value: string | number | Uint8Array): Buffer[] {
  return [typeof value === 'object' ? Buffer.from(value) : Buffer.from(String(value)), Buffer.from('\n')]
}

/** The forms in which bytes are usually written down. */
function written(bytes: Uint8Array): Buffer[] {
  const raw = Buffer.from(bytes)
  const texts = [raw.toString('hex'), raw.toString('hex').toUpperCase(), raw.toString('base64url')]
  return [raw, ...[...texts, raw.toString('base64').replace(/=+$/, '')].map((text) => Buffer.from(text))]
}

/** A text itself and the digests that someone with a list of guesses would try. */
function guesses(text: string): Buffer[] {
  const digests = ['sha256', 'sha1', 'md5'].map((algorithm) => hash(algorithm, text, 'buffer'))
  return [...written(Buffer.from(text)), ...digests.flatMap(written)]
}

function expectNowhere(needles: ReadonlyMap<string, readonly Buffer[]>, within: Buffer): void {
  const wanted = [...needles].flatMap(([what, forms]) => forms.map((form) => ({ what, form })))
  expect(foundIn(within, wanted)).toEqual([])
  expect(needles.size).toBeGreaterThan(0)
}

/** What any of the forms is of that occurs in these bytes: of the tens of thousands, only those are compared that begin as the bytes at hand do. */
function foundIn(within: Buffer, wanted: readonly { what: string; form: Buffer }[]): string[] {
  const found = new Set(wanted.filter(({ form }) => form.length < 4 && within.includes(form)).map(({ what }) => what))
  const byBeginning = Map.groupBy(
    wanted.filter(({ form }) => form.length >= 4),
    ({ form }) => form.readUInt32BE(),
  )
  for (let at = 0; at + 4 <= within.length; at++) {
    for (const { what, form } of byBeginning.get(within.readUInt32BE(at)) ?? []) {
      if (within.subarray(at, at + form.length).equals(form)) found.add(what)
    }
  }
  return [...found]
}

test('the search finds a value that is in the dump, wherever it is', () => {
  const sub = JSON.parse(receipts[0]?.leaf ?? '').sub
  expect(haystack.includes(Buffer.from(sub))).toBe(true)
  const forms = [Buffer.from(sub), haystack.subarray(0, 4), haystack.subarray(-4), haystack.subarray(-1)]
  const wanted = [...forms, Buffer.from('not in it')].map((form, i) => ({ what: String(i), form }))
  expect(foundIn(haystack, wanted).sort()).toEqual(['0', '1', '2', '3'])
  expect(items.filter(isEvent)).toHaveLength(receipts.length)
  expect(items.filter(isRead)).toHaveLength(identities.length)
})

test('no person can be guessed: names, addresses, accounts, secrets, and their hashes under usual prefixes', () => {
  const needles = new Map<string, Buffer[]>()
  const add = (text: string) => needles.set(text, guesses(text))
  for (const { name, email, account, deviceSecret, actsFor } of everyone) {
    for (const id of [name, email, email?.toUpperCase(), account, deviceSecret, actsFor?.actor.ground]) if (id) add(id)
  }
  for (const { type, id } of [...identities, { type: 'reader', id: 'auditor' }]) {
    if (type !== 'reader') add(id)
    for (const prefix of ['mailto:', `${type}:`, `${type}#`, 'ljungsten:', 'ljungsten#', `ljungsten/${type}/`])
      add(prefix + id)
    add(JSON.stringify({ type, id }))
    add(JSON.stringify([type, id]))
    add(JSON.stringify(['vault-v1', 1, 'ljungsten', type, id]))
    add(JSON.stringify(['notice-v1', 'ljungsten', type, id]))
  }
  for (const word of [userAgent, 'https://www.ljungsten.example/', '127.0.0.1', '127.0.0.0', 'case-system']) add(word)
  expectNowhere(needles, haystack)
})

test('no event can be guessed: ids, purposes, policies, verbs, exact times', () => {
  const needles = new Map<string, Buffer[]>()
  const drafts = world.ljungsten.publications.map(({ draft }) => draft)
  const words = [
    ...drafts.flatMap((d) => [d.policyId, ...d.purposes.map((p) => p.purposeId)]),
    ...[...subjectVerbs, ...operatorVerbs],
  ]
  for (const word of words) needles.set(word, guesses(word))
  for (const { eventId, times } of receipts) {
    needles.set(eventId, [...guesses(eventId), Buffer.from(eventId.replaceAll('-', ''), 'hex')])
    for (const time of [times.occurredAt, times.recordedAt, times.effectiveAt].map(String)) {
      const ms = Date.parse(time)
      const texts = [time, time.slice(0, 19), time.slice(0, 16), String(ms), String(Math.floor(ms / 1000))]
      const binary = Buffer.alloc(16)
      binary.writeBigInt64BE(BigInt(ms), 0)
      binary.writeDoubleBE(ms, 8)
      needles.set(time, [...texts.map((text) => Buffer.from(text)), binary.subarray(0, 8), binary.subarray(8)])
    }
  }
  expectNowhere(needles, haystack)
})

test('no claim can be guessed: without its salt, a disclosure has no digest anywhere', () => {
  const needles = new Map<string, Buffer[]>()
  for (const { disclosures } of receipts) {
    for (const { name, value } of disclosures.map(decodeDisclosure)) {
      const forms = [value, [name, value], ['', name, value], [null, name, value], { [name]: value }].map((form) =>
        JSON.stringify(form),
      )
      const digests = [...forms, ...forms.map((form) => Buffer.from(form).toString('base64url'))].flatMap(guesses)
      needles.set(`${name} ${needles.size}`, digests)
    }
  }
  expectNowhere(needles, haystack)
})

test('an item has these attributes and no other, and the hour of receipt is the only time in clear', () => {
  for (const item of items) {
    const { leaf, digest, hour, payload, context, reader, ...more } = item.values
    expect(more).toEqual({})
    expect(hour).toBe(noon.slice(0, 13))
    expect(JSON.parse(String(leaf))).toMatchObject({ kind: isRead(item) ? 'read' : 'event', v: 1 })
    const sealed = [digest, payload, context].filter((value) => value !== undefined)
    expect(sealed.every((value) => value instanceof Uint8Array)).toBe(true)
    if (isRead(item))
      expect([item.sk, reader]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[\w-]{43}$/)])
    else
      expect([item.pk, item.sk]).toEqual([
        expect.stringMatching(/^ljungsten#[\w-]{43}$/),
        expect.stringMatching(/^event#[\w-]{22}$/),
      ])
    expect(Object.values(item.values).join(' ')).not.toMatch(/\d\d:\d\d/)
  }
})

test('no key is in any file beside the keys, and none in an item', async () => {
  const needles = new Map<string, Buffer[]>()
  const add = (what: string, bytes: Uint8Array) => needles.set(`${what} ${needles.size}`, written(bytes))
  const exported = (what: string, key: KeyObject) => add(what, key.export())
  add('the keyring', await readFile(join(ledger.dataFolder, 'keys', 'keyring.key')))
  const snapshot = await ledger.local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  const { dataKey, peppers, noticeKey } = snapshot.secrets
  for (const [name, key] of Object.entries({ dataKey, noticeKey })) exported(name, key)
  for (const pepper of peppers) exported('pepper', pepper)
  // The pseudonym is in clear.
  const secretUses = derivedUses.filter((use) => use !== 'sub')
  for (const row of await ledger.stored('vault')) {
    for (const name of ['sub', 'proof', 'context']) {
      const wrapped = row.values[name]
      if (!(wrapped instanceof Uint8Array)) continue
      const raw = openBytes(dataKey, wrapped, `${row.pk}\n${row.sk}\n${name}`)
      add(name, raw)
      for (const use of secretUses) add(use, deriveBytes(new MacKey(raw), use, 'ljungsten'))
    }
  }
  for (const { email, deviceSecret } of everyone)
    for (const id of [email, deviceSecret]) if (id) add(id, Buffer.from(id))
  expect(needles.size).toBeGreaterThan(identities.length * 9)
  const names = (await readdir(ledger.dataFolder)).filter((name) => name.includes('.db'))
  const files = await Promise.all(names.map((name) => readFile(join(ledger.dataFolder, name))))
  const sub = JSON.parse(receipts[0]?.leaf ?? '').sub
  expect(Buffer.concat(files).includes(Buffer.from(sub))).toBe(true)
  for (const within of [haystack, ...files]) expectNowhere(needles, within)
})

test('a leaf is canonical, counts what it covers, and no salt occurs twice', () => {
  const salts = new Set<string>()
  for (const { leaf, disclosures } of receipts) {
    const parsed = JSON.parse(leaf)
    expect(canonicalize(parsed)).toBe(leaf)
    const opened = disclosures.map(decodeDisclosure)
    const covers = opened.find(({ name }) => name === 'field:covers')?.value
    expect(parsed._sd).toHaveLength(covers.length + 7)
    expect(parsed._sd).toEqual(disclosures.map((d) => hash('sha256', d, 'base64url')).sort())
    for (const { salt } of opened) {
      expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
      salts.add(salt)
    }
  }
  expect(salts.size).toBe(receipts.reduce((sum, { disclosures }) => sum + disclosures.length, 0))
})
