/**
 * Requests that must be refused, each well-formed: a refusal proves something only if the same request is carried out where nobody
 * refuses it. The rehearsal sends them to an engine without permissions, where all are.
 */
import {
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Key } from '../../shared/ledger/store.ts'

export interface Probe<Client> {
  readonly what: string
  readonly send: (client: Client) => Promise<unknown>
}

const raw = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } })

/** Every way to replace or delete an item that is there. Items of the probes have no leaf: the sequencer passes over them. */
export function mutations(TableName: string, key: Key): Probe<DynamoDBClient>[] {
  const Key = raw(key)
  const Item = { ...Key, probe: { S: 'replaced' } }
  const Parameters = [{ S: key.pk }, { S: key.sk }]
  const where = 'WHERE pk=? AND sk=?'
  const update = { Statement: `UPDATE "${TableName}" SET probe='replaced' ${where}`, Parameters }
  const remove = { Statement: `DELETE FROM "${TableName}" ${where}`, Parameters }
  return [
    { what: 'PutItem', send: (db) => db.send(new PutItemCommand({ TableName, Item })) },
    {
      what: 'UpdateItem',
      send: (db) =>
        db.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'SET probe = :value',
            ExpressionAttributeValues: { ':value': { S: 'replaced' } },
          }),
        ),
    },
    {
      what: 'BatchWriteItem',
      send: (db) => db.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })),
    },
    {
      what: 'TransactWriteItems',
      send: (db) => db.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] })),
    },
    { what: 'PartiQL UPDATE', send: (db) => db.send(new ExecuteStatementCommand(update)) },
    {
      what: 'PartiQL UPDATE in a transaction',
      send: (db) => db.send(new ExecuteTransactionCommand({ TransactStatements: [update] })),
    },
    { what: 'PartiQL DELETE', send: (db) => db.send(new ExecuteStatementCommand(remove)) },
    { what: 'DeleteItem', send: (db) => db.send(new DeleteItemCommand({ TableName, Key })) },
  ]
}

export function insertion(TableName: string, { pk, sk }: Key): Probe<DynamoDBClient> {
  const Statement = `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?, 'probe': 'first'}`
  return {
    what: `INSERT into ${pk}`,
    send: (db) => db.send(new ExecuteStatementCommand({ Statement, Parameters: [{ S: pk }, { S: sk }] })),
  }
}

/** As the ledger's adapter does when writes share a call: the refusal is within an answer of 200. */
export function batchInsertion(TableName: string, { pk, sk }: Key): Probe<DynamoDBClient> {
  const Statement = `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?, 'probe': 'first'}`
  return {
    what: `INSERT into ${pk} in a batch`,
    async send(db) {
      const Statements = [{ Statement, Parameters: [{ S: pk }, { S: sk }] }]
      const { Responses = [] } = await db.send(new BatchExecuteStatementCommand({ Statements }))
      const [answer] = Responses
      if (answer?.Error) throw Object.assign(new Error(answer.Error.Message), { name: answer.Error.Code })
    },
  }
}

/** Partitions of `entries` that are other functions' business, of one controller or of the ledger. */
export function partitionsOfOthers(controller: string): string[] {
  const own = ['policy#probe', 'controller', 'read#2026-01-01', 'erased'].map((name) => `${controller}#${name}`)
  return [...own, '#identity-providers']
}

export function putObject(
  Bucket: string,
  name: string,
  conditions: { IfNoneMatch?: '*'; IfMatch?: string } = {},
): Probe<S3Client> {
  const condition = conditions.IfNoneMatch ? 'If-None-Match' : conditions.IfMatch ? 'If-Match' : 'no condition'
  const input = { Bucket, Key: name, Body: 'probe', ...conditions }
  return { what: `put ${name} with ${condition}`, send: (s3) => s3.send(new PutObjectCommand(input)) }
}

export function deleteObject(Bucket: string, name: string): Probe<S3Client> {
  return { what: `delete ${name}`, send: (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: name })) }
}

/** The name of the refusal; `undefined` when it was carried out. */
export async function refusalOf<Client>(probe: Probe<Client>, client: Client): Promise<string | undefined> {
  try {
    await probe.send(client)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}
