/** What klaro's manager says, where the browser suite does not go. */
import { expect, it } from 'vitest'
import { type KlaroManager, recordKlaro } from '../../../../shared/client/adapters/klaro.ts'
import { keepingConsent } from './recorded.ts'

type Watcher = Parameters<KlaroManager['watch']>[0]

const purposes = { matomo: 'statistics', pixel: 'marketing-cookies', session: 'necessary-cookies' }
const services = [{ name: 'session', required: true }, { name: 'matomo' }, { name: 'pixel', default: false }]

function klaroOf(config: Partial<KlaroManager['config']> = {}) {
  const watchers = new Set<Watcher>()
  const manager: KlaroManager = {
    config: { services, ...config },
    watch: (watcher) => watchers.add(watcher),
    unwatch: (watcher) => watchers.delete(watcher),
  }
  const { kept, errors, consent, onError } = keepingConsent()
  const stop = recordKlaro(manager, { consent, onError, purposes })
  const notify = (event: string, data: unknown) => {
    for (const watcher of watchers) watcher.update(manager, event, data)
  }
  return { kept, errors, stop, notify }
}

const consents = { session: true, matomo: true, pixel: false }

it('hears saves, and of what is unblocked in one place only that', () => {
  const { kept, errors, notify } = klaroOf()
  for (const event of ['consents', 'applyConsents']) notify(event, consents)
  notify('saveConsents', { consents, changes: { matomo: true }, type: 'script' })
  notify('saveConsents', { consents, changes: { matomo: true }, type: 'contextual-accept' })
  expect(kept.map(({ decisions }) => decisions)).toEqual([
    { statistics: true, 'marketing-cookies': false },
    { statistics: true },
  ])
  const initialState = { statistics: 'off', 'marketing-cookies': 'off' }
  expect(kept[0]?.how).toEqual({ shown: undefined, initialState })
  expect(kept[1]?.how).toMatchObject({ act: 'button', control: 'single' })
  expect(errors).toEqual([])
})

it('takes the default of the configuration for services that have none', () => {
  const { kept, notify } = klaroOf({ default: true })
  notify('saveConsents', { consents: { ...consents, pixel: true }, changes: { matomo: true }, type: 'script' })
  // Klaro takes its `default: false` for none at all.
  expect(kept[0]?.how.initialState).toEqual({ statistics: 'off', 'marketing-cookies': 'on' })
})

it('does not claim that an earlier no was on, whatever the site had set', () => {
  const { kept, notify } = klaroOf({ default: true })
  const refused = { session: true, matomo: false, pixel: false }
  notify('saveConsents', { consents: refused, changes: { matomo: false, pixel: false }, type: 'script' })
  notify('saveConsents', { consents: { ...refused, pixel: true }, changes: { pixel: true }, type: 'script' })
  expect(kept.map(({ how }) => how.initialState)).toEqual([
    { statistics: 'on', 'marketing-cookies': 'on' },
    { statistics: 'off', 'marketing-cookies': 'off' },
  ])
})

it('asks nothing where everything is required, and hears nothing when it is stopped', () => {
  const required = klaroOf({ required: true, services: [{ name: 'matomo' }] })
  required.notify('saveConsents', { consents, changes: {}, type: 'script' })
  const stopped = klaroOf()
  stopped.stop()
  stopped.notify('saveConsents', { consents, changes: {}, type: 'script' })
  expect([required.kept, stopped.kept]).toEqual([[], []])
})

it('reports what it cannot read to onError, and throws nothing into the page', () => {
  const { errors, notify } = klaroOf()
  notify('saveConsents', undefined)
  expect(errors[0]?.code).toBe('failed')
})
