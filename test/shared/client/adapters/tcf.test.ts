/** What `__tcfapi` says, where the browser suite does not go. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { recordTcf, type TcfOptions } from '../../../../shared/client/adapters/tcf.ts'
import { keepingConsent, memoryStorage } from './recorded.ts'

const purposes = {
  1: [],
  4: 'marketing-cookies',
  'special-feature/1': 'location',
  'legitimate-interest/10': ['x', 'y'],
}

function dataOf(more: object = {}) {
  return {
    tcString: 'CQ1',
    eventStatus: 'useractioncomplete',
    listenerId: 7,
    purpose: { consents: { 1: true, 2: true, 3: false, 4: false }, legitimateInterests: { 10: true } },
    specialFeatureOptins: { 1: true, 2: false },
    ...more,
  }
}

afterEach(() => vi.unstubAllGlobals())

function heard(calls: readonly unknown[], options: Partial<TcfOptions> = {}, choices: Record<string, boolean> = {}) {
  const api = vi.fn((command: string, _version: number, callback: (data: unknown, isGood: boolean) => void) => {
    if (command === 'addEventListener')
      for (const data of calls) typeof data === 'function' ? data() : callback(data, data !== null)
  })
  vi.stubGlobal('__tcfapi', api)
  const { kept, errors, consent, onError } = keepingConsent(choices)
  const stop = recordTcf({ consent, onError, purposes, storage: memoryStorage(), ...options })
  return { kept, errors, stop, api }
}

it('reads purposes, special features and legitimate interests, and reports a yes without a purpose', () => {
  const { kept, errors } = heard([dataOf()])
  expect(kept).toEqual([
    {
      decisions: { 'marketing-cookies': false, location: true, x: 'requested', y: 'requested' },
      how: { control: 'save-choices', initialState: {}, shown: undefined, signals: { tcString: 'CQ1' } },
    },
  ])
  expect(errors).toEqual([{ code: 'unmapped', detail: '2' }])
})

it('takes silence for a no where the site says that it asks', () => {
  const nothing = { purpose: { consents: {}, legitimateInterests: {} }, specialFeatureOptins: {} }
  const { kept } = heard([dataOf(nothing)])
  expect(kept[0]?.decisions).toEqual({ 'marketing-cookies': false, location: false, x: 'objected', y: 'objected' })
})

it('takes an objection back only where one stands', () => {
  expect(heard([dataOf()], {}, { y: false }).kept[0]?.decisions).toMatchObject({ x: 'objection-withdrawn' })
  expect(heard([dataOf()], {}, { y: true }).kept[0]?.decisions).toMatchObject({ x: 'requested' })
})

it.each([
  ['was decided before', dataOf({ eventStatus: 'tcloaded' })],
  ['is being asked', dataOf({ eventStatus: 'cmpuishown' })],
  ['is outside the GDPR', dataOf({ gdprApplies: false })],
  ['a CMP that is switched off says', null],
])('records nothing of what %s', (_what, data) => {
  expect(heard([data])).toMatchObject({ kept: [], errors: [] })
})

const shown = (tcString = 'CQ1') => dataOf({ eventStatus: 'cmpuishown', tcString })
const loaded = (tcString = 'CQ1') => dataOf({ eventStatus: 'tcloaded', tcString })
const done = (tcString = 'CQ1') => dataOf({ tcString })

describe('an act is a new string, or what comes after the UI was shown', () => {
  it.each<[string, readonly unknown[], number]>([
    ['signalled twice', [done(), done()], 1],
    ['signalled again after it was loaded', [loaded(), done(), done()], 0],
    ['another string', [loaded(), done('CQ2'), done('CQ2')], 1],
    ['there and back without a UI', [done(), done('CQ2'), done()], 3],
    ['confirmed in the UI', [loaded(), shown(), done()], 1],
    ['confirmed in the UI, and signalled again', [shown(), done(), done(), shown(), done(), done()], 2],
    ['the UI closed without an act', [loaded(), shown(), loaded()], 0],
  ])('%s', (_what, calls, acts) => {
    expect(heard(calls).kept).toHaveLength(acts)
  })

  it('is the same act for a later page, and for a tab whose UI was open when another tab recorded it', () => {
    const storage = memoryStorage()
    expect(heard([shown(''), done()], { storage }).kept).toHaveLength(1)
    expect(heard([done(), done()], { storage }).kept).toEqual([])
    expect(heard([loaded(), done()], { storage }).kept).toEqual([])
    // Loaded first, as by a CMP that writes its string before it signals the act: the ledger does not have this decision yet.
    expect(heard([loaded('CQ5'), done('CQ5'), done('CQ5')], { storage }).kept).toHaveLength(1)
    expect(heard([shown(), done()], { storage }).kept).toHaveLength(1)
    const otherTab = { ...storage, setItem: () => {} }
    const openWhileRecorded = [shown(''), () => storage.setItem('consent-ledger:tcf:recorded', 'CQ9'), done('CQ9')]
    expect(heard(openWhileRecorded, { storage: otherTab }).kept).toEqual([])
    expect(heard([loaded('CQ9'), shown('CQ9'), done('CQ9')], { storage }).kept).toHaveLength(1)
  })

  it('names the banner only when it was shown', () => {
    const presentationId = 'cookie-banner'
    const { kept } = heard([shown(''), done(), done('CQ2')], { presentationId })
    expect(kept.map(({ how }) => how.presentationId)).toEqual([presentationId, undefined])
  })

  it.each([
    ['outside the GDPR', { gdprApplies: false }],
    ['with nothing that stands for a purpose', { purpose: { consents: {}, legitimateInterests: {} } }],
  ])('%s nothing is recorded, and nothing throws', (_what, more) => {
    expect(heard([shown(), dataOf({ ...more, tcString: 'CQ2' })], { purposes: {} })).toMatchObject({ kept: [] })
  })
})

it('leaves a string behind that the ledger would not take, and records the decision', () => {
  const { kept, errors } = heard([dataOf({ tcString: 'C'.repeat(8193), purpose: dataOf().purpose })], {
    purposes: { ...purposes, 2: [] },
  })
  expect(kept[0]?.how.signals).toEqual({ tcString: undefined })
  expect(errors).toEqual([{ code: 'signal-too-long', detail: '8193 characters, at most 8192' }])
})

it('stops at its listener, and says where there is none to be had', () => {
  const { stop, api } = heard([dataOf()])
  stop?.()
  expect(api).toHaveBeenLastCalledWith('removeEventListener', 2, expect.any(Function), 7)
  vi.unstubAllGlobals()
  const { consent, onError, errors } = keepingConsent()
  expect(recordTcf({ consent, onError, purposes })).toBeUndefined()
  expect(errors.map(({ code }) => code)).toEqual(['no-cmp'])
})
