import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { parseWitnesses } from '../../shared/ledger/log/ask-witnesses.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { httpWitness } from '../delivery/http-witness.ts'
import { createWitnessHandler, deadlineMs } from '../jobs/witness.ts'
import { variable } from './environment.ts'
import { clock, objectsWithServed, random, table, telemetry } from './wiring.ts'

const entries = table('entries')
const witnesses = parseWitnesses(JSON.parse(variable('witnesses')))

export const handler = createWitnessHandler({
  round: {
    ...{ entries, log: table('log'), objects: objectsWithServed(), host: variable('host'), clock },
    ...{ cached: objectCache(), witnesses, ask: httpWitness({ allowsLoopback: false }), deadlineMs },
  },
  random,
  controllersOf: () => claimedControllers(entries),
  telemetry: telemetry(),
})
