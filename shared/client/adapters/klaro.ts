/**
 * `consent-ledger/client/klaro`: records what people decide in the banner of klaro 0.7.
 *
 *     recordKlaro(klaro.getManager(config), { consent, purposes })
 *
 * Names are those of services. Klaro tells of a decision when it is saved, once, and never of what it kept from before. What is
 * accepted for one time only, at a blocked element, it does not tell.
 */
import type { How } from '../client.ts'
import { type AdapterOptions, guard, type NamedDecision, recordNamed } from './recorder.ts'

interface Service {
  readonly name: string
  readonly default?: boolean
  readonly required?: boolean
}

/** As much of klaro's ConsentManager as is used here. */
export interface KlaroManager {
  readonly config: { readonly services: readonly Service[]; readonly default?: boolean; readonly required?: boolean }
  watch(watcher: Watcher): void
  unwatch(watcher: Watcher): void
}

interface Watcher {
  update(manager: unknown, event: string, data: unknown): void
}

interface Saved {
  readonly consents: Readonly<Record<string, boolean>>
  readonly changes: Readonly<Record<string, boolean>>
  readonly type: string
}

/** `script` is the page's own code, of which is known neither act nor layer. */
const controls: Readonly<Record<string, How['control']>> = {
  accept: 'accept-all',
  decline: 'refuse-all',
  save: 'save-choices',
  'contextual-accept': 'single',
}

/** Returns what ends it. */
export function recordKlaro(manager: KlaroManager, options: AdapterOptions): () => void {
  function record({ consents, changes, type }: Saved): void {
    const { config } = manager
    const named = config.services.flatMap((service): NamedDecision[] => {
      const { name, required = config.required } = service
      const isAsked = type !== 'contextual-accept' || name in changes
      if (required || !isAsked) return []
      const said = consents[name] ?? false
      const wasOn = name in changes ? !said : service.default || config.default
      return [{ name, said, initially: wasOn ? 'on' : 'off' }]
    })
    const control = controls[type]
    recordNamed(options, named, control && { act: 'button', control, ...(control !== 'single' && layerOf()) })
  }

  const watcher: Watcher = {
    update(_manager, event, data) {
      if (event === 'saveConsents') guard(options, () => record(data as Saved))
    },
  }
  guard(options, () => manager.watch(watcher))
  return () => guard(options, () => manager.unwatch(watcher))
}

/** What was clicked is still there: klaro hides it after it has told. */
function layerOf(): How | undefined {
  if (document.querySelector('.cm-modal')) return { layer: 2, surface: 'preference-centre' }
  return document.querySelector('.cookie-notice') ? { layer: 1, surface: 'banner' } : undefined
}
