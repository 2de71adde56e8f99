/** Calls of the server client about endpoints that are told what happened, each with what it needs before. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'

const settings = { url: 'https://crm.example.org/consent', types: ['consent.withdrawn', 'subject.erased'] } as const

/** Makes the endpoint, once. */
async function madeEndpoint(ledger: ServerLedger, endpoint: string): Promise<string> {
  await ledger.makeEndpoint({ endpoint, ...settings, types: [...settings.types] })
  return endpoint
}

export const endpointCalls = {
  makeEndpoint: (ledger: ServerLedger) =>
    ledger.makeEndpoint({ endpoint: 'crm', ...settings, types: [...settings.types] }),
  listEndpoints: (ledger: ServerLedger) => ledger.listEndpoints(),
  changeEndpoint: async (ledger: ServerLedger) => {
    const endpoint = await madeEndpoint(ledger, 'changed')
    return ledger.changeEndpoint(endpoint, {
      change: 2,
      url: settings.url,
      types: ['consent.given'],
      state: 'disabled',
    })
  },
  rotateSecret: async (ledger: ServerLedger) => {
    const endpoint = await madeEndpoint(ledger, 'rotated')
    return ledger.rotateSecret(endpoint, { change: 2, overlapHours: 24 })
  },
  askRedelivery: async (ledger: ServerLedger) => {
    const endpoint = await madeEndpoint(ledger, 'again')
    return ledger.askRedelivery(endpoint, { redelivery: 1, test: true })
  },
  listDeliveries: async (ledger: ServerLedger) => {
    const endpoint = await madeEndpoint(ledger, 'listed')
    return ledger.listDeliveries(endpoint, { list: 'ended', after: '0000000000000009' })
  },
}
