/** The client that the ledger's banner opened, and the demo's line about the optional code that runs, by the titles of its purposes. */
import type { Consent } from '../../../../shared/client/client.ts'

/** `undefined` when the banner could not be loaded: then nothing is permitted. */
export function bannersConsent(): Consent | undefined {
  return (globalThis as { consentLedger?: { consent?: Consent } }).consentLedger?.consent
}

const running = new Set<string>()

export function showRunning(purposeId: string, isRunning: boolean): void {
  const line = document.querySelector<HTMLElement>('#runs')
  if (isRunning) running.add(purposeId)
  else running.delete(purposeId)
  if (line === null) return
  const titles: Readonly<Record<string, string>> = JSON.parse(line.dataset.titles ?? '{}')
  const named = [...running].map((id) => titles[id] ?? id)
  line.textContent = named.join(', ') || (line.dataset.nothing ?? '')
}
