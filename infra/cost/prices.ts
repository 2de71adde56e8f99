/**
 * AWS's price of each unit by region, in US dollars without tax: the first tier of pay-as-you-go, since a ledger seldom reaches the
 * second, and without free allowances (those that matter are the first 100 GB of data transfer, and CloudFront's first 10 million requests
 * and 1 TB a month).
 *
 * AWS's price list was not accessible. Each price has its evidence, looked up on 2026-11-28:
 *
 *   listed      published by others as a copy of AWS's price list, with the day on which AWS published that list
 *   reported    on one of AWS's pages, or in several independent articles and bills
 *   unverified  general knowledge, or the price of another region. In eu-north-1 these are all prices that differ by region: they are
 *               eu-west-1's, which are higher as far as is known
 */
export const regions = ['us-east-1', 'eu-west-1', 'eu-north-1', 'eu-central-1'] as const

export type Region = (typeof regions)[number]

export interface Price {
  readonly usd: number
  readonly evidence: 'listed' | 'reported' | 'unverified'
  /** Day on which AWS published the list (`YYYY-MM-DD`), for evidence `listed`. */
  readonly publishedOn?: string
}

export interface Line {
  readonly service: Service
  /** What AWS states the price for. */
  readonly unit: string
  /** How many billed units that is. */
  readonly per: number
  readonly prices: Readonly<Record<Region, Price>>
}

export const services = [
  'API Gateway',
  'Lambda',
  'DynamoDB',
  'KMS',
  'S3',
  'CloudWatch',
  'data transfer',
  'CloudFront',
  'WAF',
] as const

export type Service = (typeof services)[number]

const listed = (usd: number, publishedOn: string): Price => ({ usd, evidence: 'listed', publishedOn })
const reported = (usd: number): Price => ({ usd, evidence: 'reported' })
const unverified = (usd: number): Price => ({ usd, evidence: 'unverified' })

const million = 1_000_000
/** DynamoDB, S3, CloudWatch and data transfer mean this by a GB. */
const gb = 2 ** 30

/** Prices in Virginia, Ireland and Frankfurt. Stockholm gets Ireland's, as unverified. */
const byRegion = (virginia: Price, ireland: Price, frankfurt: Price): Line['prices'] => ({
  'us-east-1': virginia,
  'eu-west-1': ireland,
  'eu-north-1': unverified(ireland.usd),
  'eu-central-1': frankfurt,
})
const everywhere = (price: Price): Line['prices'] => ({ ...byRegion(price, price, price), 'eu-north-1': price })
const reportedOfVirginia = (usd: number) => byRegion(reported(usd), unverified(usd), unverified(usd))

