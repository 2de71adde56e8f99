/** The ISO 27560 record: its fields, on the policies of the demo world; and that it says of an event no more than the fold does. */

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { world } from '../../../infra/demo/world/world.ts'
import type { Controller } from '../../../shared/consent/controller.ts'
import { decisionEffect } from '../../../shared/consent/decision-effect.ts'
import {
  acts,
  grades,
  operatorVerbs,
  type PolicyLink,
  type RecordedEvent,
  subjectVerbs,
  yesVerbs,
} from '../../../shared/consent/event.ts'
import { findVersion, type PolicyHistory } from '../../../shared/consent/policy.ts'
import { legalBases } from '../../../shared/consent/purpose.ts'
import { consentRecord } from '../../../shared/consent/record-27560.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { controllerDraft } from '../../support/memory-ledger.ts'
import { empty, noon, publishedWorld, recordOf as recordIn, sub, visit } from './recorded-visit.ts'
import { ask, day, historyOf, purpose, purposeId, event as scenarioEvent, version } from './scenario.ts'

const draft = world.ljungsten.controller
let snapshot: ControllerSnapshot
let earlier: ControllerSnapshot

beforeAll(async () => {
  ;({ snapshot, earlier } = await publishedWorld())
})

const recordOf = (event: RecordedEvent, from = snapshot) => recordIn(event, from)

const textIn = (locale: string, name = '2') =>
  snapshot.policies
    .get('cookie-policy')
    ?.versions.find((v) => v.version === name)
    ?.texts.find((t) => t.locale === locale)?.sha256

