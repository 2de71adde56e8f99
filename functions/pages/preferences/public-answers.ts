/** Fetches a controller's policies and the verifier key of its log. Failures return `undefined`. */
import type { ControllerFacts } from '../../../shared/client/ledger-answers.ts'
import type { Localised, PolicyKind } from '../../../shared/consent/policy.ts'

export interface Policies {
  readonly controller: ControllerFacts
  readonly policies: readonly {
    readonly policyId: string
    readonly kind: PolicyKind
    readonly title: Localised
    readonly inForce?: string
  }[]
}

/** A site key is `site_<controller>_<site>_<random>`. */
export function controllerOf(key: string): string {
  return key.split('_')[1] ?? ''
}

export function fetchPolicies(url: string, controller: string): Promise<Policies | undefined> {
  return read(`${url}/v1/controllers/${encodeURIComponent(controller)}/policies`, (response) => response.json())
}

/** The verifier key in the log's C2SP tlog-policy. */
export function fetchLogKey(url: string, controller: string): Promise<string | undefined> {
  return read(`${url}/log/${encodeURIComponent(controller)}/policy`, async (response) => {
    const [, key] = /^log (\S+)/m.exec(await response.text()) ?? []
    return key
  })
}

async function read<T>(address: string, parse: (response: Response) => Promise<T | undefined>): Promise<T | undefined> {
  try {
    const response = await fetch(address)
    return response.ok ? await parse(response) : undefined
  } catch {
    return undefined
  }
}
