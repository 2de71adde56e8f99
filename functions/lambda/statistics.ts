import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { dynamoSubjectFinder } from '../aws/subject-finder.ts'
import { createStatisticsHandler } from '../jobs/statistics.ts'
import { variable } from './environment.ts'
import { dynamoDb, importLedgerOnAws } from './wiring.ts'

const { ledger, telemetry } = importLedgerOnAws()

export const handler = createStatisticsHandler({
  statisticsJob: { ...ledger, finder: dynamoSubjectFinder(dynamoDb, variable('vault')) },
  controllersOf: () => claimedControllers(ledger.entries),
  telemetry,
  objects: ledger.objects,
})
