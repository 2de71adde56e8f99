/**
 * Every attribute of every kind of item, changed and taken away past the ledger: the self-audit names the item. Every kind of item, taken
 * away: it is missed. What no check can see
 * is listed with its reason, and is then nothing that an answer or a proof rests on.
 */
import { describe, expect, it } from 'vitest'
import { isFaultSeverity } from '../../../../shared/ledger/audit/findings.ts'
import type { Attribute, Item } from '../../../../shared/ledger/store.ts'
import { findingsOf, openSmallDrill } from './drill.ts'
import { allOf, change, vaultRow } from './drill-items.ts'

const tables = ['entries', 'log', 'vault'] as const

const kinds = [
  'entries act',
  'entries asked answer',
  'entries asked request',
  'entries awaited',
  'entries claim',
  'entries completed',
  'entries completion',
  'entries controller controller',
  'entries controller identity-provider',
  'entries controller keys',
  'entries controller origins',
  'entries controller policy',
  'entries controller provider',
  'entries controller revoked',
  'entries controller site',
  'entries delivered',
  'entries delivering',
  'entries disposition manifest',
  'entries disposition plan',
  'entries endpoint crm',
  'entries erased',
  'entries erased-subject event',
  'entries expires announced',
  'entries expires due',
  'entries expiry',
  'entries export',
  'entries export-state',
  'entries exports-of-day',
  'entries grant grant',
  'entries grant revoked',
  'entries held',
  'entries held-row of one who lives',
  'entries held-row of one who was erased',
  'entries hold hold',
  'entries hold released',
  'entries import request',
  'entries import state',
  'entries link',
  'entries mandate itself',
  'entries mandate revocation',
  'entries mark acme',
  'entries policy instant',
  'entries policy presentation',
  'entries policy retracted',
  'entries policy version',
  'entries read',
  'entries read-row',
  'entries redelivery',
  'entries requested',
  'entries started import',
  'entries statistics day',
  'entries statistics state',
  'entries subject event',
  'log act',
  'log asked answer',
  'log asked request',
  'log checkpoint',
  'log completion',
  'log controller controller',
  'log controller identity-provider',
  'log controller keys',
  'log controller origins',
  'log controller provider',
  'log controller revoked',
  'log controller site',
  'log disposition manifest',
  'log endpoint crm',
  'log erased',
  'log erased-subject event',
  'log expiry',
  'log grant grant',
  'log grant revoked',
  'log hold hold',
  'log hold released',
  'log link',
  'log log',
  'log mandate itself',
  'log mandate revocation',
  'log policy presentation',
  'log policy retracted',
  'log policy version',
  'log read',
  'log redelivery',
  'log requested',
  'log subject event',
  'log time',
  'vault person',
  'vault reader',
]

