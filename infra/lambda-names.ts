/** The Lambda functions: the files of `functions/lambda`, and as many folders of `dist/lambda`. */
export const lambdaNames = [
  'ingest',
  'read',
  'log',
  'audit',
  'administer',
  'erase',
  'sequence',
  'sweep',
  'redrive',
  'release',
  'retain',
  'self-audit',
] as const

export type LambdaName = (typeof lambdaNames)[number]
