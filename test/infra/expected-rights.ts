/**
 * What each function's role may do, written a second time, apart from `infra/consent-ledger/permissions.ts`; `permissions.test.ts` holds every statement
 * against it. A line is `where: actions`.
 */
import type { LambdaName } from '../../infra/lambda-names.ts'

interface Expected {
  /** `where: actions`: what changes something, or makes a signature. */
  readonly writes: readonly string[]
  readonly reads: readonly string[]
}

const get = 'dynamodb:GetItem dynamodb:BatchGetItem'
const query = `${get} dynamodb:Query`
const scan = `${query} dynamodb:Scan`
export const insert = 'dynamodb:PartiQLInsert'
const deadLetters = 'deadLetters: sqs:SendMessage sqs:GetQueueAttributes sqs:GetQueueUrl'

/** A job may store its own reports, and read none. */
const reports = (job: LambdaName) => `objects/operations/${job}/*: s3:PutObject`

/** Sequences and publishes: the only ones that add to the log, and that sign with its keys. */
const keeping: Expected = {
  writes: [
    `log: ${insert}`,
    ...['objects/log/*', 'objects/certificates/*', 'served/served/*'].map((folder) => `${folder}: s3:PutObject`),
    'checkpointKey: kms:Sign',
    'witnessKey: kms:Sign',
  ],
  reads: [
    `entries: ${get}`,
    `log: ${query}`,
    ...['objects/log/*', 'objects/certificates/*', 'served/served/*'].map((folder) => `${folder}: s3:GetObject`),
    ...['objects: s3:ListBucket', 'served: s3:ListBucket'],
    ...['checkpointKey', 'witnessKey', 'receiptKey'].map((key) => `${key}: kms:GetPublicKey`),
  ],
}

/** Use of the tables’ key through S3 is permitted by a statement of its own. */
const importFiles = {
  writes: ['files/imports/*: s3:PutObject s3:AbortMultipartUpload s3:DeleteObject'],
  reads: ['files/imports/*: s3:GetObject', 'files: s3:ListBucket'],
}

