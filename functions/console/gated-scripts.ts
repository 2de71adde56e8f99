/**
 * Scripts that wait for a consent: `<script type="text/plain" data-purpose="statistics" src="...">` runs once that purpose is permitted.
 * What has run cannot be stopped: after a withdrawal it is gone with the next page.
 */
import type { Consent } from '../../shared/client/client.ts'

export function runPermitted(consent: Consent): void {
  for (const waiting of document.querySelectorAll<HTMLScriptElement>('script[type="text/plain"][data-purpose]')) {
    if (!consent.permits(waiting.dataset.purpose ?? '')) continue
    const script = document.createElement('script')
    for (const { name, value } of waiting.attributes) if (name !== 'type') script.setAttribute(name, value)
    script.nonce = waiting.nonce
    script.text = waiting.text
    waiting.replaceWith(script)
  }
}
