/** A receipt as JSON-LD and as Kantara's: only terms that the vocabulary has, no decision lost, and no yes made of what is none. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { world } from '../../../infra/demo/world/world.ts'
import { isCountry } from '../../../shared/consent/countries.ts'
import {
  actorRoles,
  acts,
  grades,
  operatorVerbs,
  type RecordedEvent,
  subjectVerbs,
} from '../../../shared/consent/event.ts'
import { receiptAsJsonLd } from '../../../shared/consent/receipt-json-ld.ts'
import { receiptAsKantara } from '../../../shared/consent/receipt-kantara.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { noon, publishedWorld, recordOf, sub, visit } from './recorded-visit.ts'

let snapshot: ControllerSnapshot

beforeAll(async () => {
  ;({ snapshot } = await publishedWorld())
})

const receiptOf = (event: RecordedEvent) => ({
  receiptId: 'r1',
  eventId: event.eventId,
  times: event.times,
  record: recordOf(event, snapshot),
})
const jsonLdOf = (event: RecordedEvent) => receiptAsJsonLd(receiptOf(event))

/** Every class and property of DPV 2.3, from the vocabulary's own `dpv.csv`. */
const [classes, properties] = readFileSync('test/vectors/dpv-2.3-terms.txt', 'utf8')
  .split('\n\n')
  .map(
    (part) =>
      new Set(
        part
          .trim()
          .split('\n')
          .map((term) => `dpv:${term}`),
      ),
  )

/** Any event of the demo's world: each purpose, verb, act, actor and grade. */
const anyEvent = fc
  .record({
    verb: fc.constantFrom(...subjectVerbs, ...operatorVerbs),
    purposeIds: fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 4 }),
    act: fc.constantFrom(...acts, undefined),
    role: fc.constantFrom(...actorRoles),
    grade: fc.constantFrom(...grades),
    locale: fc.constantFrom('sv-SE', 'en', undefined),
    policy: fc.boolean(),
  })
  .map(({ verb, purposeIds, act, role, grade, locale, policy }) => {
    const all = [...snapshot.purposes.keys()]
    const chosen = [...new Set(purposeIds.map((i) => all[i % all.length] ?? ''))]
    const policies = ['cookie-policy', 'privacy-policy', 'general-terms']
    return visit({
      decisions: policy ? [{ policyId: 'general-terms', verb }] : chosen.map((purposeId) => ({ purposeId, verb })),
      who: { actor: { role }, assurance: role === 'operator' ? 'operator' : 'anonymous' },
      how: act === undefined ? {} : { act },
      link: policies.map((policyId) => ({ policyId, inForce: '2', shown: '2', grade, ...(locale && { locale }) })),
    })
  })

describe('as JSON-LD', () => {
  it('has only classes and properties of DPV 2.3, whatever the event', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const used = termsIn(jsonLdOf(event))
        expect([...used.properties].filter((term) => !properties?.has(term))).toEqual([])
        expect([...used.classes].filter((term) => !classes?.has(term))).toEqual([])
      }),
    )
  })

  it('says of each decision what the record says, and loses none', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { events } = recordOf(event, snapshot)
        const said = events.flatMap(({ purposes, policyId, eventState }) =>
          (purposes ?? [policyId]).map((topic) => `${topic} ${eventState}`),
        )
        expect(statesIn(jsonLdOf(event)).toSorted()).toEqual(said.toSorted())
      }),
    )
  })

  it('keeps a decision on a purpose that no version at hand declares', () => {
    const link = [{ policyId: 'cookie-policy', grade: 'unmatched' as const }]
    const event = visit({ decisions: [{ purposeId: 'statistics', verb: 'refused' }], link })
    expect(statesIn(jsonLdOf(event))).toEqual(['statistics Refused'])
  })

  it('has the form of the guide', () => {
    expect(jsonLdOf(visit())).toMatchObject({
      '@context': { dpv: 'https://w3id.org/dpv#' },
      '@type': 'dpv:ConsentReceipt',
      'dct:conformsTo': { '@id': 'https://w3id.org/dpv/schema/dpv-27560#receipt' },
      'dct:created': { '@value': noon, '@type': 'xsd:dateTime' },
      'dpv:hasRecordOfActivity': {
        '@type': 'dpv:ConsentRecord',
        'dpv:hasDataSubject': { 'dct:identifier': sub },
        'dpv:hasProcess': [
          {
            'dct:identifier': 'statistics',
            'dpv:hasJurisdiction': { '@id': 'loc:SE' },
            'dpv:hasConsentControl': { '@type': 'dpv:WithdrawConsent' },
            'dpv:hasConsentStatus': [
              {
                '@type': ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
                'dpv:isIndicatedBy': { '@type': 'dpv:DataSubject' },
                'dpv:hasIndicationMethod': 'button',
              },
            ],
          },
        ],
      },
    })
  })

  it('refers to no party that it does not have', () => {
    const purposes = [...snapshot.purposes.keys()].map((purposeId) => ({ purposeId, verb: 'requested' as const }))
    const link = ['cookie-policy', 'privacy-policy'].map((policyId) => ({
      ...{ policyId, inForce: '2', shown: '2', grade: 'served' as const },
    }))
    const text = JSON.stringify(jsonLdOf(visit({ decisions: purposes, link })))
    const ids = [...text.matchAll(/"@id":"(#[^"]+)"/g)].map(([, id]) => id ?? '')
    const own = new Set(
      [...text.matchAll(/"@id":"(#[^"]+)","@type":"dpv:[A-Za-z]+","dpv:hasName"/g)].map(([, id]) => id),
    )
    expect(ids.filter((id) => !own.has(id))).toEqual([])
    expect(own.size).toBeGreaterThan(3)
  })

  it('names a place by its code, and by a term only where the vocabulary has one', () => {
    const text = JSON.stringify(jsonLdOf(visit()))
    const places = [...text.matchAll(/loc:([A-Z]+)/g)].map(([, code]) => code ?? '')
    expect(places.length).toBeGreaterThan(0)
    expect(places.filter((code) => code !== 'EEA' && !isCountry(code))).toEqual([])
  })
})

