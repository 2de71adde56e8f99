/** Keys and indexes of the tables, as `infra/tables.ts` describes them, for the construct. */
import { type Attribute, AttributeType, ProjectionType, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type TableName, tables } from '../tables.ts'

type Shape = Pick<TablePropsV2, 'partitionKey' | 'sortKey' | 'globalSecondaryIndexes'>

export function shapeOf(name: TableName): Shape {
  const { partitionKey, sortKey, indexes } = tables.find((table) => table.name === name) ?? tables[0]
  return {
    partitionKey: attribute(partitionKey.name),
    sortKey: attribute(sortKey.name),
    globalSecondaryIndexes: indexes.map((index) => ({
      indexName: index.name,
      partitionKey: attribute(index.partitionKey.name),
      projectionType: ProjectionType.KEYS_ONLY,
    })),
  }
}

const attribute = (name: string): Attribute => ({ name, type: AttributeType.STRING })
