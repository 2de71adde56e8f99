import { unsubscribeEndpoints } from '../endpoints/unsubscribe-links.ts'
import { createHandler, type Endpoints } from '../http/app.ts'
import { variable } from './environment.ts'
import { letterOutboxOnAws } from './letter-outbox.ts'
import { instanceOnAws } from './wiring.ts'

const baseUrl = variable('baseUrl')
const outbox = letterOutboxOnAws()
const instance = instanceOnAws('letters')
/** Both are loaded on first use, so that one click to unsubscribe does not wait for the code that judges a yes. */
const mandates = async () => (await import('../endpoints/mandates.ts')).mandateEndpoints
const confirmations = async () =>
  (await import('../endpoints/confirmations.ts')).confirmationEndpoints(() => baseUrl, outbox)
const endpoints: Endpoints<'letters'> = {
  ...unsubscribeEndpoints(() => baseUrl),
  recordMandate: async (call) => (await mandates()).recordMandate(call),
  revokeMandate: async (call) => (await mandates()).revokeMandate(call),
  requestConfirmation: async (call) => (await confirmations()).requestConfirmation(call),
  showConfirmation: async (call) => (await confirmations()).showConfirmation(call),
  confirm: async (call) => (await confirmations()).confirm(call),
}

export const handler = createHandler(endpoints, instance)