describe('as Kantara’s', () => {
  it('has the consents given, with whom they let have the data', () => {
    const decisions = [
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused' },
    ] as const
    const receipt = receiptAsKantara(receiptOf(visit({ decisions })))
    expect(receipt).toMatchObject({
      version: 'KI-CR-v1.1.0',
      jurisdiction: 'SE',
      consentTimestamp: Date.parse(noon) / 1000,
      collectionMethod: 'button',
      consentReceiptID: visit().eventId,
      language: 'sv-SE',
      piiPrincipalId: sub,
      piiControllers: [{ piiController: world.ljungsten.controller.name, address: { addressCountry: 'SE' } }],
    })
    expect(receipt?.services.map(({ purposes }) => purposes.length)).toEqual([1])
    expect(receipt?.services[0]?.purposes[0]).toMatchObject({ consentType: 'EXPLICIT' })
    expect(receipt?.services[0]?.purposes[0]?.termination).toMatch(/^P/)
  })

  it('is none of an event that gave no consent which counts by itself', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { events, piiProcessing } = recordOf(event, snapshot)
        const declared = new Set(piiProcessing.flatMap(({ purposes }) => purposes.map((p) => p.purpose.purposeId)))
        const given = events
          .filter(({ eventState }) => eventState === 'Given')
          .flatMap(({ purposes = [] }) => purposes.filter((purposeId) => declared.has(purposeId)))
        const receipt = receiptAsKantara(receiptOf(event))
        expect(receipt?.services.flatMap(({ purposes }) => purposes).length ?? 0).toBe(given.length)
      }),
    )
  })
})

function termsIn(node: unknown, used = { classes: new Set<string>(), properties: new Set<string>() }): typeof used {
  if (Array.isArray(node)) for (const each of node) termsIn(each, used)
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === '@context') continue
      if (key.startsWith('dpv:')) used.properties.add(key)
      if (key === '@type' || key === '@id')
        for (const name of [value].flat()) if (String(name).startsWith('dpv:')) used.classes.add(String(name))
      termsIn(value, used)
    }
  }
  return used
}

interface Topic {
  readonly 'dct:identifier': string
  readonly [member: string]: unknown
}

/** Topic and state of each status in the document. */
function statesIn(document: object): string[] {
  const record = (document as { 'dpv:hasRecordOfActivity': Record<'dpv:hasProcess' | 'dpv:hasNotice', Topic[]> })[
    'dpv:hasRecordOfActivity'
  ]
  return [...record['dpv:hasProcess'], ...record['dpv:hasNotice']].flatMap((topic) =>
    ['dpv:hasConsentStatus', 'dpv:hasStatus', 'dpv:hasNoticeStatus']
      .flatMap((name) => topic[name] ?? [])
      .map((status) => `${topic['dct:identifier']} ${(status as Topic)['dct:title']}`),
  )
}
