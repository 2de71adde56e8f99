/** The Lambda functions: the files of `functions/lambda`, and as many folders of `dist/lambda`. Those that answer over HTTP come first. */
import { handlerNames } from '../shared/api/routes.ts'

export const lambdaNames = [
  ...handlerNames,
  ...([
    'sequence',
    'sweep',
    'redrive',
    'release',
    'retain',
    'self-audit',
    'import',
    'export',
    'messages',
    'deliver',
    'statistics',
    'expiry',
    'witness',
  ] as const),
] as const

export type LambdaName = (typeof lambdaNames)[number]
