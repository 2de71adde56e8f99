/**
 * Which rights a request to AWS asks for, read from the request as it is on the wire: an action, a resource and the condition keys that
 * the policies of this repository use. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 *
 * `dynamodb:LeadingKeys` of PartiQL is set as AWS's documentation has it. Every request counts as sent by TLS 1.3.
 */
export interface WireRequest {
  readonly service: string
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface Right {
  readonly action: string
  /** The table, bucket, object, key or queue by the name that it has in requests. */
  readonly target: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of many operations, of which a member is read here and there
type Json = any

const secure = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' }

/** Empty for a service that nobody needs rights for here. */
export function rightsOf(request: WireRequest): Right[] {
  if (request.service === 'dynamodb') return ofDynamoDb(request)
  if (request.service === 's3') return ofS3(request)
  if (request.service === 'sqs') return ofSqs(request)
  if (request.service !== 'kms') return []
  const { KeyId, SigningAlgorithm, MessageType } = JSON.parse(request.body)
  const context = { ...secure, 'kms:SigningAlgorithm': SigningAlgorithm, 'kms:MessageType': MessageType }
  const given = Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined))
  return [{ action: `kms:${operationOf(request)}`, target: KeyId, context: given }]
}

export function operationOf({ headers }: WireRequest): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? ''
}

function ofSqs(request: WireRequest): Right[] {
  const { QueueUrl, QueueName }: Json = JSON.parse(request.body)
  const target = QueueName ?? String(QueueUrl).split('/').at(-1)
  return [{ action: `sqs:${operationOf(request)}`, target, context: secure }]
}

function ofS3({ method, url, headers }: WireRequest): Right[] {
  const [bucket = '', ...rest] = decodeURIComponent(url.pathname.slice(1)).split('/')
  const key = rest.join('/')
  if (key === '')
    return [{ action: method === 'GET' ? 's3:ListBucket' : 's3:CreateBucket', target: bucket, context: secure }]
  const action = { GET: 's3:GetObject', HEAD: 's3:GetObject', PUT: 's3:PutObject', DELETE: 's3:DeleteObject' }[method]
  if (action === undefined) throw new Error(`${method} of an object is not known here`)
  const conditions = ['if-match', 'if-none-match'].flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[`s3:${name}`, value]]
  })
  return [{ action, target: `${bucket}/${key}`, context: { ...secure, ...Object.fromEntries(conditions) } }]
}

function ofDynamoDb(request: WireRequest): Right[] {
  const operation = operationOf(request)
  const input: Json = JSON.parse(request.body)
  const right = (action: string, target: string, keys: readonly string[]): Right => ({
    action: `dynamodb:${action}`,
    target,
    context: { ...secure, ...(keys.length > 0 && { 'dynamodb:LeadingKeys': keys }) },
  })
  const statement = ({ Statement, Parameters = [] }: Json): Right => {
    const [, verb = '', table = ''] = /^(INSERT|UPDATE|DELETE)\b[^"]*"([^"]+)"/.exec(Statement) ?? []
    if (verb === '') throw new Error(`the statement ${Statement} is not known here`)
    // Every statement of the ledger and of the probes has the partition key as its first parameter.
    return right(`PartiQL${verb.charAt(0)}${verb.slice(1).toLowerCase()}`, table, [Parameters[0].S])
  }
  switch (operation) {
    case 'ExecuteStatement':
      return [statement(input)]
    case 'BatchExecuteStatement':
      return input.Statements.map(statement)
    case 'ExecuteTransaction':
      return input.TransactStatements.map(statement)
    case 'BatchGetItem':
      return Object.entries<Json>(input.RequestItems).map(([table, { Keys }]) =>
        right(
          operation,
          table,
          Keys.map(({ pk }: Json) => pk.S),
        ),
      )
    case 'BatchWriteItem':
      return Object.keys(input.RequestItems).map((table) => right(operation, table, []))
    case 'TransactWriteItems':
      return input.TransactItems.flatMap((item: Json) =>
        Object.entries<Json>(item).map(([action, { TableName }]) => right(`${action}Item`, TableName, [])),
      )
    case 'Query':
      return [right(operation, input.TableName, [partitionOf(input)])]
    default: {
      const key = (input.Key ?? input.Item)?.pk?.S
      return [right(operation, input.TableName, key === undefined ? [] : [key])]
    }
  }
}

function partitionOf({ KeyConditionExpression, ExpressionAttributeValues }: Json): string {
  const [, value = ''] = /^\s*#?\w+\s*=\s*(:\w+)/.exec(KeyConditionExpression) ?? []
  return ExpressionAttributeValues[value].S
}
