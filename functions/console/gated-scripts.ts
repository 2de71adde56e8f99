/**
 * Scripts that wait for a consent: `<script type="text/plain" data-purpose="statistics" src="...">` runs once that purpose is permitted,
 * and as a module with `data-type="module"`. It does not matter when the element was inserted.
 *
 * What becomes permitted at one time runs as the HTML standard runs the scripts of a page: `async` ones as they arrive, the others in
 * document order, where an inline script has the files before it, and after those the deferred files and the modules
 * (https://html.spec.whatwg.org/multipage/scripting.html#the-script-element).
 *
 * The element of the page stays as it is. A copy of it runs beside it and is removed when it has run: libraries that compare, cache or
 * restore the page's elements find those that they know, and a restored page waits for the consent again.
 *
 * What has run cannot be stopped: after a withdrawal it is gone with the next page.
 */
import type { Consent } from '../../shared/client/client.ts'

const gatedScripts = 'script[type="text/plain"][data-purpose]'

/** Lasts as long as the page. */
export function runGatedScripts(consent: Pick<Consent, 'permits' | 'onChange' | 'onError'>): void {
  const started = new WeakSet<HTMLScriptElement>()
  let turn: Promise<void> = Promise.resolve()

  /** Also asked when its turn comes: meanwhile the consent may have been withdrawn, and the element removed. */
  function isDue(gated: HTMLScriptElement): boolean {
    return gated.isConnected && !started.has(gated) && consent.permits(gated.dataset.purpose ?? '') === true
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

  runDue()
  consent.onChange(runDue)
  new MutationObserver((records) => {
    const added = records.flatMap((record) => [...record.addedNodes])
    if (added.some(holdsGated)) runDue()
  }).observe(document, { childList: true, subtree: true })
}

function holdsGated(node: Node): boolean {
  return node instanceof Element && (node.matches(gatedScripts) || node.querySelector(gatedScripts) !== null)
}

function isAsync(gated: HTMLScriptElement): boolean {
  return gated.hasAttribute('async') && canBeLater(gated)
}

function isDeferred(gated: HTMLScriptElement): boolean {
  return isModule(gated) || (gated.defer && canBeLater(gated))
}

/** `async` and `defer` say nothing of an inline classic script. */
function canBeLater(gated: HTMLScriptElement): boolean {
  return isModule(gated) || gated.hasAttribute('src')
}

function isModule({ dataset }: HTMLScriptElement): boolean {
  return dataset.type?.toLowerCase() === 'module'
}

const own = ['type', 'data-type']

function runBeside(gated: HTMLScriptElement): Promise<void> {
  const script = document.createElement('script')
  // Otherwise it is asynchronous, as a script that a script makes; an `async` attribute of the page makes it so again.
  script.async = false
  for (const { name, value } of gated.attributes) if (!own.includes(name)) script.setAttribute(name, value)
  if (gated.dataset.type) script.type = gated.dataset.type
  // The attribute is empty where a policy hides it.
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
    if (!tellsItsEnd(script)) end()
  })
}

/** Inline scripts have no `load`: a classic one has run when it is inserted, and a module runs after it was taken out, too. */
function tellsItsEnd(script: HTMLScriptElement): boolean {
  if (!script.hasAttribute('src')) return false
  if (script.type === 'module') return true
  // Neither data nor what is for older browsers is ever loaded.
  return !script.noModule && /^((text|application)\/(x-)?(java|ecma)script)?$/i.test(script.type)
}
