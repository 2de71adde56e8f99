/**
 * Runs scripts that wait for a consent: `<script type="text/plain" data-purpose="statistics" src="...">` runs once that purpose is permitted,
 * and as a module with `data-type="module"`. The element may be inserted at any time.
 *
 * Scripts that become permitted together run as the HTML standard runs the scripts of a page: `async` ones as they arrive, the others in
 * document order, an inline script after the files before it, and deferred files and modules last
 * (https://html.spec.whatwg.org/multipage/scripting.html#the-script-element).
 *
 * The element in the page stays unchanged. A copy runs beside it and is removed afterwards. So libraries that compare, cache or restore
 * elements find the ones they know, and a restored page waits for the consent again.
 *
 * A purpose that does not rest on consent waits for nothing but the policy that says so: its scripts run unless the person has objected.
 *
 * A script that has run cannot be stopped. After a withdrawal it does not run in the next page.
 *
 * A script whose purpose the policy does not declare, and about which nobody decided, would wait for ever. The purpose is probably
 * mistyped, so `onError` gets `unknown-purpose`.
 */
import type { Consent } from '../../../shared/client/client.ts'

const gatedScripts = 'script[type="text/plain"][data-purpose]'

/** Scripts that ran in this page, shared by its banners: there may be one for each of several policies. */
const startedScripts = Symbol.for('consent-ledger/started-scripts')

export interface DeclaredPurposes {
  readonly declaredIds: readonly string[]
  /** Those of them that do not rest on consent. */
  readonly withoutConsentIds: readonly string[]
}

export interface GatedScripts {
  /** Sets the purposes that a policy declares. Scripts that wait for any other purpose, now or later, are reported to `onError`. */
  declare(policyId: string, purposes: DeclaredPurposes): void
}

/** Runs gated scripts as their consent is given, for as long as the page lasts. */
export function runGatedScripts(consent: Pick<Consent, 'permits' | 'onChange' | 'onError'>): GatedScripts {
  const page = globalThis as { [startedScripts]?: WeakSet<HTMLScriptElement> }
  page[startedScripts] ??= new WeakSet()
  const started = page[startedScripts]
  const withoutConsent = new Set<string>()
  let turn: Promise<void> = Promise.resolve()

  /** Checked again when a script's turn comes, because the consent may be withdrawn and the element removed in between. */
  function isDue(gated: HTMLScriptElement): boolean {
    const purposeId = purposeOf(gated)
    const mayRun = consent.permits(purposeId) ?? withoutConsent.has(purposeId)
    return mayRun && gated.isConnected && !started.has(gated)
  }

  /** Resolves when it has run or failed. */
  async function run(gated: HTMLScriptElement): Promise<void> {
    if (!isDue(gated)) return
    started.add(gated)
    try {
      await runBeside(gated)
    } catch (error) {
      consent.onError({ code: 'failed', detail: `${error}` })
    }
  }

  /** Files load at the same time, since browsers run those that are not `async` in the order of their insertion. */
  async function runInOrder(scripts: readonly HTMLScriptElement[]): Promise<void> {
    const loading: Promise<void>[] = []
    for (const gated of scripts.filter((each) => !isDeferred(each))) {
      if (!gated.hasAttribute('src')) await Promise.all(loading)
      loading.push(run(gated))
    }
    await Promise.all(loading)
    for (const gated of scripts.filter(isDeferred)) run(gated)
  }

  function runDue(): void {
    const due = [...document.querySelectorAll<HTMLScriptElement>(gatedScripts)].filter(isDue)
    if (due.length === 0) return
    for (const gated of due.filter(isAsync)) run(gated)
    turn = turn.then(() => runInOrder(due.filter((gated) => !isAsync(gated))))
  }

  let reportUndeclared = () => {}
  function declare(policyId: string, { declaredIds, withoutConsentIds }: DeclaredPurposes): void {
    for (const id of withoutConsentIds) withoutConsent.add(id)
    runDue()
    reportUndeclared = () => {
      const awaited = [...document.querySelectorAll<HTMLScriptElement>(gatedScripts)].map(purposeOf)
      const undeclared = awaited.filter((id) => !declaredIds.includes(id) && consent.permits(id) === undefined)
      if (undeclared.length === 0) return
      const detail = `a script waits for a purpose that the policy ${policyId} does not declare`
      consent.onError({ code: 'unknown-purpose', detail, given: [...new Set(undeclared)].join(', ') })
    }
    reportUndeclared()
  }

  runDue()
  consent.onChange(runDue)
  new MutationObserver((records) => {
    const added = records.flatMap((record) => [...record.addedNodes])
    if (!added.some(holdsGated)) return
    runDue()
    reportUndeclared()
  }).observe(document, { childList: true, subtree: true })
  return { declare }
}

const purposeOf = (gated: HTMLScriptElement) => gated.dataset.purpose ?? ''

function holdsGated(node: Node): boolean {
  return node instanceof Element && (node.matches(gatedScripts) || node.querySelector(gatedScripts) !== null)
}

function isAsync(gated: HTMLScriptElement): boolean {
  return gated.hasAttribute('async') && canBeLater(gated)
}

function isDeferred(gated: HTMLScriptElement): boolean {
  return isModule(gated) || (gated.defer && canBeLater(gated))
}

/** `async` and `defer` have no effect on an inline classic script. */
function canBeLater(gated: HTMLScriptElement): boolean {
  return isModule(gated) || gated.hasAttribute('src')
}

function isModule({ dataset }: HTMLScriptElement): boolean {
  return dataset.type?.toLowerCase() === 'module'
}

/** Attributes that make the script wait; the copy lacks them. */
const gateAttributes = ['type', 'data-type']

function runBeside(gated: HTMLScriptElement): Promise<void> {
  const script = document.createElement('script')
  // A script made by a script is asynchronous by default. An `async` attribute copied below makes it so again.
  script.async = false
  for (const { name, value } of gated.attributes) if (!gateAttributes.includes(name)) script.setAttribute(name, value)
  if (gated.dataset.type) script.type = gated.dataset.type
  // A content security policy empties the attribute; the property keeps the nonce.
  script.nonce = gated.nonce
  script.text = gated.text
  return new Promise((resolve) => {
    const end = () => {
      script.remove()
      resolve()
    }
    script.addEventListener('load', end)
    script.addEventListener('error', end)
    gated.after(script)
    if (!hasEndEvent(script)) end()
  })
}

/** Inline scripts have no `load`: a classic one has run once it is inserted, and a module also runs after it was removed. */
function hasEndEvent(script: HTMLScriptElement): boolean {
  if (!script.hasAttribute('src')) return false
  if (script.type === 'module') return true
  // Browsers load neither data blocks nor `nomodule` scripts.
  return !script.noModule && /^((text|application)\/(x-)?(java|ecma)script)?$/i.test(script.type)
}
