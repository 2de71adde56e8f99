/**
 * Bundled as a function is, on the same diet: asks the services for what they refuse, by the clients that the functions use, and says
 * what became of each error.
 */
import {
  BatchExecuteStatementCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb'
import { KMSServiceException, SignCommand } from '@aws-sdk/client-kms'
import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { createDynamoClient } from '../../../functions/aws/dynamodb.ts'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { createS3Client } from '../../../functions/aws/s3-objects.ts'

export interface Asked {
  readonly service: 'dynamodb' | 's3' | 'kms'
  readonly endpoint: string
  readonly name: string
  readonly how?: 'insert' | 'insert-batch' | 'get' | 'put' | 'sign'
}

export interface Became {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
  readonly isOfService: boolean
}

const region = 'eu-north-1'
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }

export async function handler({ service, endpoint, name, how }: Asked): Promise<Became | { answer: unknown }> {
  try {
    if (service === 'dynamodb') return { answer: await dynamo(createDynamoClient({ region, endpoint }), name, how) }
    if (service === 'kms') {
      const command = new SignCommand({ KeyId: name, Message: Buffer.of(1), SigningAlgorithm: 'ED25519_SHA_512' })
      return { answer: (await createKmsClient({ region, endpoint, credentials }).send(command)).Signature?.length }
    }
    const at = { Bucket: 'ledger-objects', Key: name }
    const client = createS3Client({ region, endpoint, credentials })
    if (how === 'get') return { answer: (await client.send(new GetObjectCommand(at))).ETag }
    return { answer: (await client.send(new PutObjectCommand({ ...at, Body: 'x', IfNoneMatch: '*' }))).ETag }
  } catch (error) {
    return becameOf(error)
  }
}

async function dynamo(client: DynamoDBClient, table: string, how: Asked['how']): Promise<unknown> {
  const insert = { Statement: `INSERT INTO "${table}" VALUE {'pk': 'a', 'sk': 'b'}` }
  if (how === 'insert') return (await client.send(new ExecuteStatementCommand(insert))).$metadata.httpStatusCode
  if (how === 'insert-batch') {
    const { Responses } = await client.send(new BatchExecuteStatementCommand({ Statements: [insert] }))
    return Responses?.map(({ Error: refused }) => refused?.Code)
  }
  const key = { pk: { S: 'a' }, sk: { S: 'nothing' } }
  return (await client.send(new GetItemCommand({ TableName: table, Key: key }))).Item ?? null
}

function becameOf(error: unknown): Became {
  if (!(error instanceof Error)) throw error
  const services = [DynamoDBServiceException, KMSServiceException, S3ServiceException]
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return {
    name: error.name,
    message: error.message,
    status: $metadata?.httpStatusCode,
    isOfService: services.some((each) => error instanceof each),
  }
}