export const priceLines = {
  httpApiRequest: {
    ...{ service: 'API Gateway', unit: 'million requests of an HTTP API, of up to 512 KB', per: million },
    prices: byRegion(reported(1), listed(1.11, '2026-10-02'), unverified(1.2)),
  },
  lambdaRequest: {
    ...{ service: 'Lambda', unit: 'million invocations', per: million },
    prices: byRegion(reported(0.2), listed(0.2, '2026-10-01'), unverified(0.2)),
  },
  lambdaMbMs: {
    ...{ service: 'Lambda', unit: 'million GB-seconds on arm64', per: million * 1_024 * 1_000 },
    prices: reportedOfVirginia(13.3334),
  },
  writeUnit: {
    ...{ service: 'DynamoDB', unit: 'million write request units', per: million },
    prices: byRegion(listed(0.625, '2026-08-15'), listed(0.705, '2026-09-11'), listed(0.7625, '2026-08-15')),
  },
  readUnit: {
    ...{ service: 'DynamoDB', unit: 'million read request units', per: million },
    prices: byRegion(listed(0.125, '2026-08-15'), listed(0.1415, '2026-09-11'), listed(0.1525, '2026-08-15')),
  },
  tableByteMonth: {
    ...{ service: 'DynamoDB', unit: 'GB-month of a table', per: gb },
    prices: byRegion(listed(0.25, '2026-08-15'), listed(0.283, '2026-09-11'), listed(0.306, '2026-08-15')),
  },
  recoveryByteMonth: {
    ...{ service: 'DynamoDB', unit: 'GB-month of point-in-time recovery', per: gb },
    prices: byRegion(listed(0.2, '2026-08-15'), listed(0.22, '2026-09-11'), listed(0.2448, '2026-08-15')),
  },
  kmsSymmetric: {
    ...{ service: 'KMS', unit: '10,000 requests on a symmetric key', per: 10_000 },
    prices: reportedOfVirginia(0.03),
  },
  kmsAsymmetric: {
    ...{ service: 'KMS', unit: '10,000 requests on an elliptic-curve key', per: 10_000 },
    prices: reportedOfVirginia(0.15),
  },
  kmsKeyMonth: { service: 'KMS', unit: 'key-month', per: 1, prices: everywhere(reported(1)) },
  s3Write: {
    ...{ service: 'S3', unit: '1,000 PUT and LIST', per: 1_000 },
    prices: byRegion(listed(0.005, '2026-08-07'), listed(0.005, '2026-09-28'), listed(0.0054, '2026-08-07')),
  },
  s3Read: {
    ...{ service: 'S3', unit: '1,000 GET', per: 1_000 },
    prices: byRegion(listed(0.0004, '2026-08-07'), listed(0.0004, '2026-09-28'), listed(0.00043, '2026-08-07')),
  },
  objectByteMonth: {
    ...{ service: 'S3', unit: 'GB-month', per: gb },
    prices: byRegion(listed(0.023, '2026-08-07'), listed(0.023, '2026-09-28'), listed(0.0245, '2026-08-07')),
  },
  logByte: {
    ...{ service: 'CloudWatch', unit: 'GB of log ingested', per: gb },
    prices: byRegion(listed(0.5, '2026-08-06'), listed(0.57, '2026-09-22'), listed(0.63, '2026-08-06')),
  },
  metricMonth: {
    ...{ service: 'CloudWatch', unit: 'metric-month', per: 1 },
    prices: byRegion(listed(0.3, '2026-08-06'), listed(0.3, '2026-09-22'), listed(0.3, '2026-08-06')),
  },
  alarmMetricMonth: {
    ...{ service: 'CloudWatch', unit: 'month of a metric in an alarm', per: 1 },
    prices: byRegion(listed(0.1, '2026-08-06'), listed(0.1, '2026-09-22'), listed(0.1, '2026-08-06')),
  },
  dashboardMonth: { service: 'CloudWatch', unit: 'dashboard-month', per: 1, prices: reportedOfVirginia(3) },
  transferByte: {
    ...{ service: 'data transfer', unit: 'GB to the internet', per: gb },
    prices: byRegion(listed(0.09, '2026-07-20'), listed(0.09, '2026-09-16'), listed(0.09, '2026-07-20')),
  },
  regionTransferByte: {
    ...{ service: 'data transfer', unit: 'GB to another region', per: gb },
    prices: reportedOfVirginia(0.02),
  },
  /** CloudFront's prices depend on where the viewer is: here, on the continent of the region. */
  cloudFrontRequest: {
    ...{ service: 'CloudFront', unit: '10,000 HTTPS requests', per: 10_000 },
    prices: { ...everywhere(reported(0.012)), 'us-east-1': reported(0.01) },
  },
  cloudFrontByte: {
    ...{ service: 'CloudFront', unit: 'GB to viewers', per: gb },
    prices: everywhere(reported(0.085)),
  },
  cloudFrontFunction: {
    ...{ service: 'CloudFront', unit: 'million calls of a function at the edge', per: million },
    prices: everywhere(reported(0.1)),
  },
  wafRequest: { service: 'WAF', unit: 'million requests', per: million, prices: everywhere(reported(0.6)) },
  wafAclMonth: { service: 'WAF', unit: 'web ACL-month', per: 1, prices: everywhere(reported(5)) },
  wafRuleMonth: { service: 'WAF', unit: 'rule-month', per: 1, prices: everywhere(reported(1)) },
} as const satisfies Readonly<Record<string, Line>>
