/**
 * The notice key and the pepper of a controller are replaced: which tokens count afterwards, that each person stays who they are, whatever
 * instance writes when, and that an erasure finds them under every pepper.
 */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../../shared/consent/event.ts'
import { readEvents } from '../../../../shared/ledger/answers/answers-for-subject.ts'
import { changeKeys } from '../../../../shared/ledger/controllers/change-keys.ts'
import { controllerSnapshots } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { eraseSubject } from '../../../../shared/ledger/erasure/erase-subject.ts'
import { makeHold } from '../../../../shared/ledger/holds/legal-holds.ts'
import type { Ledger } from '../../../../shared/ledger/ledger.ts'
import { linkedSubjects } from '../../../../shared/ledger/links/linked-subjects.ts'
import { makeLink } from '../../../../shared/ledger/links/make-link.ts'
import { logKey, witnessKey } from '../../../../shared/ledger/log/checkpoint-store.ts'
import { issueNoticeToken, openNoticeToken } from '../../../../shared/ledger/recording/notice-token.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { Item, Key } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import {
  subjectKeysForReading,
  subjectKeysForWriting,
  vaultKey,
  vaultNames,
} from '../../../../shared/ledger/vault/vault.ts'
import { formatVerifierKey } from '../../../../shared/tlog/verifier-key.ts'
import { memoryLedger, seeded, submission } from '../../../support/memory-ledger.ts'
import { testSigner } from '../../../support/memory-log-writer.ts'
import type { MemoryTable } from '../../../support/memory-table.ts'
import { memoryEraser } from '../../../support/memory-vault.ts'
import { scannedItems } from '../../../support/scanned-items.ts'
import { steal } from '../../../support/thief.ts'

const start = Date.parse('2026-11-22T12:00:00.000Z')
const [second, minute, day] = [1000, 60_000, 86_400_000]
const email = (name: string): Identity => ({ type: 'email', id: `${name}@example.org` })
const draft = (change: number, ...keys: ('notice' | 'pepper')[]) => ({ change, keys, stolen: false, ground: 'yearly' })

async function bench() {
  const ledger = memoryLedger(new Date(start).toISOString())
  await seeded(ledger)
  const at = (ms: number) => ledger.setNow(new Date(start + ms).toISOString())
  const now = async (of: Ledger = ledger) => {
    const snapshot = await of.controllers.current('acme')
    if (snapshot === undefined) throw new Error('no controller')
    return snapshot
  }
  const scope = async () => vaultScope(await now())
  const write = async (identity: Identity, announcedNew = false, of: Ledger = ledger) => {
    const snapshot = await of.controllers.recent('acme')
    if (snapshot === undefined) throw new Error('no controller')
    const occurredAt = new Date(ledger.clock()).toISOString()
    const one = submission({ eventId: randomUUID(), occurredAt }, { identity, announcedNew, assurance: 'operator' })
    const [outcome] = (await recordEvents(of, snapshot, [one])).outcomes
    if (outcome === undefined || outcome.outcome === 'refused') throw outcome?.error
    return outcome.opened
  }
  /** Another process on the same tables, with snapshots of its own. */
  const instance = (): Ledger => ({
    ...ledger,
    controllers: controllerSnapshots(ledger.entries, ledger.log, ledger.keyring, ledger.clock),
  })
  const subOf = async (identity: Identity) => (await subjectKeysForReading(ledger, await scope(), identity))?.sub
  const erase = async (identity: Identity) =>
    eraseSubject(memoryEraser(ledger), await scope(), identity, { ground: 'data-subject-request', scope: 'subject' })
  return { ledger, at, now, scope, write, instance, subOf, erase }
}

