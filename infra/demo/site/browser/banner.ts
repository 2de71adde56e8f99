/** The client that the ledger's banner opened, and the demo's line about the optional code that runs. */
import type { Consent } from '../../../../shared/client/client.ts'

/** `undefined` when the banner could not be loaded: then nothing is permitted. */
export function bannersConsent(): Consent | undefined {
  return (globalThis as { consentLedger?: { consent?: Consent } }).consentLedger?.consent
}

const running = new Set<string>()

export function showRunning(what: string, isRunning: boolean): void {
  const line = document.querySelector<HTMLElement>('#runs')
  if (isRunning) running.add(what)
  else running.delete(what)
  if (line) line.textContent = [...running].join(', ') || (line.dataset.nothing ?? '')
}