describe('the record of a visit', () => {
  it('has every mandatory field of the header, the processing, the controller and the event', () => {
    const record = recordOf(visit())
    const declared = findVersion(snapshot.policies.get('cookie-policy') ?? { policyId: '', ...empty }, '2')
    const statistics = declared?.purposes.find((p) => p.purposeId === 'statistics')
    expect(statistics).toBeDefined()
    const sha256 = textIn('sv-SE')
    expect(record).toMatchObject({ schemaVersion: 'consent-record-27560@1', recordId: 'r1', piiPrincipalId: sub })
    expect(record.piiProcessing).toEqual([
      {
        privacyNotice: {
          policyId: 'cookie-policy',
          version: '2',
          grade: 'served',
          textSha256: sha256,
          url: `/v1/texts/${sha256}`,
        },
        language: 'sv-SE',
        service: ['web', 'ios-app', 'android-app'],
        authorityParty: draft.supervisoryAuthority,
        purposes: [
          {
            purpose: {
              purposeId: 'statistics',
              title: { 'sv-SE': statistics?.title['sv-SE'] },
              description: { 'sv-SE': statistics?.description['sv-SE'] },
            },
            lawfulBasis: 'consent',
            piiInformation: statistics?.dataCategories.map(({ category, form, sources }) => ({
              piiType: category,
              form,
              sources,
            })),
            piiControllers: ['ljungsten'],
            collectionMethod: [...new Set(statistics?.technologies.map((t) => t.kind))],
            storageLocations: statistics?.storageLocations,
            retentionPeriod: statistics?.retention,
            atEnd: statistics?.atEnd,
            jurisdiction: 'SE',
            recipientThirdParties: statistics?.recipients.map(({ party, role, country, reliesOnConsent }) => ({
              partyId: party,
              partyRole: role,
              country,
              reliesOnConsent,
            })),
            withdrawalMethod: { 'sv-SE': statistics?.withdrawalMethod['sv-SE'] },
            privacyRights: ['withdraw-consent'],
          },
        ],
      },
    ])
    expect(record.partyIdentification).toEqual([
      {
        partyId: 'ljungsten',
        partyName: draft.name,
        partyAddress: draft.address,
        country: 'SE',
        partyContact: draft.contact,
        dataProtectionOfficer: draft.dataProtectionOfficer,
        partyRole: 'controller',
      },
      { partyId: draft.supervisoryAuthority, partyName: draft.supervisoryAuthority, partyRole: 'authority' },
      ...(statistics?.recipients ?? []).map(({ party, role, type }) => ({
        partyId: party,
        partyName: party,
        partyRole: role,
        partyType: type,
      })),
    ])
    expect(record.events).toEqual([
      {
        purposes: ['statistics'],
        eventTime: noon,
        validityDuration: statistics?.validity,
        entityId: sub,
        entityRole: 'self',
        eventType: 'expressed',
        act: 'button',
        eventState: 'Given',
      },
    ])
  })

  it('names each party once, however many purposes share it, and every party that a purpose refers to', () => {
    const purposes = snapshot.policies.get('privacy-policy')?.versions.at(-1)?.purposes ?? []
    const decisions = purposes.map((p) => ({ purposeId: p.purposeId, verb: 'requested' as const }))
    const link = [{ policyId: 'privacy-policy', inForce: '2', shown: '2', grade: 'asserted' as const }]
    const { piiProcessing, partyIdentification } = recordOf(visit({ decisions, link }))
    expect(piiProcessing).toHaveLength(1)
    expect(piiProcessing[0]?.purposes.map((p) => p.purpose.purposeId)).toEqual(purposes.map((p) => p.purposeId))
    const parties = partyIdentification.map(({ partyId, partyRole, partyType }) =>
      JSON.stringify([partyId, partyRole, partyType]),
    )
    expect(new Set(parties).size).toBe(parties.length)
    const named = new Set(partyIdentification.map(({ partyId, partyRole }) => `${partyId} ${partyRole}`))
    for (const { authorityParty, purposes: processed } of piiProcessing) {
      expect(named).toContain(`${authorityParty} authority`)
      for (const { recipientThirdParties, piiControllers } of processed) {
        for (const { partyId, partyRole } of recipientThirdParties) expect(named).toContain(`${partyId} ${partyRole}`)
        expect(named).toContain(`${piiControllers[0]} controller`)
      }
    }
    const recipients = piiProcessing.flatMap((p) => p.purposes).flatMap((p) => p.recipientThirdParties)
    const transfers = recipients.filter((r) => r.transfer !== undefined)
    expect(transfers.length).toBeGreaterThan(0)
  })

  it('says nothing of the context or the identity', () => {
    const text = JSON.stringify(recordOf(visit({ identity: { type: 'email', id: 'kim@example.org' } })))
    expect(text).not.toMatch(/203\.0\.113|secret|kim@/)
  })

  it('is the same whatever was published since, and to the byte', () => {
    for (const event of [visit(), visit({}, { shown: undefined, inForce: undefined, grade: 'unmatched' })]) {
      const text = JSON.stringify(recordOf(event))
      expect(JSON.stringify(recordOf(event))).toBe(text)
      expect(JSON.stringify(recordOf(event, earlier))).toBe(text)
    }
    expect(earlier.policies.get('cookie-policy')?.versions.length).toBeLessThan(
      snapshot.policies.get('cookie-policy')?.versions.length ?? 0,
    )
  })
})