export const expected: Readonly<Record<LambdaName, Expected>> = {
  ingest: {
    writes: [`entries: ${insert}`, `vault: ${insert}`, 'receiptKey: kms:Sign'],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...['objects/log/*: s3:GetObject', 'objects/certificates/*: s3:GetObject', 'objects/texts/*: s3:GetObject'],
      ...['objects: s3:ListBucket', 'keyringKey: kms:Decrypt', 'receiptKey: kms:GetPublicKey'],
    ],
  },
  read: {
    writes: [],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...['objects/texts/*: s3:GetObject', 'objects: s3:ListBucket', 'keyringKey: kms:Decrypt'],
    ],
  },
  log: {
    writes: [],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, 'objects/log/*: s3:GetObject', 'objects: s3:ListBucket'],
      ...['checkpointKey: kms:GetPublicKey', 'witnessKey: kms:GetPublicKey'],
    ],
  },
  audit: {
    writes: [`entries: ${insert}`, `vault: ${insert}`],
    reads: [
      ...['files/exports/*: s3:GetObject', 'files: s3:ListBucket'],
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...[
        'vault/index/holders: dynamodb:Query',
        'objects/log/*: s3:GetObject',
        'objects/texts/*: s3:GetObject',
        'objects: s3:ListBucket',
      ],
      ...['keyringKey: kms:Decrypt', 'checkpointKey: kms:GetPublicKey', 'witnessKey: kms:GetPublicKey'],
    ],
  },
  administer: {
    writes: [
      ...[`entries: ${insert}`, `vault: ${insert}`, 'objects/texts/*: s3:PutObject', 'keyringKey: kms:Encrypt'],
      ...importFiles.writes,
    ],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`, ...importFiles.reads],
      ...['objects/texts/*: s3:GetObject', 'objects: s3:ListBucket', 'keyringKey: kms:Decrypt'],
    ],
  },
  erase: {
    writes: [`entries: ${insert}`, 'vault: dynamodb:DeleteItem'],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...['objects/log/*: s3:GetObject', 'objects: s3:ListBucket', 'keyringKey: kms:Decrypt'],
    ],
  },
  letters: {
    writes: [`entries: ${insert}`, `vault: ${insert}`],
    reads: [...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`], 'keyringKey: kms:Decrypt'],
  },
  link: {
    writes: [`entries: ${insert}`, `vault: ${insert}`],
    reads: [...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`], 'keyringKey: kms:Decrypt'],
  },
  sequence: {
    writes: [...keeping.writes, 'failures/*: s3:PutObject'],
    reads: [
      ...keeping.reads,
      'failures: s3:ListBucket',
      'entries stream: dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
    ],
  },
  sweep: {
    writes: [...keeping.writes, reports('sweep'), deadLetters],
    reads: [...keeping.reads, 'entries: dynamodb:Query'],
  },
  release: {
    writes: [...keeping.writes, reports('release'), deadLetters],
    reads: [...keeping.reads, 'entries: dynamodb:Query'],
  },
  redrive: {
    writes: [...keeping.writes, reports('redrive'), deadLetters],
    reads: [...keeping.reads, 'failures/*: s3:GetObject', 'failures: s3:ListBucket'],
  },
  retain: {
    writes: [`entries: ${insert}`, 'vault: dynamodb:DeleteItem dynamodb:UpdateItem', reports('retain'), deadLetters],
    reads: [...[`entries: ${query}`, `log: ${query}`, `vault: ${scan}`], 'keyringKey: kms:Decrypt'],
  },
  import: {
    writes: [`entries: ${insert}`, `vault: ${insert}`, reports('import'), deadLetters, ...importFiles.writes],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`, ...importFiles.reads],
      'keyringKey: kms:Decrypt',
    ],
  },
  export: {
    writes: [
      ...[`entries: ${insert}`, reports('export'), deadLetters],
      'files/exports/*: s3:PutObject s3:AbortMultipartUpload s3:DeleteObject',
    ],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`, 'vault/index/holders: dynamodb:Query'],
      ...['files/exports/*: s3:GetObject', 'files: s3:ListBucket', 'keyringKey: kms:Decrypt'],
    ],
  },
  messages: {
    writes: [],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...['vault/index/holders: dynamodb:Query', 'keyringKey: kms:Decrypt'],
    ],
  },
  deliver: {
    writes: [
      `entries: ${insert}`,
      reports('deliver'),
      '{LedgerFunctionsMessagesLive}: lambda:InvokeFunction',
      deadLetters,
    ],
    reads: [`entries: ${query}`, `log: ${query}`],
  },
  statistics: {
    writes: [`entries: ${insert}`, reports('statistics'), deadLetters],
    reads: [
      `entries: ${query}`,
      `log: ${query}`,
      `vault: ${query}`,
      'vault/index/holders: dynamodb:Query',
      'keyringKey: kms:Decrypt',
    ],
  },
  expiry: {
    writes: [`entries: ${insert}`, reports('expiry'), deadLetters],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, `vault: ${query}`],
      ...['vault/index/holders: dynamodb:Query', 'keyringKey: kms:Decrypt'],
    ],
  },
  witness: {
    writes: [`log: ${insert}`, reports('witness'), 'served/served/*: s3:PutObject', deadLetters],
    reads: [
      ...[`entries: ${query}`, `log: ${query}`, 'objects/log/*: s3:GetObject', 'served/served/*: s3:GetObject'],
      ...['objects: s3:ListBucket', 'served: s3:ListBucket'],
    ],
  },
  'self-audit': {
    writes: ['served/audit/*: s3:PutObject', reports('self-audit'), deadLetters],
    reads: [
      ...['entries', 'log', 'vault'].map((table) => `${table}: ${scan}`),
      ...['log/*', 'texts/*', 'certificates/*'].map((folder) => `objects/${folder}: s3:GetObject`),
      ...['served/served/*: s3:GetObject', 'served/audit/*: s3:GetObject', 'served: s3:ListBucket'],
      ...['objects: s3:ListBucket', 'keyringKey: kms:Decrypt'],
      ...['checkpointKey: kms:GetPublicKey', 'witnessKey: kms:GetPublicKey'],
    ],
  },
}

/** Each function's own lines, and what DynamoDB asks of a caller of a table with a customer key. */
export const everywhere = [
  'own logs: logs:CreateLogStream logs:PutLogEvents',
  'dataKey: kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo',
]

/** Why a resource may be a pattern. */
export const patterns: Readonly<Record<string, string>> = {
  'objects/log/*': 'Tiles, bundles and checkpoints are named by what they hold; the folder is the narrowest name.',
  'objects/texts/*': 'Texts are named by their hash.',
  'objects/certificates/*': 'Certificates are named by controller and time.',
  ...Object.fromEntries(
    [
      ...['sweep', 'redrive', 'release', 'retain', 'self-audit', 'import', 'deliver', 'export', 'statistics'],
      ...['expiry', 'witness'],
    ].map((job) => [`objects/operations/${job}/*`, 'Reports are named by their time.']),
  ),
  'served/audit/*': 'The position of the self-audit; the folder is its own.',
  'served/served/*': 'One mutable copy for each controller, whose names are not known at deployment.',
  'files/imports/*': 'Files are named by controller and import.',
  'files/exports/*': 'Files are named by controller and export.',
  'failures/*': 'Lambda names what it gives up by mapping, shard and time.',
}
