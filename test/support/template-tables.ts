/** Shapes of the tables as CloudFormation would make them: what a local engine is given in the tests of the port. */
import type { KeyAttribute, TableShape } from '../../functions/aws/create-tables.ts'
import { type Json, type Resource, synthesised } from './synthesised.ts'

export const templateTables: readonly TableShape[] = synthesised('dev').of('AWS::DynamoDB::GlobalTable').map(shapeOf)

/** Refuses what a local engine would not be given: an index, or anything but two string keys. */
function shapeOf({ id, properties }: Resource): TableShape {
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties
  if (GlobalSecondaryIndexes ?? LocalSecondaryIndexes)
    throw new Error(`${id} has an index, which no local engine is given`)
  if (KeySchema.length !== 2 || AttributeDefinitions.length !== 2) throw new Error(`${id} has not two keys`)
  const key = (keyType: string): KeyAttribute => {
    const { AttributeName } = KeySchema.find((each: Json) => each.KeyType === keyType)
    const { AttributeType } = AttributeDefinitions.find((each: Json) => each.AttributeName === AttributeName)
    return { name: AttributeName, type: AttributeType }
  }
  return {
    name: /^Stores([A-Z][a-z]+)[0-9A-F]{8}$/.exec(id)?.[1]?.toLowerCase() ?? id,
    partitionKey: key('HASH'),
    sortKey: key('RANGE'),
    billingMode: BillingMode,
  }
}
