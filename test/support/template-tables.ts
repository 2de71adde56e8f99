/** Shapes of the tables as CloudFormation would make them: what a local engine is given in the tests of the port. */
import type { KeyAttribute, TableShape } from '../../functions/aws/create-tables.ts'
import { type Json, type Resource, synthesised } from './synthesised.ts'

export const templateTables: readonly TableShape[] = synthesised('dev').of('AWS::DynamoDB::GlobalTable').map(shapeOf)

/** Refuses what a local engine would not be given: anything but two string keys, and an index of anything but keys. */
function shapeOf({ id, properties }: Resource): TableShape {
  const {
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    GlobalSecondaryIndexes = [],
    LocalSecondaryIndexes,
  } = properties
  if (LocalSecondaryIndexes) throw new Error(`${id} has a local index, which no local engine is given`)
  const keyOf = (schema: Json, keyType: string): KeyAttribute => {
    const { AttributeName } = schema.find((each: Json) => each.KeyType === keyType)
    const { AttributeType } = AttributeDefinitions.find((each: Json) => each.AttributeName === AttributeName)
    return { name: AttributeName, type: AttributeType }
  }
  if (KeySchema.length !== 2 || AttributeDefinitions.length !== 2 + GlobalSecondaryIndexes.length)
    throw new Error(`${id} has other keys than two, and one for each index`)
  return {
    name: /^Stores([A-Z][a-z]+)[0-9A-F]{8}$/.exec(id)?.[1]?.toLowerCase() ?? id,
    partitionKey: keyOf(KeySchema, 'HASH'),
    sortKey: keyOf(KeySchema, 'RANGE'),
    billingMode: BillingMode,
    indexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }: Json) => {
      if (keys.length !== 1 || Projection.ProjectionType !== 'KEYS_ONLY')
        throw new Error(`the index ${IndexName} is not by one key and of keys only`)
      return { name: IndexName, partitionKey: keyOf(keys, 'HASH') }
    }),
  }
}
