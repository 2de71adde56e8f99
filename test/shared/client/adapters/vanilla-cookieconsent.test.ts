/** What the banner's callbacks say, where the browser suite does not go: services, opt-out, revisions, callbacks that throw. */
import { describe, expect, it } from 'vitest'
import {
  type BannerConfig,
  type VanillaCookieConsentOptions,
  withRecording,
} from '../../../../shared/client/adapters/vanilla-cookieconsent.ts'
import { keepingConsent, memoryStorage } from './recorded.ts'

const categories = { necessary: { readOnly: true }, analytics: { services: { matomo: {}, lupin: {} } }, marketing: {} }
const at = '2026-11-22T07:13:43.806Z'

function cookieOf(accepted: string[], services: string[] = [], more = {}) {
  const kept = { consentId: 'e8141964', lastConsentTimestamp: at, revision: 2, languageCode: 'en', ...more }
  return { cookie: { ...kept, categories: ['necessary', ...accepted], services: { analytics: services } } }
}

function bannerOf(options: Partial<VanillaCookieConsentOptions> = {}, config: Partial<BannerConfig> = {}) {
  const { kept, errors, consent, onError } = keepingConsent()
  const purposes = { analytics: 'statistics', marketing: 'marketing-cookies' }
  const recording = { consent, onError, purposes, storage: memoryStorage(), ...options }
  return { kept, errors, banner: withRecording({ categories, ...config }, recording) }
}

describe('categories and services', () => {
  const both = { analytics: 'statistics', 'analytics/matomo': 'own-statistics' }
  const services = { 'analytics/matomo': 'own-statistics', 'analytics/lupin': 'statistics' }

  it.each([
    ['categories alone', undefined, cookieOf(['analytics'], ['matomo', 'lupin']), { statistics: true }, []],
    [
      'a service refused that stands for nothing',
      undefined,
      cookieOf(['analytics'], ['matomo']),
      { statistics: true },
      ['analytics/lupin'],
    ],
    [
      'services alone',
      services,
      cookieOf(['analytics'], ['matomo']),
      { 'own-statistics': true, statistics: false },
      [],
    ],
    ['a refused category with services', undefined, cookieOf([]), { statistics: false }, []],
    ['services of a refused category', services, cookieOf([]), { 'own-statistics': false, statistics: false }, []],
    ['both', both, cookieOf(['analytics'], ['lupin', 'matomo']), { statistics: true, 'own-statistics': true }, []],
  ])('%s', (_what, purposes, cookie, decisions, unmapped) => {
    const { kept, errors, banner } = bannerOf(purposes && { purposes: { ...purposes, marketing: 'marketing-cookies' } })
    banner.onFirstConsent?.(cookie)
    expect(kept.map((event) => event.decisions)).toEqual([{ ...decisions, 'marketing-cookies': false }])
    expect(errors.map(({ detail }) => detail)).toEqual(unmapped)
  })
})

describe('controls as they were shown', () => {
  const enabled = { analytics: { enabled: true }, marketing: {} }
  const changed = { changedCategories: ['analytics', 'marketing'], changedServices: {} }
  const only = (category: string) => ({ changedCategories: [category], changedServices: {} })
  const on = { statistics: 'on', 'marketing-cookies': 'off' }
  const bothOn = { statistics: 'on', 'marketing-cookies': 'on' }
  const moved = { statistics: 'off', 'marketing-cookies': 'on' }

  it.each([
    ['untouched, as the site had set them', 'onFirstConsent', cookieOf(['analytics']), on],
    ['moved by the person', 'onChange', { ...cookieOf(['analytics']), ...changed }, moved],
    [
      'left at an earlier no',
      'onChange',
      { ...cookieOf(['marketing']), ...only('marketing') },
      { statistics: 'off', 'marketing-cookies': 'off' },
    ],
    ['left at a yes that the site had set', 'onChange', { ...cookieOf(['analytics']), ...only('marketing') }, bothOn],
    ['of a kept decision: no more than may have been on', 'onConsent', cookieOf(['analytics']), { statistics: 'on' }],
  ] as const)('%s', (_what, callback, cookie, initialState) => {
    const { kept, banner } = bannerOf({}, { categories: enabled })
    banner[callback]?.(cookie)
    expect(kept[0]?.how.initialState).toEqual(initialState)
  })
})

it.each([
  [['consentModal'], [], { layer: 1, surface: 'banner' }],
  [['consentModal', 'preferencesModal'], [], { layer: 2, surface: 'preference-centre' }],
  [['consentModal'], ['consentModal'], undefined],
])('names the layer that is open: %j without %j', async (shown, hidden, layer) => {
  const { kept, banner } = bannerOf()
  for (const modalName of shown) banner.onModalShow?.({ modalName })
  for (const modalName of hidden) banner.onModalHide?.({ modalName })
  await Promise.resolve()
  banner.onFirstConsent?.(cookieOf(['marketing']))
  const how = kept[0]?.how
  expect(how?.layer && { layer: how.layer, surface: how.surface }).toEqual(layer)
})

const noStorage = { getItem: () => JSON.parse(''), setItem: () => JSON.parse(''), removeItem: () => {} }

it.each([
  ['with a storage', memoryStorage()],
  ['on a device that lets nothing be stored', noStorage],
])('records an act once, whichever callbacks report it, %s', (_what, storage) => {
  const { kept, banner } = bannerOf({ storage })
  const cookie = cookieOf(['analytics'], ['matomo', 'lupin'])
  banner.onFirstConsent?.(cookie)
  banner.onConsent?.(cookie)
  banner.onChange?.(cookie)
  expect(kept).toHaveLength(1)
  banner.onChange?.(cookieOf([], [], { lastConsentTimestamp: '2026-11-22T07:13:48.289Z' }))
  expect(kept).toHaveLength(2)
})

it.each([
  ['by its revision', { policyId: 'p', versions: { 2: '7' } }, [{ policyId: 'p', version: '7', locale: 'en' }]],
  ['one version', { policyId: 'p', version: '6' }, [{ policyId: 'p', version: '6', locale: 'en' }]],
  ['a revision without a version', { policyId: 'p', versions: { 1: '5' } }, ['p']],
  ['nothing', undefined, undefined],
])('names what was shown: %s', (_what, policy, shown) => {
  const { kept, banner } = bannerOf({ policy })
  banner.onFirstConsent?.(cookieOf(['marketing']))
  expect(kept[0]?.how).toMatchObject({ occurredAt: at })
  expect(kept[0]?.how.shown).toEqual(shown)
})

it('links what is kept from before to no notice and no page of today', () => {
  const { kept, banner } = bannerOf({ policy: { policyId: 'p' } })
  banner.onConsent?.(cookieOf(['marketing']))
  expect(kept[0]?.how).toMatchObject({ shown: [], page: undefined })
  expect(kept[0]?.how).toHaveProperty('page')
})

it('records before the callbacks of the site run, which may throw', () => {
  const fails = () => {
    throw new Error('theirs')
  }
  const { kept, banner } = bannerOf({}, { onFirstConsent: fails })
  expect(() => banner.onFirstConsent?.(cookieOf(['marketing']))).toThrow('theirs')
  expect(kept).toHaveLength(1)
})

it('reports a cookie that it cannot read to onError, and throws nothing into the page', () => {
  const { kept, errors, banner } = bannerOf()
  banner.onConsent?.({ cookie: undefined })
  expect(kept).toEqual([])
  expect(errors[0]?.code).toBe('failed')
})
