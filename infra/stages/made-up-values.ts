/**
 * The stages of this repository name invented certificates, hosts and issuers, so that they can be synthesised and checked without an
 * account. A deployment with them would fail after half an hour, or make logs under a name that can never change. So synthesis with an
 * account refuses them, and names what to put in their places.
 *
 * A value counts as made up when it is a name that RFC 2606 or RFC 6761 reserves, or a certificate outside the account and region.
 */
import type { Stage } from './stages.ts'

/** Account of a synthesis without credentials. AWS's documentation uses it for examples, so it belongs to no one. */
export const exampleAccount = '111122223333'

/** @throws Error for users, with one sentence for each value that is still made up. Without an account nothing is refused. */
export function refuseMadeUpValues(name: string, stage: Stage, account: string): void {
  if (account === exampleAccount) return
  const wrong = [...examplesIn(stage, ''), ...foreignCertificates(stage, account)]
  if (wrong.length === 0) return
  throw new Error(
    `stage ${name} cannot be deployed to account ${account} before infra/stages/stages.ts is yours:\n${wrong.map((each) => `  ${each}`).join('\n')}`,
  )
}

const reserved = /(^|[.@/])(example\.(com|net|org)|[a-z0-9-]+\.(example|invalid|test))(?=$|[/:])/i

const instead: Readonly<Record<string, string>> = {
  host: 'the name that the logs keep for ever, usually that of the domain',
  'domain.name': 'the name at which clients reach the ledger',
  'domain.api.name': 'a name below the domain, at which CloudFront reaches the API',
  'identity.administrators.issuer': 'the iss of the tokens that your identity provider gives administrators',
  'identity.administrators.jwksUri': 'the jwks_uri of that provider, or leave it out',
  'domain.mutualTls.truststore.bucket':
    'the bucket that holds the authority of CloudFront’s client certificate, in PEM',
  'identity.tokens.issuer':
    'the iss of all tokens, or leave tokens out where controllers have providers of their own or tokens name one audience only',
  alarmEmail: 'the address that is mailed when an alarm goes off',
}

function examplesIn(value: unknown, path: string): string[] {
  if (typeof value === 'string')
    return reserved.test(value)
      ? [`${path} is ${value}, an example: replace it with ${instead[path] ?? 'a value of your own'}.`]
      : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => examplesIn(each, path === '' ? key : `${path}.${key}`))
}

const certificateArn = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):(\d{12}):certificate\/(?!0{8}-)[0-9a-f-]{36}$/

function foreignCertificates({ domain, region }: Stage, account: string): string[] {
  if (domain === undefined) return []
  const certificates = [
    ['domain.certificateArn', domain.certificateArn, 'us-east-1', domain.name],
    ['domain.api.certificateArn', domain.api.certificateArn, region, domain.api.name],
    ['domain.mutualTls.clientCertificateArn', domain.mutualTls.clientCertificateArn, 'us-east-1', 'CloudFront'],
  ] as const
  return certificates.flatMap(([path, arn, wantedRegion, subject]) => {
    const [, itsRegion, itsAccount] = certificateArn.exec(arn) ?? []
    if (itsRegion === wantedRegion && itsAccount === account) return []
    return [
      `${path} is ${arn}: replace it with the ARN of the ACM certificate for ${subject} in ${wantedRegion} of account ${account}.`,
    ]
  })
}
