/** Sealed payloads: they open to what was sealed, their few lengths reveal no decision, older formats still open, hostile bytes are refused. */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { operatorVerbs, subjectVerbs } from '../../../shared/consent/event.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { sealBytes } from '../../../shared/ledger/derived-keys.ts'
import { erasureGrounds, erasureItem } from '../../../shared/ledger/erasure/erasure-entry.ts'
import { packJson, unpackJson } from '../../../shared/ledger/packed-json.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { openPayload, sealPayload } from '../../../shared/ledger/sealed-payload.ts'
import { memoryLedger, seeded, submission, versionDraft } from '../../support/memory-ledger.ts'
import { purpose } from '../consent/scenario.ts'

const key = createSecretKey(Buffer.alloc(32, 7))
const at = { pk: 'acme#sub', sk: 'event#1' }

/** Texts that are packed as atoms, or nearly. */
const atomLike = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  fc.string({ unit: fc.constantFrom('A', 'z', '9', '-', '_'), minLength: 43, maxLength: 43 }),
  fc.string({ unit: fc.constantFrom('0', 'f', 'F'), minLength: 64, maxLength: 64 }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-02-30T00:00:00.000Z', '0000-00-00T00:00:00.000Z', '1969-12-31T23:59:59.999Z'),
  fc.constantFrom('given', '"given"', 'a"true', 'true', '\u0005', '\u0001\u0006', '__proto__', ...subjectVerbs),
)

test('unpacks to what was packed, whatever it holds, and does not mind what follows', () => {
  const text = fc.oneof(atomLike, fc.string({ unit: 'grapheme' }))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(text, tie('value')),
    ),
  }))
  fc.assert(
    fc.property(value, fc.nat(64), (any, padding) => {
      const packed = packJson({ any })
      expect(unpackJson(Buffer.concat([packed, Buffer.alloc(padding)]))).toEqual(JSON.parse(JSON.stringify({ any })))
    }),
  )
})

test('what holds more atoms than can be counted is packed without any', () => {
  const many = Array.from({ length: 3_000 }, () => randomBytes(32).toString('base64url'))
  expect(unpackJson(packJson(many))).toEqual(many)
})

test('a padded length is never shorter, grows with what it holds, and wastes an eighth or 32 bytes at most', () => {
  const overhead = 1 + 12 + 16
  const lengthsOf = (bytes: number, atLeast: number) => {
    const content = { random: randomBytes(bytes).toString('base64url') }
    const sealed = sealPayload(content, key, at, randomBytes, atLeast)
    return { packed: packJson(content).length, padded: sealed.length - overhead }
  }
  const bytes = fc.oneof(fc.nat(600), fc.nat(40_000))
  fc.assert(
    fc.property(bytes, bytes, fc.nat(512), (one, other, atLeast) => {
      const [a, b] = [lengthsOf(one, atLeast), lengthsOf(other, atLeast)]
      expect(a.padded).toBeGreaterThanOrEqual(Math.max(a.packed, atLeast))
      expect(a.padded).toBeLessThan(Math.max(atLeast + 1, a.packed + 32, a.packed * 1.126))
      if (a.packed <= b.packed) expect(a.padded).toBeLessThanOrEqual(b.padded)
    }),
  )
})

describe('opening', () => {
  it('opens format 1, which was written before', () => {
    const stored =
      'AQkJCQkJCQkJCQkJCWTjHzOmVlhEusYhIkPzhTZOlPhp3rTRWndFXIJOUljcS8D85fhIuIw+kjwUUMoD5qIed2RYEelDFmUeoppD8gc996E7uRbc5xXUUT1lOdQi1cEPxqOblrBcluMwSYdfln5/jBe3/bE+nm1eFjlv'
    expect(openPayload(Buffer.from(stored, 'base64'), key, at)).toEqual({
      eventId: '7d1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11',
      decisions: [{ purposeId: 'newsletter', verb: 'given', ground: 'é “q” \\ \u0001' }],
      times: { recordedAt: '2026-11-22T12:00:01.000Z' },
    })
  })

  it.each([0, 3, 0x7b, 255])('refuses format %i', (format) => {
    const sealed = Buffer.from(sealPayload({}, key, at, randomBytes, 0))
    sealed[0] = format
    expect(() => openPayload(sealed, key, at)).toThrow(`payload format ${format} is not known`)
  })

  it('ends with an error on whatever a holder of the key sealed instead', () => {
    const bomb = deflateRawSync(Buffer.alloc(64 << 20, ' '))
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc.constant(bomb),
      fc.constant(Buffer.concat([Buffer.of(0, 0), bomb])),
      // Marks without atoms, an index without a word, atoms that are not there.
      fc.constant(Buffer.concat([Buffer.of(0, 0), deflateRawSync('\u0001')])),
      fc.constant(Buffer.concat([Buffer.of(0, 1, 255), deflateRawSync('\u0005')])),
      fc.constant(Buffer.concat([Buffer.of(0, 6, 255, 255, 255, 255, 255, 255), deflateRawSync('\u0004')])),
      fc.constant(Buffer.of(255, 255, 1)),
      fc.constant(Buffer.alloc(0)),
    )
    fc.assert(
      fc.property(hostile, fc.constantFrom(1, 2), (bytes, format) => {
        const sealed = sealBytes(key, bytes, `${at.pk}\n${at.sk}`, randomBytes, format)
        expect(() => openPayload(sealed, key, at)).toThrow()
      }),
      { numRuns: 300 },
    )
  })
})

