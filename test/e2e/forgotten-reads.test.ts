/**
 * What auditors asked about a person who was erased since, and what was asked by an auditor who was: with every key that the ledger still
 * has tried on everything that it still stores, nothing names either.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { developmentIssuer } from '../../infra/local/development-issuer.ts'
import { openSubjectRead, readsPk } from '../../shared/ledger/auditors/audit-reads.ts'
import { hmacText } from '../../shared/ledger/derived-keys.ts'
import { disclosureDigest, makeDisclosure } from '../../shared/ledger/disclosures.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { readsKeyOf, storedSubject, subjectKeysForReading, vaultKey } from '../../shared/ledger/vault/vault.ts'
import { audit, bearer, decodeDisclosure, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { type RunningLedger, siteKeyOf, startLedger } from '../support/running-ledger.ts'
import { isRead } from '../support/stored-items.ts'
import { type StolenData, steal } from '../support/thief.ts'

const kim = { type: 'email', id: 'kim@example.org' }
const account = { type: 'account', id: 'kim-account-77' }
const stranger = { type: 'email', id: 'stranger@example.org' }
const topic = { purposeId: 'newsletter' }
const auditor = { type: 'reader', issuer: developmentIssuer, subject: 'auditor' }
const isRowOfSubject = ({ pk }: Item) => /#read#[\w-]{43}$/.test(pk)

let ledger: RunningLedger
beforeAll(async () => {
  ledger = await startLedger({ clockOnlyGoesOn: true })
  await recordAs({ identifier: kim }, await ledger.token('consent.write'))
  await recordAs({ token: await ledger.token('', 'ljungsten', account.id) })
  await askEverything()
})

async function recordAs(subject: EventBody, token = ''): Promise<void> {
  const event = visitorEvent(ledger, '', { subject, decisions: [{ ...topic, verb: 'given' }] })
  const { status } = await record(ledger, event, 'ljungsten/back-office', token ? bearer(token) : {})
  expect(status).toBe(201)
}

/** By every route that records a read, about each of them. */
async function askEverything(): Promise<void> {
  for (const subject of [kim, { type: 'email', id: ' KIM@example.org' }, account, stranger])
    for (const question of ['consents', 'timeline', 'proofs'] as const)
      await audit(ledger, question, { subject, ...topic })
  const token = bearer(await ledger.token('consent.audit', 'ljungsten', 'auditor'))
  const path = `/c15t/${siteKeyOf(ledger, 'ljungsten/web')}`
  for (const externalId of [account.id, stranger.id])
    for (const asked of ['subjects?', 'consents/check?type=cookie_banner&'])
      expect((await ledger.get(`${path}/${asked}externalId=${externalId}`, token)).status).toBe(200)
}

async function erase(subject: EventBody): Promise<EventBody> {
  const body = { controller: 'ljungsten', subject, ground: 'data-subject-request' }
  const { status, json } = await ledger.post('/v1/erasures', body, bearer(await ledger.token('consent.erase')))
  expect(status).toBe(200)
  return json
}

async function snapshotOf(controller: string) {
  const snapshot = await ledger.local.ledger.controllers.current(controller)
  if (snapshot === undefined) throw new Error(`no controller ${controller}`)
  return snapshot
}

const scope = async () => vaultScope(await snapshotOf('ljungsten'))

/** What a thief would have got last, and from what. */
let stolen: { readonly from: unknown; readonly data: StolenData } | undefined

async function loot(): Promise<StolenData> {
  const snapshot = await snapshotOf('ljungsten')
  const [entries, vault] = [await ledger.stored('entries'), await ledger.stored('vault')]
  const from = [snapshot.secrets, entries, vault]
  if (stolen === undefined || !isDeepStrictEqual(from, stolen.from))
    stolen = { from, data: steal([snapshot], entries, vault) }
  return stolen.data
}

const naming = ({ clear, opened }: StolenData, word: string) =>
  [...clear, ...opened].filter((text) => text.toLowerCase().includes(word))

let reads: Item[]
let rows: Item[]
beforeEach(async () => {
  const entries = await ledger.stored('entries')
  reads = entries.filter(isRead)
  rows = entries.filter(isRowOfSubject)
})

test('while the person lives in the vault, one query lists the reads about it, and each is one that the log commits to', async () => {
  const { local } = ledger
  const key = readsKeyOf(await scope(), await storedSubject(local.ledger, await scope(), kim))
  if (key === undefined) throw new Error('kim is not known')
  const { items } = await local.ledger.entries.query(readsPk('ljungsten', key.sub))
  const opened = items.map((item) => openSubjectRead(item, key.key))
  expect(opened.map(({ question }) => question.route).sort()).toEqual(
    ['askConsents', 'askProof', 'askTimeline'].flatMap((route) => [route, route]),
  )
  for (const { read, subject = '' } of opened) {
    const [entry] = await local.ledger.entries.get([read])
    expect(JSON.parse(String(entry?.values.leaf))._sd).toContain(disclosureDigest(subject))
    expect(decodeDisclosure(subject)).toMatchObject({ name: 'field:subject', value: kim })
  }
  expect(naming(await loot(), kim.id)).not.toEqual([])
})