describe('a notice token after the notice key was replaced', () => {
  const served = { controller: 'acme', site: 'web', policyId: 'privacy', version: '1', locale: 'en', textSha256: 'x' }
  const expected = { controller: 'acme', site: 'web', subject: 's' }

  it.each<
    [
      string,
      issued: number,
      changes: readonly (readonly [at: number, stolen: boolean])[],
      read: number,
      counts: boolean,
    ]
  >([
    ['was issued before, and is sent a day later', -second, [[0, false]], day, true],
    ['was issued before, and is sent 30 days later', -second, [[0, false]], 30 * day, true],
    ['was issued by an instance that had not read the change', 59 * second, [[0, false]], day, true],
    ['states a time at which no instance had the old key', 61 * second, [[0, false]], day, false],
    ['is of a key that was replaced 32 days ago', -second, [[0, false]], 32 * day, false],
    ['is of a stolen key', -second, [[0, true]], second, false],
    [
      'is of the key before a stolen one',
      -second,
      [
        [0, false],
        [minute, true],
      ],
      2 * minute,
      false,
    ],
    [
      'is of the key before two changes',
      -second,
      [
        [0, false],
        [minute, false],
      ],
      day,
      true,
    ],
  ])('%s', async (_what, issued, changes, read, counts) => {
    const b = await bench()
    const old = (await b.now()).secrets
    for (const [i, [at, stolen]] of changes.entries()) {
      b.at(at)
      await changeKeys(b.ledger, 'acme', { ...draft(i + 1, 'notice'), stolen })
    }
    const token = issueNoticeToken(old, { ...served, issuedAtMs: start + issued })
    b.at(read)
    const { secrets } = await b.now()
    expect(openNoticeToken(secrets, token, expected) !== undefined).toBe(counts)
    const fresh = issueNoticeToken(secrets, { ...served, issuedAtMs: start + read })
    expect(openNoticeToken(secrets, fresh, expected)).toMatchObject({ policyId: 'privacy' })
    expect(openNoticeToken(old, fresh, expected)).toBeUndefined()
  })
})

