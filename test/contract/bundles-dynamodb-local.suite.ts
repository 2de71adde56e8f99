/** The ledger over its bundles on AWS's own DynamoDB Local; asked for by name, as `dynamodb-local.suite.ts`. */
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import { bundlesOnEngine } from '../infra/bundle/on-engine.ts'

bundlesOnEngine('DynamoDB Local', () => startDynamoDbLocal())