test('a question about an unknown person leaves items of the same size, and names no subject', async () => {
  expect([reads.length, rows.length]).toEqual([16, 16])
  expect(naming(await loot(), stranger.id)).toEqual([])
  const sizes = (items: readonly Item[]) =>
    new Set(
      items.map(
        ({ pk, sk, values }) =>
          `${pk.length} ${sk.length} ${Object.keys(values).sort()} ${(values.payload as Uint8Array).length}`,
      ),
    )
  expect(sizes(rows).size).toBe(1)
  expect(sizes(reads).size).toBe(1)
  const vault = await ledger.stored('vault')
  const name = vaultKey(await scope(), stranger)
  expect(vault.filter(({ pk }) => pk === name)).toEqual([])
})

test('nothing in clear joins a row with its entry', () => {
  const inClear = (items: readonly Item[]) =>
    new Set(items.flatMap(({ pk, sk, values }) => [pk, sk, String(values.reader)]))
  const entries = inClear(reads)
  expect([...inClear(rows)].filter((text) => entries.has(text) && text !== 'undefined')).toEqual([])
  for (const { values } of rows) expect(Object.keys(values)).toEqual(['payload'])
})

test('after an erasure no key that is left opens the name of the person, or confirms a guess at it', async () => {
  const subs = await Promise.all(
    [kim, account].map(
      async (who) => (await subjectKeysForReading(ledger.local.ledger, await scope(), who))?.sub ?? '',
    ),
  )
  for (const subject of [kim, account]) {
    const { outcome, events, copies } = await erase(subject)
    expect([outcome, events]).toEqual(['erased', 1])
    const copy = (copies as EventBody[]).find((each) => each.copy === 'audit-reads')
    expect([copy?.holders, (copies as EventBody[]).map((each) => each.copy)]).toEqual([
      'unknown',
      ['receipts', 'audit-reads', 'log-mirrors'],
    ])
  }
  const left = await loot()
  expect(left.opened.length).toBeGreaterThanOrEqual(reads.length)
  for (const word of ['kim@', 'kim-account']) expect(naming(left, word)).toEqual([])
  for (const sub of subs) expect(left.opened.filter((text) => text.includes(sub))).toEqual([])

  // Salted with any key that is left, no guess is in any leaf, and no name of a vault row anywhere.
  const leaves = (await ledger.stored('entries')).map(({ values }) => String(values.leaf)).join('\n')
  for (const identity of [kim, account]) {
    for (const key of left.keys) {
      for (const { sk } of reads) {
        const digest = disclosureDigest(makeDisclosure(sk, { name: 'field:subject', value: identity }, key))
        expect(leaves.includes(digest)).toBe(false)
      }
      const name = hmacText(key, JSON.stringify(['vault-v1', 1, 'ljungsten', identity.type, identity.id]), 32)
      expect([...left.clear, ...left.opened].some((text) => text.includes(name))).toBe(false)
    }
  }
})

test('an auditor is erased by issuer and subject, and what it asked stays countable', async () => {
  expect(naming(await loot(), '\\"auditor\\"')).not.toEqual([])
  expect(await erase(auditor)).toMatchObject({ outcome: 'erased', events: 0 })
  expect(naming(await loot(), '\\"auditor\\"')).toEqual([])
  expect((await ledger.stored('entries')).filter(isRead)).toEqual(reads)
  expect(await erase(auditor)).toMatchObject({ outcome: 'nothing-found' })
})

test.each<[string, EventBody, string]>([
  ['by an identifier', { type: 'reader', id: 'auditor' }, '/subject/type'],
  ['without its issuer', { type: 'reader', subject: 'auditor' }, '/subject/issuer'],
  ['of another type', { type: 'email', issuer: 'x', subject: 'y' }, '/subject/type'],
])('an auditor is not erased %s', async (_, subject) => {
  const body = { controller: 'ljungsten', subject, ground: 'order' }
  expectRefusal(await ledger.post('/v1/erasures', body, bearer(await ledger.token('consent.erase'))), {
    code: 'invalid-request',
  })
})

test('no file of the ledger names them once it has stopped: engines, doorbell, logs, keys', async () => {
  const naming: string[] = []
  let searched = 0
  await ledger.close(async () => {
    for (const entry of await readdir(ledger.dataFolder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = (await readFile(join(entry.parentPath, entry.name))).toString('latin1').toLowerCase()
      if (['kim@example', 'kim-account', stranger.id].some((word) => bytes.includes(word))) naming.push(entry.name)
      searched++
    }
  })
  expect(naming).toEqual([])
  expect(searched).toBeGreaterThan(5)
})