describe('a person after the pepper was replaced', () => {
  it('keeps row, pseudonym and events, however they are announced; a new one is named by the new pepper', async () => {
    const b = await bench()
    await b.write(email('kim'))
    const [before, sub] = [await b.scope(), await b.subOf(email('kim'))]
    const rows = (await b.ledger.vault.query(vaultKey(before, email('kim')))).items
    await changeKeys(b.ledger, 'acme', draft(1, 'pepper'))
    b.at(minute)
    for (const announcedNew of [false, true]) await b.write(email('kim'), announcedNew)
    await b.write(email('lo'), true)
    const scope = await b.scope()
    expect(await b.subOf(email('kim'))).toBe(sub)
    expect((await readEvents(b.ledger, await b.now(), email('kim'))).opened).toHaveLength(3)
    expect((await b.ledger.vault.query(vaultKey(before, email('kim')))).items).toEqual(rows)
    expect((await b.ledger.vault.query(vaultKey(scope, email('kim')))).items).toEqual([])
    expect((await b.ledger.vault.query(vaultKey(before, email('lo')))).items).toEqual([])
    expect((await b.ledger.vault.query(vaultKey(scope, email('lo')))).items).toHaveLength(1)
  })

  it('is new under the old name for a minute, so that every instance finds them', async () => {
    const b = await bench()
    const before = await b.scope()
    await changeKeys(b.ledger, 'acme', draft(1, 'pepper'))
    b.at(59 * second)
    await b.write(email('kim'))
    expect((await b.ledger.vault.query(vaultKey(before, email('kim')))).items).toHaveLength(1)
  })

  it('is one subject, whatever instances write in whatever order, by however old a snapshot', async () => {
    const b = await bench()
    const instances = [b.instance(), b.instance(), b.instance()]
    // A fixed sequence of pseudorandom numbers, so that a failure can be repeated.
    let state = 7
    const random = (below: number) => {
      state = (state * 48271) % 2147483647
      return state % below
    }
    const events = new Map<string, number>()
    let [nowMs, change] = [0, 0]
    for (let step = 0; step < 120; step++) {
      nowMs += random(9) * second
      b.at(nowMs)
      if (step % 20 === 19) await changeKeys(b.ledger, 'acme', draft(++change, 'pepper'))
      const name = `person-${random(16)}`
      await b.write(email(name), random(2) === 0, instances[random(3)])
      events.set(name, (events.get(name) ?? 0) + 1)
    }
    expect(change).toBe(6)
    b.at(nowMs + day)
    for (const [name, count] of events)
      expect((await readEvents(b.ledger, await b.now(), email(name))).opened).toHaveLength(count)
    for (const [name, count] of events) expect(await b.erase(email(name))).toMatchObject({ subjects: 1, events: count })
    expect(await scannedItems(b.ledger.vault)).toEqual([])
  })

  it('is looked for under each pepper in one call, and there are at most seven', async () => {
    const b = await bench()
    await b.write(email('kim'))
    for (let change = 1; change <= 6; change++) await changeKeys(b.ledger, 'acme', draft(change, 'pepper'))
    const refused = { code: 'limit-reached', facts: { field: '/keys', allowed: 7 } }
    await expect(changeKeys(b.ledger, 'acme', draft(7, 'notice', 'pepper'))).rejects.toMatchObject(refused)
    expect((await changeKeys(b.ledger, 'acme', draft(7, 'notice'))).created).toBe(true)
    // A repeated request is no further change.
    expect((await changeKeys(b.ledger, 'acme', draft(6, 'pepper'))).created).toBe(false)
    const looks: number[] = []
    const get = (keys: readonly Key[]) => {
      looks.push(keys.length)
      return b.ledger.vault.get(keys)
    }
    const counted = { ...b.ledger, vault: { ...b.ledger.vault, get } }
    await subjectKeysForReading(counted, await b.scope(), email('kim'))
    await subjectKeysForReading(counted, await b.scope(), { type: 'phone', id: '070-123 45 67' })
    expect(looks).toHaveLength(2)
    expect(Math.max(...looks)).toBeLessThanOrEqual(100)
  })

  it('can be held and linked, and is erased so that nothing of them opens with any pepper', async () => {
    const b = await bench()
    await b.write(email('kim'))
    await changeKeys(b.ledger, 'acme', draft(1, 'notice', 'pepper'))
    b.at(minute)
    await b.write(email('lo'))
    const snapshot = await b.now()
    const scope = vaultScope(snapshot)
    const side = (name: string) => ({ identity: email(name), proof: 'operator' as const })
    const request = { requestId: randomUUID(), ground: 'one person', shown: [] }
    await makeLink(b.ledger, snapshot, [side('kim'), side('lo')], request)
    const kim = await subjectKeysForWriting(b.ledger, scope, email('kim'), 2026, false)
    const instant = new Date(start + minute).toISOString()
    expect(await linkedSubjects(b.ledger, scope, kim, { at: instant, knownAt: instant })).toHaveLength(1)
    const by = { issuer: 'urn:test', subject: 'counsel' }
    const covers = { kind: 'subject', identity: email('kim') } as const
    const hold = { holdId: randomUUID(), ground: 'order', until: new Date(start + day).toISOString(), covers } as const
    await makeHold(memoryEraser(b.ledger), scope, hold, by)
    expect(await b.erase(email('kim'))).toMatchObject({ subjects: 0, held: [{ holdId: hold.holdId }] })
    b.at(2 * day)
    expect(await b.erase(email('kim'))).toMatchObject({ subjects: 1, events: 1 })
    expect(await b.erase(email('lo'))).toMatchObject({ subjects: 1, events: 1 })
    const found = steal(
      [await b.now()],
      await scannedItems(b.ledger.entries as MemoryTable),
      await scannedItems(b.ledger.vault),
    )
    const text = [...found.clear, ...found.opened].join('\n')
    for (const trace of ['kim@example.org', 'lo@example.org']) expect(text).not.toContain(trace)
    for (const each of [email('kim'), email('lo')])
      for (const { pk } of await vaultNames(scope, each)) expect(text).not.toContain(pk)
  })
})