describe('the privacy notice', () => {
  const noticeOf = (link: Partial<PolicyLink>) => {
    const [processing] = recordOf(visit({}, link)).piiProcessing
    return [processing?.privacyNotice.version, processing?.privacyNotice.textSha256, processing?.language]
  }
  it('is the text by its hash, else by its locale, else unknown; of the version shown, else in force', () => {
    const [sv, en] = [textIn('sv-SE'), textIn('en')]
    expect(noticeOf({})).toEqual(['2', sv, 'sv-SE'])
    expect(noticeOf({ locale: undefined, textSha256: en, grade: 'hashed' })).toEqual(['2', en, 'en'])
    expect(noticeOf({ locale: undefined })).toEqual(['2', undefined, undefined])
    expect(noticeOf({ locale: 'fi' })).toEqual(['2', undefined, undefined])
    expect(noticeOf({ shown: '1' })).toEqual(['1', textIn('sv-SE', '1'), 'sv-SE'])
    expect(noticeOf({ shown: undefined, textSha256: 'f'.repeat(64), grade: 'unmatched' })).toEqual([
      '2',
      undefined,
      undefined,
    ])
  })

  it('leads to the version when nobody knows which of its texts, and then keeps every language', () => {
    const [processing] = recordOf(visit({}, { locale: undefined })).piiProcessing
    expect(processing?.privacyNotice.url).toBe('/v1/controllers/ljungsten/policies/cookie-policy/versions/2')
    expect(Object.keys(processing?.purposes[0]?.withdrawalMethod ?? {})).toEqual(['sv-SE', 'en'])
  })

  it('stands with the event for a decision on a policy, which no processing rests on', () => {
    const link = [{ policyId: 'general-terms', inForce: '2', shown: '2', grade: 'served' as const, locale: 'en' }]
    const { piiProcessing, events } = recordOf(
      visit({ decisions: [{ policyId: 'general-terms', verb: 'accepted' }], link }),
    )
    expect(piiProcessing).toEqual([])
    expect(events).toMatchObject([
      { policyId: 'general-terms', privacyNotice: { version: '2' }, language: 'en', eventState: 'Accepted' },
    ])
    expect(events[0]).not.toHaveProperty('validityDuration')
  })
})

describe('the event', () => {
  const one = (over: Partial<RecordedEvent>) => recordOf(visit(over)).events[0]

  it.each<[RecordedEvent['who'], string | undefined]>([
    [{ actor: { role: 'self' }, assurance: 'authenticated' }, sub],
    [{ actor: { role: 'operator' }, assurance: 'operator' }, 'ljungsten'],
    [{ actor: { role: 'operator' }, assurance: 'anonymous' }, undefined],
    [{ actor: { role: 'guardian' }, assurance: 'authenticated' }, undefined],
  ])('was made by whom the ledger knows: %j', (who, entityId) => {
    expect(one({ who })?.entityId).toBe(entityId)
    expect(one({ who })?.entityRole).toBe(who.actor.role)
  })

  it.each<[RecordedEvent['how'], string | undefined]>([
    [{ act: 'button', control: 'save-choices' }, 'expressed'],
    [{ act: 'continued-use' }, 'implied'],
    [{ act: 'browser-signal' }, 'implied'],
    [{ act: 'checkbox', control: 'single', initialState: { statistics: 'on' } }, 'implied'],
    [{}, undefined],
  ])('is of the type that its act is: %j', (how, eventType) => {
    expect(one({ how })?.eventType).toBe(eventType)
  })

  it('is said once for purposes of which it says the same', () => {
    const decisions = [
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'preferences', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused' },
    ] as const
    const { events, piiProcessing } = recordOf(visit({ decisions }))
    expect(events.map(({ purposes, eventState }) => [purposes, eventState])).toEqual([
      [['statistics', 'preferences'], 'Given'],
      [['marketing-cookies'], 'Refused'],
    ])
    expect(piiProcessing.map((p) => p.purposes.length)).toEqual([3])
  })

  it('of a purpose that no version at hand declares stands without processing', () => {
    const link = [{ policyId: 'cookie-policy', grade: 'unmatched' as const }]
    const { events, piiProcessing } = recordOf(visit({ link }))
    expect(piiProcessing).toEqual([])
    expect(events).toMatchObject([{ purposes: ['statistics'], eventState: 'Unknown' }])
  })

  it('gives a yes no validity that it has not', () => {
    const refused = visit({ decisions: [{ purposeId: 'statistics', verb: 'refused' }] })
    expect(recordOf(refused).events[0]).not.toHaveProperty('validityDuration')
    expect(one({ how: { act: 'continued-use' } })).not.toHaveProperty('validityDuration')
  })

  it('is dated as it counts: a yes not before its notice was served', () => {
    const times = { ...visit().times, noticeIssuedAt: '2026-11-22T12:00:30.000Z' }
    expect(one({ times })?.eventTime).toBe('2026-11-22T12:00:30.000Z')
    expect(one({ times, decisions: [{ purposeId: 'statistics', verb: 'refused' }] })?.eventTime).toBe(noon)
  })
})

