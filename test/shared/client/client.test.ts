/** What the SDK says to the ledger, what it makes of the answers, and that it never does a page harm. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Consent, openConsent } from '../../../shared/client/client.ts'
import { clientOptions, type LedgerDouble, ledgerDouble, memoryStorage } from '../../support/client-world.ts'

let open: Consent[] = []

function opened(ledger: LedgerDouble, storage = memoryStorage(), more: Parameters<typeof clientOptions>[2] = {}) {
  const options = clientOptions(ledger, storage, more)
  const consent = openConsent(options)
  open.push(consent)
  return { consent, errors: options.errors }
}

afterEach(() => {
  for (const consent of open) consent.close()
  open = []
  vi.unstubAllGlobals()
})

function notice(version = '2', more: object = {}) {
  const purpose = (purposeId: string, fields: object = {}) => ({ purposeId, legalBasis: 'consent', ...fields })
  return {
    policyId: 'cookie-policy',
    version,
    noticeToken: `token-of-${version}`,
    purposes: [
      purpose('necessary-cookies', { legalBasis: 'legitimate-interest' }),
      purpose('preferences'),
      purpose('statistics', { globalPrivacyControl: true }),
      purpose('marketing', { globalPrivacyControl: true }),
    ],
    ...more,
  }
}

describe('a decision', () => {
  it('says what was decided, shown and done, and nothing that is not so', async () => {
    const ledger = ledgerDouble()
    ledger.answers['/v1/notices/cookie-policy'] = notice()
    const { consent } = opened(ledger, memoryStorage(), {
      locale: 'sv-se',
      now: () => Date.parse('2026-11-28T10:00:00Z'),
    })
    await consent.notice('cookie-policy')
    await consent.record(
      {
        statistics: true,
        marketing: false,
        'policy/general-terms': true,
        'policy/offers': false,
        preferences: 'deferred',
      },
      { surface: 'banner', act: 'button', control: 'save-choices', layer: 2 },
    ).receipt
    expect(ledger.arrived).toEqual([
      {
        eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        occurredAt: '2026-11-28T10:00:00.000Z',
        sentAt: '2026-11-28T10:00:00.000Z',
        subject: { deviceSecret: expect.stringMatching(/^[0-9a-f]{48}$/), new: true },
        decisions: [
          { purposeId: 'statistics', verb: 'given' },
          { purposeId: 'marketing', verb: 'refused' },
          { policyId: 'general-terms', verb: 'accepted' },
          { policyId: 'offers', verb: 'declined' },
          { purposeId: 'preferences', verb: 'deferred' },
        ],
        shown: [{ noticeToken: 'token-of-2' }],
        channel: 'web',
        locale: 'sv-SE',
        surface: 'banner',
        act: 'button',
        control: 'save-choices',
        layer: 2,
      },
    ])
    await consent.withdraw(['statistics']).receipt
    expect(ledger.arrived[1]).toMatchObject({ decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }] })
    expect(ledger.arrived[1]?.subject).toEqual({ ...ledger.arrived[0]?.subject, new: false })
  })

  it.each<[string, Parameters<Consent['record']>, unknown]>([
    ['of a purpose whose notice this device has', [{ statistics: true }], [{ noticeToken: 'token-of-2' }]],
    ['of another purpose', [{ newsletter: true }], []],
    ['of the policy itself', [{ 'policy/cookie-policy': 'acknowledged' }], [{ noticeToken: 'token-of-2' }]],
    [
      'with policies named',
      [{ newsletter: true }, { shown: ['cookie-policy', 'privacy-policy'] }],
      [{ noticeToken: 'token-of-2' }, { policyId: 'privacy-policy' }],
    ],
    [
      'with a version named',
      [{ statistics: true }, { shown: [{ policyId: 'cookie-policy', version: '1' }] }],
      [{ policyId: 'cookie-policy', version: '1' }],
    ],
    ['with nothing shown', [{ statistics: true }, { shown: [] }], []],
  ])('%s says what was shown', async (_what, args, shown) => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    ledger.answers['/v1/notices/cookie-policy'] = notice()
    await opened(ledger, storage).consent.notice('cookie-policy')
    // On the next page, which fetches nothing.
    await opened(ledger, storage).consent.record(...args).receipt
    expect(ledger.arrived[0]?.shown).toEqual(shown)
  })

  it('is never of the same millisecond as the one before', async () => {
    const ledger = ledgerDouble()
    const { consent } = opened(ledger, memoryStorage(), { now: () => 1_000_000 })
    consent.record({ statistics: false })
    await consent.record({ statistics: true }).receipt
    const [first, second] = ledger.arrived
    expect(Date.parse(second?.occurredAt ?? '') - Date.parse(first?.occurredAt ?? '')).toBe(1)
  })

  it.each(['sv-SE', 'sv_SE', 'sv_se'])('states the locale %j as BCP 47 writes it', async (locale) => {
    const ledger = ledgerDouble()
    await opened(ledger, memoryStorage(), { locale }).consent.record({ statistics: true }).receipt
    expect(ledger.arrived[0]).toMatchObject({ locale: 'sv-SE' })
  })

  it.each(['', 'not a language', 'x'])('leaves out a locale that is none: %j', async (locale) => {
    const ledger = ledgerDouble()
    await opened(ledger, memoryStorage(), { locale }).consent.record({ statistics: true }).receipt
    expect(ledger.arrived[0]).not.toHaveProperty('locale')
  })
})

describe('what stands', () => {
  it.each<[string, string, { effect: string; reason?: string }, boolean | undefined]>([
    ['a yes that has effect', 'given', { effect: 'yes' }, true],
    ['a yes without effect', 'given', { effect: 'none', reason: 'unmatched-text' }, undefined],
    ['a yes that waits for its confirmation', 'given', { effect: 'yes', reason: 'awaiting-confirmation' }, undefined],
    ['a yes against a signal', 'given', { effect: 'no', reason: 'gpc' }, false],
    ['a no', 'refused', { effect: 'no' }, false],
    ['a no whose effect is none', 'objected', { effect: 'none' }, false],
    ['a deferral', 'deferred', { effect: 'shown' }, undefined],
    ['an objection taken back', 'objection-withdrawn', { effect: 'yes' }, undefined],
  ])('%s', async (_what, verb, effect, permitted) => {
    const { consent } = opened(ledgerDouble(() => effect))
    await consent.record({ statistics: verb as 'given' }).receipt
    expect(consent.permits('statistics')).toBe(permitted)
  })

  it('a yes from a control that was on is none, unless the ledger says otherwise', async () => {
    const { consent } = opened(ledgerDouble(() => ({ effect: 'none', reason: 'initially-on' })))
    const { receipt } = consent.record(
      { statistics: true, marketing: false },
      { initialState: { statistics: 'on', marketing: 'on' } },
    )
    expect([consent.permits('statistics'), consent.permits('marketing')]).toEqual([undefined, false])
    await receipt
    expect(consent.permits('statistics')).toBeUndefined()
  })

  it('an answer to an earlier decision never undoes a later one', async () => {
    const ledger = ledgerDouble((verb) => (verb === 'given' ? { effect: 'none' } : { effect: 'no' }))
    const { consent } = opened(ledger)
    const earlier = consent.record({ statistics: true })
    consent.record({ statistics: false })
    await earlier.receipt
    expect(consent.permits('statistics')).toBe(false)
  })

  it.each<[string, object, boolean | undefined]>([
    ['Given', { permittedByConsent: true }, true],
    ['RenewedGiven', { permittedByConsent: true, endsAt: '2999-01-01T00:00:00.000Z' }, true],
    ['Given', { permittedByConsent: true, endsAt: '2001-01-01T00:00:00.000Z' }, undefined],
    ['Unknown', { permittedByConsent: false }, undefined],
    ['Requested', { permittedByConsent: false }, undefined],
    ['Expired', { permittedByConsent: false }, undefined],
    ['Refused', { permittedByConsent: false }, false],
    ['Withdrawn', { permittedByConsent: false }, false],
    ['Refused', { permittedByConsent: false, notBefore: '2999-01-01T00:00:00.000Z' }, false],
    ['Refused', { permittedByConsent: false, notBefore: '2001-01-01T00:00:00.000Z' }, undefined],
    ['RequestDeferred', { permittedByConsent: false }, undefined],
    ['RequestDeferred', { permittedByConsent: false, notBefore: '2999-01-01T00:00:00.000Z' }, false],
    ['RequestDeferred', { permittedByConsent: false, notBefore: '2001-01-01T00:00:00.000Z' }, undefined],
    ['Revoked', { permittedByConsent: false }, false],
    ['Invalidated', { permittedByConsent: false }, false],
    ['Objected', {}, false],
    ['NotObjected', {}, undefined],
    ['SomethingNewer', { permittedByConsent: false }, undefined],
  ])('the ledger says %s %j', async (status, more, permitted) => {
    const ledger = ledgerDouble()
    const at = new Date().toISOString()
    ledger.answers['/v1/me/consents'] = { at, consents: [{ purposeId: 'statistics', status, ...more }] }
    const { consent } = opened(ledger)
    await consent.record({ statistics: permitted !== true }).receipt
    await consent.state()
    expect(consent.permits('statistics')).toBe(permitted)
  })

  it.each([
    ['Accepted', true, true],
    ['Accepted', false, undefined],
    ['Acknowledged', true, true],
    ['Declined', undefined, false],
    ['Shown', undefined, undefined],
  ])('of a policy %s, current %s', async (status, current, permitted) => {
    const ledger = ledgerDouble()
    ledger.answers['/v1/me/consents'] = { consents: [{ policyId: 'general-terms', status, current }] }
    const { consent } = opened(ledger)
    await consent.state()
    expect(consent.permits('policy/general-terms')).toBe(permitted)
  })

  it('what the ledger has not heard yet stands against what it says', async () => {
    const ledger = ledgerDouble()
    ledger.answers['/v1/me/consents'] = {
      consents: [{ purposeId: 'statistics', status: 'Given', permittedByConsent: true }],
    }
    const { consent } = opened(ledger)
    ledger.fates = ['down']
    await consent.record({ statistics: false }).receipt
    await consent.state()
    expect(consent.permits('statistics')).toBe(false)
  })

  it('an answer from before a decision does not undo it, though the ledger has it by then', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const given = { consents: [{ purposeId: 'statistics', status: 'Given', permittedByConsent: true }] }
    const answer = Promise.withResolvers<Response>()
    const late: typeof fetch = (input, init) =>
      String(input).includes('/me/') ? answer.promise.then((a) => a.clone()) : ledger.fetch(input, init)
    const { consent } = opened(ledger, storage, { fetch: late })
    const aMoment = () => new Promise((resolve) => setTimeout(resolve, 3))
    const asking = consent.state()
    await aMoment()
    await opened(ledger, storage).consent.record({ statistics: false }).receipt
    answer.resolve(Response.json(given))
    await asking
    expect(consent.permits('statistics')).toBe(false)
    await aMoment()
    await consent.state()
    expect(consent.permits('statistics')).toBe(true)
  })

  it('listeners hear of it, one that throws does no harm, and one that left is not called', async () => {
    const { consent, errors } = opened(ledgerDouble())
    const heard = vi.fn()
    consent.onChange(() => {
      throw new Error('mine')
    })
    const leave = consent.onChange(heard)
    await consent.record({ statistics: true }).receipt
    expect(heard).toHaveBeenCalledTimes(2)
    expect(errors).toContainEqual({ code: 'failed', detail: 'Error: mine' })
    leave()
    await consent.record({ statistics: false }).receipt
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('a new version of the policy has the ledger asked anew', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    const { consent } = opened(ledger, storage)
    ledger.answers['/v1/notices/cookie-policy'] = notice('2')
    ledger.answers['/v1/me/consents'] = {
      consents: [{ purposeId: 'statistics', status: 'Expired', permittedByConsent: false }],
    }
    await consent.notice('cookie-policy')
    await consent.record({ statistics: true, preferences: true, marketing: false }).receipt
    expect(consent.undecided((await consent.notice('cookie-policy')) ?? fail())).toEqual([])
    ledger.answers['/v1/notices/cookie-policy'] = notice('3')
    expect(consent.undecided((await consent.notice('cookie-policy')) ?? fail())).toEqual(['statistics'])
  })
})

describe('Global Privacy Control', () => {
  it('is said of every event, and refuses once what it speaks about', async () => {
    const ledger = ledgerDouble()
    const storage = memoryStorage()
    ledger.answers['/v1/notices/cookie-policy'] = notice()
    const { consent } = opened(ledger, storage, { globalPrivacyControl: true })
    const given = await consent.notice('cookie-policy')
    await consent.notice('cookie-policy')
    await consent.flush()
    expect(ledger.arrived).toHaveLength(1)
    expect(ledger.arrived[0]).toMatchObject({
      act: 'browser-signal',
      signals: { gpc: true },
      decisions: [
        { purposeId: 'statistics', verb: 'refused' },
        { purposeId: 'marketing', verb: 'refused' },
      ],
    })
    expect(consent.undecided(given ?? fail())).toEqual(['preferences'])
    await consent.record({ statistics: true }, { act: 'toggle', signals: { tcString: 'CQ' } }).receipt
    expect(ledger.arrived[1]).toMatchObject({ signals: { gpc: true, tcString: 'CQ' } })
    expect(consent.permits('statistics')).toBe(true)
    // The next page, with the signal still on.
    await opened(ledger, storage, { globalPrivacyControl: true }).consent.notice('cookie-policy')
    await consent.flush()
    expect(ledger.recorded.size).toBe(2)
  })

  it('is read from the browser, and off where it is not', () => {
    expect(opened(ledgerDouble()).consent.globalPrivacyControl).toBe(false)
    vi.stubGlobal('navigator', { globalPrivacyControl: true, language: 'en' })
    expect(opened(ledgerDouble()).consent.globalPrivacyControl).toBe(true)
  })
})

describe('an account', () => {
  const tokenOf = (sub: string) => `x.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.y`

  it('speaks for itself: nobody else’s token sends its events, and the device keeps its own', async () => {
    const ledger = ledgerDouble()
    let token: string | undefined
    const { consent } = opened(ledger, memoryStorage(), { token: () => token })
    await consent.record({ statistics: true }).receipt
    token = tokenOf('åsa')
    ledger.fates = ['down']
    const { eventId: hers, receipt } = consent.record({ statistics: false })
    await receipt
    await consent.flush()
    expect(ledger.recorded.get(hers)?.subject).toEqual({ token })
    ledger.fates = ['down']
    const { eventId: waits, receipt: none } = consent.record({ newsletter: true })
    await none
    token = tokenOf('bo')
    await consent.flush()
    token = undefined
    await consent.flush()
    expect(ledger.recorded.has(waits)).toBe(false)
    expect(consent.permits('statistics')).toBe(true)
    token = tokenOf('åsa')
    await consent.flush()
    expect(ledger.recorded.get(waits)?.subject).toEqual({ token })
    expect(consent.permits('statistics')).toBe(false)
    expect(JSON.stringify([...ledger.recorded.values()])).not.toContain('account')
  })

  it.each(['', undefined])('is nobody’s without a token, but the device’s: %j', async (token) => {
    const ledger = ledgerDouble()
    await opened(ledger, memoryStorage(), { token: () => token }).consent.record({ statistics: true }).receipt
    expect(ledger.arrived[0]?.subject).toHaveProperty('deviceSecret')
  })

  it.each<[string, () => unknown]>([
    ['is opaque', () => '2YotnFZFEjr1zCsicMWpAA'],
    ['is no JWT', () => 'a.b.c'],
    [
      'is encrypted',
      () => 'eyJhbGciOiJSU0EtT0FFUCJ9.OKOawDo13gRp2ojaHV7LFpZcgV7T.48V1_ALb6US04U3b.5eym8TW_c8.XFBoMYUZ',
    ],
    ['has no sub', () => `x.${Buffer.from('{"azp":"app"}').toString('base64url')}.y`],
    ['has a sub that is no text', () => tokenOf(7 as never)],
    ['has an empty sub', () => tokenOf('')],
    ['is a promise of one', () => Promise.resolve(tokenOf('bo'))],
    ['cannot be had', () => fail()],
  ])(
    'whose token %s is neither the device nor another account: the decision is held back and reported',
    async (_, token) => {
      const ledger = ledgerDouble()
      const storage = memoryStorage()
      await opened(ledger, storage).consent.record({ newsletter: true }).receipt
      const { consent, errors } = opened(ledger, storage, { token: token as () => string })
      const yes = consent.record({ statistics: true }).eventId
      const no = consent.record({ newsletter: false }).eventId
      await consent.flush()
      expect(errors).toEqual([yes, no].map((eventId) => ({ code: 'unreadable-token', eventId })))
      expect([consent.permits('statistics'), consent.permits('newsletter'), consent.pending()]).toEqual([
        undefined,
        false,
        2,
      ])
      for (const other of [undefined, () => tokenOf('bo')]) {
        const later = opened(ledger, storage, { token: other }).consent
        await later.flush()
        expect(later.permits('newsletter')).toBe(other ? undefined : true)
      }
      expect(ledger.arrived).toHaveLength(1)
    },
  )

  it('is read where there is no TextDecoder, and held back where there is nothing that reads base64', async () => {
    const ledger = ledgerDouble()
    const token = tokenOf('åsa')
    const { consent, errors } = opened(ledger, memoryStorage(), { token: () => token })
    vi.stubGlobal('TextDecoder', undefined)
    await consent.record({ statistics: true }).receipt
    vi.stubGlobal('atob', undefined)
    await consent.record({ statistics: false }).receipt
    expect(ledger.arrived.map(({ subject }) => subject)).toEqual([{ token }])
    expect(errors).toMatchObject([{ code: 'unreadable-token' }])
  })
})

describe('never into the page', () => {
  it.each<[string, (consent: Consent) => unknown]>([
    ['notice', (c) => c.notice('cookie-policy')],
    ['state', (c) => c.state()],
    ['receipts', (c) => c.receipts()],
  ])('%s answers undefined when nobody answers', async (_what, call) => {
    for (const fate of ['down', 'html', 500, 403] as const) {
      const ledger = ledgerDouble()
      ledger.fates = [fate]
      expect(await call(opened(ledger).consent)).toBeUndefined()
    }
  })

  it('misuse is reported to onError instead of thrown', async () => {
    const broken = () => {
      throw new Error('no randomness')
    }
    const { consent, errors } = opened(ledgerDouble(), memoryStorage(), {
      randomBytes: broken,
      token: () => {
        throw new Error('no token')
      },
    })
    expect(consent.record({ statistics: true }).eventId).toBe('')
    expect(consent.record(undefined as never).eventId).toBe('')
    expect(await consent.notice('cookie-policy')).toBeUndefined()
    expect(errors.map(({ code }) => code)).toEqual(['failed', 'failed', 'failed'])
    await consent.flush()
  })

  it('an onError that throws does no harm', async () => {
    const ledger = ledgerDouble()
    ledger.fates = [401]
    const { consent } = opened(ledger, memoryStorage(), {
      onError: () => {
        throw new Error('mine')
      },
    })
    expect(await consent.record({ statistics: true }).receipt).toBeUndefined()
  })
})

function fail(): never {
  throw new Error('no notice')
}
