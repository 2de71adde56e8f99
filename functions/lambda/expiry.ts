import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { createExpiryHandler } from '../jobs/expiry.ts'
import { importLedgerOnAws, subjectFinderOnAws } from './wiring.ts'

const { ledger, telemetry } = importLedgerOnAws()

export const handler = createExpiryHandler({
  expiryJob: { ledger, finder: subjectFinderOnAws() },
  controllersOf: () => claimedControllers(ledger.entries),
  telemetry,
  objects: ledger.objects,
})
