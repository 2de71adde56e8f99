/** When the adapter signals Google's tags, in cases that the browser suite does not cover. */
import { describe, expect, it, vi } from 'vitest'
import { signalConsentMode, withConsentMode } from '../../../../shared/client/adapters/google-consent-mode.ts'
import type { Consent, Decisions, How } from '../../../../shared/client/client.ts'

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

describe('withConsentMode', () => {
  const google = { ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied' }
  const purposes = { analytics_storage: ['statistics', 'visits'], ad_storage: [] }

  /** The signals of an event, when `permitted` was decided before. */
  function signalsOf(decisions: Decisions, how?: How, permitted: Record<string, boolean> = { visits: true }) {
    const heard: (How | undefined)[] = []
    const recording = (_what: unknown, given?: How) => heard.push(given)
    const client = { permits: (id: string) => permitted[id], record: recording, withdraw: recording }
    const consent = withConsentMode(client as unknown as Consent, purposes)
    const withdrawn = Object.keys(decisions).filter((id) => decisions[id] === 'withdrawn')
    if (withdrawn.length > 0) consent.withdraw(withdrawn, how)
    else consent.record(decisions, how)
    return heard[0]?.signals
  }

  it.each<[string, Decisions, How | undefined, 'granted' | 'denied']>([
    ['a yes that was the last one missing', { statistics: true }, undefined, 'granted'],
    ['the same by its verb', { statistics: 'given' }, undefined, 'granted'],
    ['a yes by a control that was on', { statistics: true }, { initialState: { statistics: 'on' } }, 'denied'],
    ['a no', { statistics: false }, undefined, 'denied'],
    ['a decision on something else', { preferences: true }, undefined, 'denied'],
    ['a withdrawal', { visits: 'withdrawn' }, undefined, 'denied'],
  ])('states what %s leads to, and by which purposes', (_, decisions, how, state) => {
    expect(signalsOf(decisions, how)).toEqual({
      consentMode: { ...google, analytics_storage: state },
      consentModePurposes: { analytics_storage: ['statistics', 'visits'] },
    })
  })

  it('a withdrawal takes back what stood', () => {
    const both = { statistics: true, visits: true }
    expect(signalsOf({ preferences: true }, {}, both)?.consentMode).toMatchObject({ analytics_storage: 'granted' })
    expect(signalsOf({ visits: 'withdrawn' }, {}, both)?.consentMode).toMatchObject({ analytics_storage: 'denied' })
  })

  it('leaves other signals as they are', () => {
    expect(signalsOf({ statistics: true }, { signals: { tcString: 'CQ1' } })).toMatchObject({ tcString: 'CQ1' })
  })
})
