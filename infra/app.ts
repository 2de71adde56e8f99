/** The CDK app: `npm run synth`. */
import { App } from 'aws-cdk-lib'
import { TablesStack } from './tables-stack.ts'

const app = new App()
new TablesStack(app, 'ConsentLedgerTables', {
  env: { region: process.env.LEDGER_REGION ?? 'eu-north-1' },
  terminationProtection: true,
})
