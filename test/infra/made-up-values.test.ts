/** Examples in `stages.ts` never reach an account: each is refused with what to put there, and real values pass. */
import { describe, expect, it } from 'vitest'
import { exampleAccount, refuseMadeUpValues } from '../../infra/stages/made-up-values.ts'
import { addStage } from '../../infra/stages/stage-stacks.ts'
import { type Stage, type StageDomain, stages } from '../../infra/stages/stages.ts'
import { freshApp } from '../support/fresh-app.ts'

const account = '999988887777'
const certificate = (region: string, of = account) =>
  `arn:aws:acm:${region}:${of}:certificate/6a1b2c3d-4e5f-4789-8abc-0123456789ab`
const domain: StageDomain = {
  name: 'consent.shop.se',
  certificateArn: certificate('us-east-1'),
  api: { name: 'api.consent.shop.se', certificateArn: certificate('eu-north-1') },
  mutualTls: {
    clientCertificateArn: certificate('us-east-1'),
    truststore: { bucket: 'shop-truststore', key: 'authorities.pem' },
  },
}
const real: Stage = {
  ...stages.prod,
  host: 'consent.shop.se',
  domain,
  identity: { administrators: { issuer: 'https://login.shop.se', audience: 'consent-ledger' } },
  alarmEmail: 'on-call@shop.se',
}

describe.each(['staging', 'prod'] as const)('%s as it stands in the repository', (name) => {
  it('is refused as soon as somebody is signed in, value by value', () => {
    let said = ''
    try {
      addStage(freshApp(), name, account)
    } catch (error) {
      said = String(error)
    }
    expect(said).toContain(
      `stage ${name} cannot be deployed to account ${account} before infra/stages/stages.ts is yours`,
    )
    const paths = said.match(/^ {2}[\w.]+/gm)?.map((path) => path.trim())
    expect(paths).toEqual([
      ...['host', 'domain.name', 'domain.api.name', 'domain.mutualTls.truststore.bucket'],
      ...['identity.administrators.issuer', 'identity.administrators.jwksUri', 'identity.tokens.issuer'],
      ...(name === 'prod' ? ['alarmEmail'] : []),
      ...['domain.certificateArn', 'domain.api.certificateArn', 'domain.mutualTls.clientCertificateArn'],
    ])
    for (const line of said.split('\n').slice(1)) expect(line).toMatch(/: replace it with .{20,}\.$/)
    expect(said).not.toContain('a value of your own')
  })

  it('is synthesised without an account', () => {
    expect(() => refuseMadeUpValues(name, stages[name], exampleAccount)).not.toThrow()
  })
})

it('a stage that needs nothing passes as it stands', () => {
  expect(() => refuseMadeUpValues('dev', stages.dev, account)).not.toThrow()
})

it('real values pass', () => {
  expect(() => refuseMadeUpValues('prod', real, account)).not.toThrow()
})

it.each<[string, Partial<Stage>, string]>([
  [
    'a certificate of another account',
    { domain: { ...domain, certificateArn: certificate('us-east-1', exampleAccount) } },
    'in us-east-1 of account',
  ],
  [
    'a certificate of the wrong region',
    { domain: { ...domain, certificateArn: certificate('eu-north-1') } },
    'for consent.shop.se in us-east-1',
  ],
  [
    'an API certificate of the wrong region',
    { domain: { ...domain, api: { ...domain.api, certificateArn: certificate('us-east-1') } } },
    'for api.consent.shop.se in eu-north-1',
  ],
  [
    'a client certificate of no account',
    {
      domain: {
        ...domain,
        mutualTls: {
          clientCertificateArn: 'arn:aws:acm:us-east-1::certificate/1',
          truststore: { bucket: 'b', key: 'k' },
        },
      },
    },
    'domain.mutualTls.clientCertificateArn',
  ],
  [
    'an issuer under a reserved name',
    { identity: { administrators: { issuer: 'https://login.invalid/x', audience: 'a' } } },
    'identity.administrators.issuer',
  ],
  ['a host that is localhost’s cousin', { host: 'ledger.test' }, 'host is ledger.test'],
])('%s is refused', (_, change, sentence) => {
  expect(() => refuseMadeUpValues('prod', { ...real, ...change }, account)).toThrow(sentence)
})

it.each(['https://example.company.se', 'https://my-example.com', 'https://exampled.com', 'https://login.testing.se'])(
  '%s is no example',
  (issuer) => {
    const stage = { ...real, identity: { administrators: { issuer, audience: 'a' } } }
    expect(() => refuseMadeUpValues('prod', stage, account)).not.toThrow()
  },
)