/** What no check can see, with the reason. */
const unseen: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['request: payload changed', 'request: payload gone', 'request: gone'],
      ...['state: record changed', 'state: record gone', 'state: gone'],
    ].map((what) => [`entries import ${what}`, 'nothing is proven from how far an import is; its acts are leaves']),
  ),
  'entries started import: gone': 'nothing is proven from it',
  'entries mark acme: gone': 'only the release reads it; an erasure that it did not release is reported by itself',
  'entries controller controller: reads gone':
    'as if the controller were older than form 2: an erasure then warns of reads that there are not',
  'entries read-row: gone':
    'nothing in clear joins the row of a subject with the entry of the read, so that either can be erased',
  'entries held-row of one who lives: gone':
    'the last turn of a subject: the hold that it was does not name the subject, so that it stays unnamed after an erasure',
  'entries held-row of one who was erased: gone': 'as of one who lives; nothing is left to hold',
  'entries held-row of one who was erased: payload changed': 'the key that would show it is destroyed',
  'entries held-row of one who was erased: payload gone': 'the key that would show it is destroyed',
  'vault reader: year changed': 'as of a person',
  'vault reader: context gone': 'a read has no context',
  'vault person: year changed':
    'a later first year: the same keys open what came before it, and the keys of that year go with it, later',
  'log log: id changed':
    'random bytes by which a worker knows its own batch while it commits it; nothing is derived from them',
  'entries controller controller: secrets changed':
    'the keyring of the model wraps nothing, so another notice key is one; key files and KMS authenticate what they wrap',
  ...Object.fromEntries(
    [
      ...['awaited: gone', 'completed: gone', 'delivered: gone', 'delivering: gone', 'delivering: state changed'],
      'delivering: state gone',
      ...['outcome', 'attempts', 'at', 'sequence', 'status'].flatMap((name) => [
        `delivered: ${name} changed`,
        `delivered: ${name} gone`,
      ]),
    ].map((what) => [`entries ${what}`, 'says what was sent; no answer and no proof rests on it']),
  ),
  ...Object.fromEntries(
    [
      ...['export: gone', 'export: payload changed', 'export: payload gone', 'exports-of-day: gone'],
      ...['export-state: gone', 'export-state: record changed', 'export-state: record gone'],
    ].map((what) => [`entries ${what}`, 'says how far an export is; that somebody asked is a read, which is checked']),
  ),
  ...Object.fromEntries(
    ['due: payload changed', 'due: payload gone', 'due: gone', 'announced: gone'].map((what) => [
      `entries expires ${what}`,
      'says when an end is to be looked at; no answer and no proof rests on it',
    ]),
  ),
  ...Object.fromEntries(
    ['day', 'state'].flatMap((kind) =>
      ['payload changed', 'payload gone', 'gone'].map((how) => [
        `entries statistics ${kind}: ${how}`,
        'follows from the log, and is counted from it again where it does not open',
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['person', 'reader'].flatMap((whose) => [
      [
        `vault ${whose}: controller gone`,
        'a row as rows were before they named their controller; it is tried with all',
      ],
      [
        `vault ${whose}: holder gone`,
        'a row as rows were before they stated their holder; exports count what it holds',
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['digest', 'payload', 'context', 'hour'].flatMap((name) =>
      ['changed', 'gone'].map((how) => [
        `entries erased-subject event: ${name} ${how}`,
        'the keys that would show it are destroyed; only the leaf and the erasure are left',
      ]),
    ),
  ),
}

interface Known {
  /** Pseudonyms. */
  readonly erased: ReadonlySet<string>
  /** Names in the vault. */
  readonly persons: ReadonlySet<string>
}

/** Items of one kind have keys of one form. */
function kindOf(table: string, { pk, sk }: Item, { erased, persons }: Known): string {
  if (pk.startsWith('#exports#')) return `${table} exports-of-day`
  if (/^[^#]+#export#/.test(pk)) return `${table} export-state`
  if (table === 'vault') return persons.has(pk) ? 'vault person' : 'vault reader'
  if (pk.startsWith('#imports#')) return `${table} started import`
  if (/^[^#]+#import(#|$)/.test(pk)) return `${table} import ${pk.endsWith('#import') ? 'request' : 'state'}`
  const partition = pk.startsWith('#erased#') ? 'mark' : pk.startsWith('#') ? 'claim' : (pk.split('#')[1] ?? '')
  const known = [
    'act',
    'asked',
    'claim',
    'mark',
    'controller',
    'policy',
    'grant',
    'disposition',
    'erased',
    'endpoint',
    'redelivery',
    'export',
    'completion',
    'expiry',
    'expires',
    ...ofDeliveries,
    'statistics',
    'read',
    'link',
    'log',
    'mandate',
    'checkpoint',
    'time',
    ...ofHolds,
  ]
  const first = known.includes(partition) ? partition : erased.has(partition) ? 'erased-subject' : 'subject'
  if (first === 'read' && !/read#\d{4}-\d\d-\d\d$/.test(pk)) return `${table} read-row`
  if (first === 'mandate') return `${table} mandate ${sk.endsWith('#ended') ? 'revocation' : 'itself'}`
  if (first === 'asked') return `${table} asked ${/[13579]$/.test(sk) ? 'answer' : 'request'}`
  if (first === 'disposition') return `${table} disposition ${sk.slice(sk.indexOf('#') + 1)}`
  if (first === 'held' || first === 'requested') return kindOfHeld(table, pk, erased)
  const second = /^[a-z-]+(?=#|$)/.exec(sk)?.[0] ?? ''
  return `${table} ${first} ${second}`.trim()
}

/** State and outcomes of deliveries, which nothing is proven from. */
const ofDeliveries = ['delivering', 'delivered', 'awaited', 'completed']
const ofHolds = ['hold', 'held', 'requested']

function kindOfHeld(table: string, pk: string, erased: ReadonlySet<string>): string {
  const [, partition, sub] = pk.split('#')
  if (sub === undefined) return `${table} ${partition}`
  return `${table} held-row of one who ${erased.has(sub) ? 'was erased' : 'lives'}`
}

function changed(value: Attribute): Attribute {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string') return value.map((byte, i) => (i === value.length - 1 ? byte ^ 1 : byte))
  const other = value.replace(/[0-9A-Za-z](?=[^0-9A-Za-z]*$)/, (last) => (last === '1' ? '2' : '1'))
  return other === value ? `${value} ` : other
}

describe('each attribute', async () => {
  const drill = await openSmallDrill()
  const erased = new Set((await allOf(drill.entries)).filter(({ pk }) => pk === 'acme#erased').map(({ sk }) => sk))
  const persons = new Set([0, 1].map((person) => vaultRow(drill, person).pk))
  const samples = new Map<string, { readonly table: (typeof tables)[number]; readonly item: Item }>()
  for (const table of tables)
    for (const item of await allOf(drill[table])) samples.set(kindOf(table, item, { erased, persons }), { table, item })
  const cases = [...samples].flatMap(([kind, { table, item }]) =>
    Object.keys(item.values).flatMap((name) =>
      (['changed', 'gone'] as const).map((how) => ({ what: `${kind}: ${name} ${how}`, table, item, name, how })),
    ),
  )

  it('is sound before, and of every kind', async () => {
    expect(await drill.checks()).toEqual([])
    expect([...samples.keys()].sort()).toEqual(kinds)
  })

  it.each(cases)('$what', async ({ what, table, item, name, how }) => {
    const copy = await openSmallDrill()
    await change(copy[table], item, (stored) => ({ [name]: how === 'gone' ? undefined : changed(stored[name] ?? '') }))
    const damage = (await findingsOf(copy.audited)).filter(({ severity }) => isFaultSeverity(severity))
    if (what in unseen) return expect(damage).toEqual([])
    // A row of the vault is known by what it no longer opens, and a changed secret of a controller by everything.
    const isNamed = damage.some(({ where: { key, leafIndex, treeSize } }) =>
      [key?.sk, String(leafIndex).padStart(16, '0'), String(treeSize).padStart(16, '0')].includes(item.sk),
    )
    expect({ damage: damage.length > 0, isNamed: isNamed || table === 'vault' }).toEqual({
      damage: true,
      isNamed: true,
    })
  })

  it.each([...samples])('%s: the whole item is gone', async (kind, { table, item }) => {
    const copy = await openSmallDrill()
    copy[table].remove(item)
    const damage = (await findingsOf(copy.audited)).filter(({ severity }) => isFaultSeverity(severity))
    expect(damage.length > 0).toBe(!(`${kind}: gone` in unseen))
  })
})