describe('the state', () => {
  const controller: Controller = { ...controllerDraft, createdAt: day(-100) }

  function stateIn(history: PolicyHistory, event: RecordedEvent): string | undefined {
    const record = consentRecord({
      recordId: 'r',
      sub,
      controller,
      event,
      effects: event.decisions.map((decision) => decisionEffect(decision, event, history)),
      policyOf: () => history.policyId,
      versionNamed: (_policyId, name) => findVersion(history, name),
    })
    return record.events[0]?.eventState
  }

  const verbs = [...subjectVerbs, ...operatorVerbs]
  /** Half of the cases are the plain one, so that what only counts when all else is in order is met often. */
  const mostly = <const T>(plain: T, ...others: readonly T[]) =>
    fc.oneof(fc.constant(plain), fc.constantFrom(plain, ...others))
  const anyEvent = fc.record({
    verb: mostly('given', ...verbs),
    about: mostly(purposeId, 'policy'),
    basis: mostly('consent', ...legalBases),
    kind: fc.constantFrom('terms', 'privacy'),
    act: mostly('button', ...acts),
    control: fc.constantFrom('single', 'accept-all'),
    grade: mostly('served', ...grades),
    assurance: fc.constantFrom('anonymous', 'authenticated', 'operator', 'confirmed'),
    explicit: fc.boolean(),
    doubleOptIn: fc.boolean(),
    gpc: mostly(false, true),
    initially: mostly('off', 'on'),
  } as const)

  it('is what the fold says of the event alone; only a withdrawal, and what an operator does, keep their own word', () => {
    fc.assert(
      fc.property(anyEvent, (c) => {
        const declared = purpose({
          legalBasis: c.basis,
          explicit: c.explicit,
          doubleOptIn: c.doubleOptIn,
          globalPrivacyControl: true,
        })
        const history = historyOf([version('v1', 0, { kind: c.kind, purposes: [declared] })])
        const fold = scenarioEvent('e', c.verb, 5, {
          about: c.about,
          grade: c.grade,
          who: { assurance: c.assurance, actor: { role: 'self' } },
          how: { act: c.act, control: c.control, signals: { gpc: c.gpc }, initialState: { [purposeId]: c.initially } },
        })
        const event: RecordedEvent = { ...visit(), ...fold.event }
        const [decision] = event.decisions
        if (decision === undefined) throw new Error('no decision')
        const { effect } = decisionEffect(decision, event, history)
        const state = stateIn(history, event)
        if (effect === 'operator') return
        const question = c.about === 'policy' ? { policyId: history.policyId } : { purposeId }
        const { status } = ask(history, [fold], 6, question)
        if (c.verb === 'withdrawn' && status === 'Refused') expect(state).toBe('Withdrawn')
        else if (effect === 'yes' && status === 'Uninformed') expect(state).toBe('NotObjected')
        else expect(state).toBe(status)
        if (!yesVerbs.has(c.verb)) expect(state).not.toBe('Given')
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['confirmed', 'Given'],
    ['revoked', 'Revoked'],
    ['invalidated', 'Invalidated'],
  ] as const)('of %s by the operator is %s', (verb, state) => {
    const history = historyOf([version('v1', 0)])
    const byTheOperator = { who: { assurance: 'operator', actor: { role: 'operator' } } } as const
    expect(stateIn(history, { ...visit(), ...scenarioEvent('e', verb, 5, byTheOperator).event })).toBe(state)
  })
})
