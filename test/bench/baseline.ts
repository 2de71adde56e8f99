/**
 * What there is without a ledger, as a process of its own behind the same gateway and under the same requests:
 *
 *   POST /bare-insert  one item of 1 KB by one PartiQL INSERT, with the server's own client into the same engine on disk
 *   POST /no-op        answers at once
 *
 * node baseline.ts FOLDER prints `Baseline on URL`, and ends at SIGTERM.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { ExecuteStatementCommand } from '@aws-sdk/client-dynamodb'
import { createTables } from '../../functions/aws/create-tables.ts'
import { createDynamoClient } from '../../functions/aws/dynamodb.ts'
import { startEngine } from '../../infra/local/engine/engine.ts'
import { engineClient } from '../../infra/local/engine/engine-client.ts'
import { startGateway } from '../../infra/local/gateway/gateway.ts'
import { handlersFor } from '../../infra/local/gateway/handlers.ts'
import type { Handler } from '../../infra/local/gateway/options.ts'
import { tables } from '../../infra/tables.ts'
import type { HandlerName, Route } from '../../shared/api/routes.ts'

const itemBytes = 1_024

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node baseline.ts FOLDER')

const engine = await startEngine({ dataFile: join(folder, 'baseline.db') })
const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
const calls = engineClient(engine.endpoint)
await createTables(
  client,
  tables.filter((table) => table.name === 'entries'),
)

const payload = randomBytes(itemBytes - 'pk'.length - 'sk'.length - 'payload'.length - 36 - 'bare'.length)
const created = { statusCode: 201, headers: { 'content-type': 'application/json' }, body: '{}' }

const bareInsert: Handler = async () => {
  await calls.send(
    new ExecuteStatementCommand({
      Statement: `INSERT INTO "entries" VALUE {'pk': ?, 'sk': ?, 'payload': ?}`,
      Parameters: [{ S: randomUUID() }, { S: 'bare' }, { B: payload }],
    }),
  )
  return created
}
const noOp: Handler = async () => created

const gateway = await startGateway({
  host: 'localhost',
  port: 0,
  routes: [route('bare-insert', 'ingest'), route('no-op', 'read')],
  handlers: { ...handlersFor(() => noOp), ingest: bareInsert },
  log: ({ error }) => console.error(error),
})
console.log(`Baseline on ${gateway.url}`)

process.on('SIGTERM', async () => {
  await gateway.close()
  calls.destroy()
  client.destroy()
  await engine.stop()
  process.exit(0)
})

function route(id: string, handler: HandlerName): Route {
  return { id, method: 'POST', path: `/${id}`, handler, access: 'public', maxBodyBytes: 64 * 1024 }
}