describe('the length of what is sealed', () => {
  const purposes = ['newsletter', 'statistics', 'preferences', 'marketing-cookies', 'credit-assessment'] as const
  const eventsEach = 200

  /** Sealed lengths, and how many events. */
  async function lengthsOf(verb: (typeof subjectVerbs)[number] | (typeof operatorVerbs)[number]) {
    const ledger = memoryLedger('2026-11-22T12:00:00.000Z')
    await seeded(ledger)
    const declared = purposes.slice(1).map((purposeId) => purpose({ purposeId }))
    await publishVersion(
      ledger,
      'acme',
      versionDraft({ policyId: 'cookie-policy', kind: 'cookie', purposes: declared }),
    )
    const snapshot = await ledger.controllers.current('acme')
    if (snapshot === undefined) throw new Error('no controller')
    const lengths = new Set<number>()
    for (let n = 0; n < eventsEach; n++) {
      const [purposeId, other] = [purposes[n % 5] as string, purposes[(n + 1) % 5] as string]
      const control = (['accept-all', 'refuse-all', 'save-choices', 'single'] as const)[n % 4]
      const event = submission(
        {
          eventId: randomUUID(),
          sentAt: `2026-11-22T12:00:00.${100 + n}Z`,
          decisions: [
            { purposeId, verb },
            { purposeId: other, verb: n % 2 === 0 ? verb : 'refused' },
          ],
          ...{ channel: 'web', surface: 'banner', act: 'button', control, layer: 1 },
          initialState: { [purposeId]: n % 3 === 0 ? 'on' : 'off' },
          signals: { gpc: false },
          locale: n % 2 === 0 ? 'sv-SE' : 'en',
        },
        { identity: { type: 'device', id: randomBytes(32).toString('base64url') }, assurance: 'operator' },
      )
      const { outcomes } = await recordEvents(ledger, snapshot, [event])
      if (outcomes[0]?.outcome !== 'recorded') throw new Error('not recorded')
      const [item] = await ledger.entries.get([outcomes[0].opened.key])
      lengths.add(item ? (item.values.payload as Uint8Array).length : 0)
    }
    return [...lengths]
  }

  test.each([...subjectVerbs, ...operatorVerbs])(`is one for ${eventsEach} events: %s`, async (verb) => {
    expect(await lengthsOf(verb)).toEqual([160 + 29])
  })

  it('does not depend on words of the lists even before it is padded', () => {
    const packed = (...words: string[]) =>
      packJson({ verbs: words, gpc: words[0] === 'given', how: { control: words[1], act: words[2] } }).length
    expect(packed('given', 'accept-all', 'button')).toBe(packed('objection-withdrawn', 'single', 'continued-use'))
  })

  it('is one for every ground of an erasure', () => {
    const scope = {
      controller: 'acme',
      country: 'SE',
      secrets: { dataKey: key, peppers: [key], pepper: key, noticeKey: key, earlierNoticeKeys: [] },
    }
    const lengths = erasureGrounds.map((ground) => {
      const item = erasureItem(scope, 'sub', { ground, scope: 'subject' }, undefined, '2026-11-28', randomBytes)
      return (item.values.payload as Uint8Array).length
    })
    expect(new Set(lengths).size).toBe(1)
  })
})
