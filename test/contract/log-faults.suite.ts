/** The log on AWS's own DynamoDB Local, with faults. */
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import { logOnEngine } from '../faults/log-on-engine.ts'

logOnEngine('DynamoDB Local', () => startDynamoDbLocal(), 24)
