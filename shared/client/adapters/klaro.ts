/**
 * `@consent-ledger/client/klaro`: records the decisions that people make in the banner of klaro 0.7.
 *
 * Names are those of services. Klaro reports a decision once, when it is saved. It does not report decisions that it kept from earlier
 * visits, nor those accepted for one time only at a blocked element.
 *
 * Surface and layer: what klaro shows by itself to a person who has not decided is the banner, even if it is its modal (`mustConsent`).
 * In all other cases the person opened the modal, and it is the preference centre.
 */
import type { How } from '../client.ts'
import { type AdapterOptions, guard, type NamedDecision, recordNamed } from './recorder.ts'

interface Service {
  readonly name: string
  readonly default?: boolean
  readonly required?: boolean
}

/** The members of klaro's ConsentManager that are used here. */
export interface KlaroManager {
  /** Klaro's configuration. */
  readonly config: {
    readonly services: readonly Service[]
    readonly default?: boolean
    readonly required?: boolean
    readonly mustConsent?: boolean
    /** Id of the element that klaro draws in. @default klaro */
    readonly elementID?: string
  }
  /** Whether the person has decided. Klaro sets it before it calls the watchers. */
  readonly confirmed?: boolean
  /** Adds a watcher. */
  watch(watcher: Watcher): void
  /** Removes a watcher. */
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

/** Without an entry: `script`, which is the page's own code, so that act and layer are unknown. */
const controls: Readonly<Record<string, How['control']>> = {
  accept: 'accept-all',
  decline: 'refuse-all',
  save: 'save-choices',
  'contextual-accept': 'single',
}

/**
 * Records each decision from now on.
 *
 * @param manager klaro's manager
 * @param options the client, and the purposes that the services stand for
 * @returns a function that ends the recording
 * @example
 * recordKlaro(klaro.getManager(config), { consent, purposes: { matomo: 'statistics' } })
 */
export function recordKlaro(manager: KlaroManager, options: AdapterOptions): () => void {
  let wasDecided = manager.confirmed === true

  function record({ consents, changes, type }: Saved): void {
    const { config } = manager
    const named = config.services.flatMap((service): NamedDecision[] => {
      const { name, required = config.required } = service
      const isAsked = type !== 'contextual-accept' || name in changes
      if (required || !isAsked) return []
      const decision = consents[name] ?? false
      // A control that was not changed shows the decision itself. A yes counts as on before only if the site had set it.
      const wasOn = name in changes ? !decision : decision && (service.default || config.default)
      return [{ name, decision, initially: wasOn ? 'on' : 'off' }]
    })
    const control = controls[type]
    recordNamed(
      options,
      named,
      control && { act: 'button', control, ...(control !== 'single' && surfaceOf(config, wasDecided)) },
    )
  }

  const watcher: Watcher = {
    update(_manager, event, data) {
      if (event === 'saveConsents') guard(options, () => record(data as Saved))
      wasDecided = manager.confirmed === true
    },
  }
  guard(options, () => manager.watch(watcher))
  return () => guard(options, () => manager.unwatch(watcher))
}

/** Klaro hides what was clicked only after it has called the watchers. The modal has an input for each service, the notice has none. */
function surfaceOf({ elementID = 'klaro', mustConsent }: KlaroManager['config'], wasDecided: boolean): How | undefined {
  const klaro = document.getElementById(elementID)
  if (klaro === null) return undefined
  const isModal = klaro.querySelector('input') !== null
  const isOpened = isModal && (wasDecided || !mustConsent)
  return isOpened ? { layer: 2, surface: 'preference-centre' } : { layer: 1, surface: 'banner' }
}