describe('a change', () => {
  it('is one, sent twice or by two at once; out of turn or with other content it is refused', async () => {
    const b = await bench()
    const made = await Promise.all([1, 2].map(() => changeKeys(b.ledger, 'acme', draft(1, 'notice'))))
    expect(made.map(({ created }) => created).sort()).toEqual([false, true])
    expect(made[0]?.record).toEqual(made[1]?.record)
    const refusals: readonly [Promise<unknown>, object][] = [
      [changeKeys(b.ledger, 'acme', draft(1, 'pepper')), { code: 'already-exists' }],
      [changeKeys(b.ledger, 'acme', draft(3, 'notice')), { code: 'invalid-request' }],
      [changeKeys(b.ledger, 'nobody', draft(1, 'notice')), { code: 'not-found' }],
    ]
    for (const [refused, error] of refusals) await expect(refused).rejects.toMatchObject(error)
  })

  it('of a checkpoint or receipt key makes none: it tells the log, whose entry vouches for the new checkpoint key', async () => {
    const b = await bench()
    const before = await b.now()
    const vkey = formatVerifierKey(logKey(b.ledger.host, 'acme', testSigner(9).publicKey))
    const told = { change: 1, keys: ['checkpoint', 'receipt'] as const, stolen: false, ground: 'yearly', vkey }
    const { record } = await changeKeys(b.ledger, 'acme', { ...told, keys: [...told.keys] })
    expect(record).not.toHaveProperty('sha256')
    const [item] = await b.ledger.entries.get([{ pk: 'acme#controller', sk: 'keys#1' }])
    expect(item?.values).not.toHaveProperty('secrets')
    expect(JSON.parse(String(item?.values.leaf))).toMatchObject({ kind: 'key-change', keys: told.keys, vkey })
    expect(await b.now()).toEqual({ ...before, keyChange: 1 })
    await changeKeys(b.ledger, 'acme', {
      ...draft(2, 'notice', 'pepper'),
      keys: ['checkpoint', 'notice', 'pepper'],
      vkey,
    })
    const { secrets } = await b.now()
    expect([secrets.peppers.length, secrets.earlierNoticeKeys.length]).toEqual([2, 1])
    const others = [
      formatVerifierKey(logKey(b.ledger.host, 'other', testSigner(9).publicKey)),
      formatVerifierKey(witnessKey(b.ledger.host, testSigner(9).publicKey)),
      `${vkey}A`,
      'acme',
    ]
    for (const other of others)
      await expect(
        changeKeys(b.ledger, 'acme', { ...told, change: 3, keys: ['checkpoint'], vkey: other }),
      ).rejects.toMatchObject({ code: 'invalid-request', facts: { field: '/vkey' } })
  })

  it('that is missing or damaged makes the controller unreadable, so that no earlier key comes back', async () => {
    for (const damage of ['gone', 'record', 'secrets', 'none', 'swapped'] as const) {
      const b = await bench()
      await changeKeys(b.ledger, 'acme', draft(1, 'notice', 'pepper'))
      await changeKeys(b.ledger, 'acme', draft(2, 'notice', 'pepper'))
      const broken = b.instance()
      const query: Ledger['entries']['query'] = async (pk, options) => {
        const page = await b.ledger.entries.query(pk, options)
        const [first, last] = ['keys#1', 'keys#2'].map((sk) => page.items.find((item) => item.sk === sk))
        if (first === undefined || last === undefined) return page
        const { secrets: _, ...withoutSecrets } = first.values
        const values: Item['values'] | undefined = {
          gone: undefined,
          record: { ...first.values, record: '{' },
          secrets: { ...first.values, secrets: new Uint8Array(64) },
          none: withoutSecrets,
          swapped: { ...first.values, secrets: last.values.secrets ?? '' },
        }[damage]
        const items = page.items.flatMap((item) => (item !== first ? [item] : values ? [{ ...item, values }] : []))
        return { ...page, items }
      }
      const entries = { ...b.ledger.entries, query }
      const controllers = controllerSnapshots(entries, b.ledger.log, broken.keyring, broken.clock)
      await expect(controllers.current('acme')).rejects.toMatchObject({ code: 'keys-unreadable' })
    }
  })
})
