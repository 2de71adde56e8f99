/** When the adapter signals Google's tags, in cases that the browser suite does not cover. */
import { expect, it, vi } from 'vitest'
import { signalConsentMode } from '../../../../shared/client/adapters/google-consent-mode.ts'

function modeOf(gtag = vi.fn()) {
  const choices: Record<string, boolean | undefined> = {}
  const onError = vi.fn()
  const listeners = new Set<() => void>()
  const stop = signalConsentMode({
    consent: {
      permits: (target) => choices[target],
      onError,
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    purposes: {
      analytics_storage: ['statistics', 'visits'],
      functionality_storage: 'preferences',
      security_storage: [],
    },
    waitForUpdateMs: 100,
    gtag,
  })
  const decide = (more: typeof choices) => {
    Object.assign(choices, more)
    for (const listener of listeners) listener()
  }
  const updates = () => gtag.mock.calls.filter(([, what]) => what === 'update').map(([, , states]) => states)
  return { gtag, decide, updates, stop, errors: () => onError.mock.calls.map(([error]) => error) }
}

const types = ['ad_storage', 'ad_user_data', 'ad_personalization', 'analytics_storage', 'functionality_storage']
const denied = Object.fromEntries([...types, 'security_storage'].map((type) => [type, 'denied']))

it('denies from the start what a site maps, and what of Google it does not', () => {
  expect(modeOf().gtag.mock.calls).toEqual([['consent', 'default', { ...denied, wait_for_update: 100 }]])
})

it('signals each state once, and takes a yes back when it is no longer in effect', () => {
  const { decide, updates, stop } = modeOf()
  decide({})
  decide({ statistics: true })
  decide({ visits: true })
  decide({ visits: true })
  decide({ statistics: undefined })
  const granted = { ...denied, analytics_storage: 'granted' }
  expect(updates()).toEqual([denied, granted, denied])
  stop()
  decide({ statistics: true })
  expect(updates()).toHaveLength(3)
})

it('reports Google’s types without a purpose, unless they are mapped to none deliberately', () => {
  const detail = 'ad_storage, ad_user_data, ad_personalization'
  expect(modeOf().errors()).toEqual([{ code: 'unmapped', detail }])
})

it('keeps errors of the tags from the page, and reports them', () => {
  const { decide, errors } = modeOf(
    vi.fn(() => {
      throw new Error('theirs')
    }),
  )
  expect(() => decide({ statistics: true })).not.toThrow()
  expect(errors()).toContainEqual({ code: 'failed', detail: 'Error: theirs' })
})
