import { createSecretKey, hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RecordedEvent, targetId } from '../../../../shared/consent/event.ts'
import { fieldGroups } from '../../../../shared/consent/leaf.ts'
import { deriveKey } from '../../../../shared/ledger/derived-keys.ts'
import { disclosureDigest } from '../../../../shared/ledger/disclosures.ts'
import { eventKey, openEvent, sealEvent } from '../../../../shared/ledger/recording/sealed-event.ts'
import type { SubjectKeys } from '../../../../shared/ledger/vault/subject-keys.ts'

const key = (fill: number) => createSecretKey(Buffer.alloc(32, fill))
const sealing = (fill: number) => ({
  salt: deriveKey(key(fill), 'salt', 'acme'),
  seal: deriveKey(key(fill), 'seal', 'acme'),
})
const subject: SubjectKeys = {
  controller: 'acme',
  sub: 'c3ViamVjdA',
  pk: 'acme#c3ViamVjdA',
  id: key(1),
  digest: key(2),
  links: { ...sealing(5), share: 'c2hhcmU' },
  reads: { sub: 'c3ViamVjdA', key: key(8) },
  firstYear: 2026,
  years: new Map([[2026, { proof: sealing(3), context: sealing(4) }]]),
  unreadableYears: new Set(),
  mandates: { salt: key(6), seal: key(7) },
}
let counter = 0
const random = (bytes: number) => Buffer.alloc(bytes, ++counter)

const event: RecordedEvent = {
  eventId: '7d1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11',
  site: 'web',
  decisions: [
    { purposeId: 'newsletter', verb: 'given' },
    { policyId: 'terms', verb: 'accepted' },
  ],
  times: {
    occurredAt: '2026-11-22T12:00:00.000Z',
    recordedAt: '2026-11-22T12:00:01.000Z',
    effectiveAt: '2026-11-22T12:00:00.000Z',
    verdict: 'trusted',
  },
  who: { actor: { role: 'self' }, assurance: 'anonymous' },
  identity: { type: 'device', id: 'abc' },
  link: [{ policyId: 'privacy', inForce: '1', shown: '1', grade: 'served' }],
  how: { channel: 'web', act: 'button' },
  context: {},
}
const digest = Buffer.alloc(32)

describe('the leaf', () => {
  const { opened } = sealEvent(event, eventKey(subject, event.eventId), digest, subject, random)

  it('is RFC 8785 canonical JSON with sorted digests, one for each group and each id covered', () => {
    const leaf = JSON.parse(opened.leaf)
    expect(opened.leaf).toBe(canonicalize(leaf))
    expect(leaf._sd).toHaveLength(event.decisions.length + fieldGroups.length)
    expect(leaf._sd).toEqual([...leaf._sd].sort())
    expect(new Set(leaf._sd)).toEqual(new Set([...opened.disclosures.values()].map(disclosureDigest)))
  })

  it('takes digests over the ASCII of the disclosure, as RFC 9901 says', () => {
    const [disclosure = ''] = opened.disclosures.values()
    expect(disclosureDigest(disclosure)).toBe(hash('sha256', Buffer.from(disclosure, 'ascii'), 'base64url'))
  })

  it('commits to a group with nothing in it as null, and to every group under a salt of its own', () => {
    const disclosed = [...opened.disclosures.values()].map((d) => JSON.parse(Buffer.from(d, 'base64url').toString()))
    expect(disclosed.find(([, name]) => name === 'field:context')?.[2]).toBeNull()
    expect(new Set(disclosed.map(([salt]) => salt)).size).toBe(disclosed.length)
    for (const [salt] of disclosed) expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
    expect(disclosed.filter(([, name]) => name.startsWith('decision:')).map(([, , value]) => targetId(value))).toEqual([
      'newsletter',
      'policy/terms',
    ])
  })
})

describe('sealing', () => {
  it('opens to what was sealed, whatever it holds', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(text, text, fc.option(text, { nil: undefined }), (page, locale, ground) => {
        const one: RecordedEvent = {
          ...event,
          decisions: [{ purposeId: '123', verb: 'given', ...(ground !== undefined && { ground }) }],
          how: { locale, initialState: { 7: 'on', 11: 'off' } },
          context: { page },
        }
        const sealed = sealEvent(one, eventKey(subject, one.eventId), digest, subject, random)
        expect(openEvent(sealed.item, subject)).toEqual({ state: 'opened', opened: sealed.opened })
      }),
    )
  })

  it('opens nowhere else and with nothing changed', () => {
    const { item } = sealEvent(
      { ...event, context: { page: '/a' } },
      eventKey(subject, event.eventId),
      digest,
      subject,
      random,
    )
    const changed = (name: string) => ({ ...item, values: { ...item.values, [name]: flipped(item.values[name]) } })
    expect(openEvent({ ...item, sk: `${item.sk.slice(0, -1)}x` }, subject)).toEqual({ state: 'unreadable' })
    expect(openEvent({ ...item, pk: 'other#c3ViamVjdA' }, subject)).toEqual({ state: 'unreadable' })
    expect(openEvent(changed('payload'), subject)).toEqual({ state: 'unreadable' })
    const withoutContext = openEvent(changed('context'), subject).opened
    expect(withoutContext?.event.context).toEqual({})
    expect(withoutContext?.disclosures.has('field:context')).toBe(false)
  })

  it('is closed once its year is gone, and keeps its context closed once that is gone', () => {
    const { item, opened } = sealEvent(
      { ...event, context: { page: '/a' } },
      eventKey(subject, event.eventId),
      digest,
      subject,
      random,
    )
    expect(openEvent(item, { ...subject, years: new Map() })).toEqual({ state: 'closed' })
    const withoutContext = openEvent(item, { ...subject, years: new Map([[2026, { proof: sealing(3) }]]) }).opened
    expect(withoutContext?.event.context).toEqual({})
    expect(withoutContext?.disclosures.has('field:context')).toBe(false)
    expect(withoutContext?.disclosures.get('field:how')).toBe(opened.disclosures.get('field:how'))
  })

  it.each([
    ['of a year whose key is gone', '2020-01-01T00'],
    ['of another year whose key is there', '2027-11-22T12'],
    ['that no calendar has', '2026-13-45T99'],
    ['of a day that the month does not have', '2026-02-30T00'],
  ])('is unreadable, and never closed, with an hour %s in the place of its own', (_, hour) => {
    const { item } = sealEvent(event, eventKey(subject, event.eventId), digest, subject, random)
    const years = new Map([...subject.years, [2027, { proof: sealing(5) }]])
    const moved = { ...item, values: { ...item.values, hour } }
    expect(openEvent(moved, { ...subject, firstYear: 2020, years })).toEqual({ state: 'unreadable' })
  })

  it('says the hour of receipt and nothing more in clear', () => {
    const { item } = sealEvent(event, eventKey(subject, event.eventId), digest, subject, random)
    expect(Object.keys(item.values).sort()).toEqual(['digest', 'hour', 'leaf', 'payload'])
    expect(item.values.hour).toBe('2026-11-22T12')
    expect(item.sk).toMatch(/^event#[A-Za-z0-9_-]{22}$/)
  })
})

function flipped(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error('not bytes')
  const copy = Uint8Array.from(value)
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  return copy
}
