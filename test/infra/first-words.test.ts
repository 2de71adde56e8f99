/** What a first deployment of the construct shows: its outputs, and a sentence instead of a deployment that would fail. */
import { RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { ConsentLedger, type ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { LedgerEdge, type LedgerEdgeProps } from '../../infra/consent-ledger/edge.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { freshApp } from '../support/fresh-app.ts'
import { alone, bare, type Json, synthesised } from '../support/synthesised.ts'

const ledger = (scope: Construct, id = 'Consent', props: Partial<ConsentLedgerProps> = {}) =>
  new ConsentLedger(scope, id, {
    host: 'consent.example.org',
    administrators: { issuer: 'https://login.example.org', audience: 'ledger' },
    ...props,
  })
const stores = (scope: Construct) => new LedgerStores(scope, 'Stores')
const edge = (scope: Construct, props: Partial<LedgerEdgeProps> = {}) =>
  new LedgerEdge(scope, 'Edge', {
    name: 'ledger',
    domainName: 'consent.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
    apiDomainName: 'api.consent.example.org',
    objectsName: 'objects',
    servedName: 'served',
    objectsRegion: 'eu-west-1',
    clientCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/2',
    ...props,
  })

describe('a stack', () => {
  const noRegion =
    "the stack Theirs has no region, and a consent ledger needs one: new Stack(app, 'Theirs', { env: { region: 'eu-north-1' } })"
  it.each<[string, (scope: Construct) => unknown, StackProps, string]>([
    ['without a region', (scope) => ledger(scope), {}, noRegion],
    ['without a region, of stores alone', stores, {}, noRegion],
    ['without a region, of an edge', (scope) => edge(scope), {}, noRegion],
    [
      'of an edge in another region',
      (scope) => edge(scope),
      { env: { region: 'eu-west-1' } },
      "the stack Theirs is in eu-west-1, and CloudFront's certificates and web ACLs are in us-east-1: give LedgerEdge a stack with { env: { region: 'us-east-1' } }",
    ],
  ])('%s is refused in one sentence', (_, make, props, sentence) => {
    expect(() => make(new Stack(freshApp(), 'Theirs', props))).toThrow(new Error(sentence))
  })

  it('needs no literal account', () => {
    expect(() => ledger(new Stack(freshApp(), 'Theirs', { env: { region: 'eu-west-1' } }))).not.toThrow()
  })
})

describe('an address that could not be changed or reached', () => {
  const truststore = { bucket: 'authorities', key: 'authorities.pem' }
  const domain = { name: 'api.example.org', certificateArn: 'arn:aws:acm:eu-west-1::certificate/1', truststore }
  it.each<[string, Partial<ConsentLedgerProps>, string]>([
    [
      'a host that is an address',
      { host: 'https://consent.example.org' },
      'host: https://consent.example.org is no DNS',
    ],
    ['a host with a space, of which no key can have the name', { host: 'consent example' }, 'is no DNS name'],
    ['a host with a plus', { host: 'consent+1.example.org' }, 'is no DNS name'],
    ['a host in capitals', { host: 'Consent.example.org' }, 'is no DNS name'],
    ['a host with a path', { host: 'example.org/consent' }, 'is no DNS name'],
    ['no host', { host: '' }, 'is no DNS name'],
    [
      'a slash at the end',
      { publicUrl: 'https://consent.example.org/' },
      'publicUrl: https://consent.example.org/ is not',
    ],
    ['no https', { publicUrl: 'http://consent.example.org' }, 'publicUrl: http://consent.example.org is not'],
    ['a query', { publicUrl: 'https://consent.example.org?a' }, 'is not https://'],
    ['an edge, and callers told the API’s own domain', { isBehindEdge: true, domain }, 'isBehindEdge: give publicUrl'],
    ['client certificates, and callers without one', { domain }, 'domain.truststore: only CloudFront has'],
    [
      'a certificate of another region',
      { domain: { name: domain.name, certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1' } },
      'domain.certificateArn: the certificate is in us-east-1, and the API, in eu-west-1, takes one of eu-west-1',
    ],
  ])('is refused: %s', (_, props, sentence) => {
    expect(() => alone(() => props)).toThrow(sentence)
  })

  it.each<Partial<ConsentLedgerProps>>([
    { host: 'ledger' },
    { host: 'xn--samtycke-q1a.example.org', publicUrl: 'https://example.org:8443/consent' },
    { host: Token.asString({ Ref: 'Host' }), publicUrl: Token.asString({ Ref: 'Address' }) },
  ])('is none of %o', (props) => {
    expect(() => alone(() => props)).not.toThrow()
  })

  it('is refused where it is the edge’s and the API’s', () => {
    const same = (scope: Construct) => edge(scope, { domainName: 'api.consent.example.org' })
    expect(() => same(new Stack(freshApp(), 'Edge', { env: { region: 'us-east-1' } }))).toThrow(
      'apiDomainName: api.consent.example.org is domainName too',
    )
  })
})

describe('two ledgers', () => {
  const env = { region: 'eu-west-1' }
  const two = (first: Partial<ConsentLedgerProps>, second: Partial<ConsentLedgerProps>, region = env.region) => {
    const app = freshApp()
    const stack = new Stack(app, 'Theirs', { env })
    ledger(stack, 'One', first)
    ledger(region === env.region ? stack : new Stack(app, 'Other', { env: { region } }), 'Two', second)
  }

  it('that would share metrics and alarms are refused', () => {
    expect(() => two({}, {})).toThrow('name: Theirs/One is called Theirs too')
    expect(() => two({ name: 'consent' }, { name: 'consent' })).toThrow('is called consent too')
  })

  it('are told apart by a name or a region', () => {
    expect(() => two({}, { name: 'second' })).not.toThrow()
    expect(() => two({ name: 'consent' }, { name: 'consent' }, 'eu-north-1')).not.toThrow()
  })
})

describe('administrators', () => {
  const administrators = { issuer: 'urn:example:ledger-key', audience: 'ledger' }

  it('whose keys nothing leads to are refused in one sentence', () => {
    expect(() => alone(() => ({ administrators }))).toThrow(
      'administrators: nothing leads from the issuer urn:example:ledger-key to its keys',
    )
  })

  it.each([{ jwks: { keys: [{ kty: 'OKP' }] } }, { jwksUri: 'https://login.example.org/jwks.json' }])(
    '%o lead there',
    (keys) => {
      expect(() => alone(() => ({ administrators: { ...administrators, ...keys } }))).not.toThrow()
    },
  )
})

describe('outputs', () => {
  const outputsOf = (templates: Readonly<Record<string, Json>>, stack: string) =>
    Object.entries<Json>(templates[stack].Outputs).map(([id, { Value }]) => [bare(id), Value] as const)
  const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value['Fn::Join'][1]))

  it('of an outsider’s stack are the address and what to do next', () => {
    const outputs = new Map(outputsOf(alone().templates, 'Outsider'))
    expect([...outputs.keys()]).toEqual(['LedgerOutputsUrl', 'LedgerOutputsNext'])
    expect(outputs.get('LedgerOutputsUrl')).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^LedgerFrontDoorApi/), 'ApiEndpoint'],
    })
    const next = text(outputs.get('LedgerOutputsNext'))
    for (const step of ['/healthz', 'https://login.example.org', 'ledger.admin', '/v1/controllers', 'consent.admin'])
      expect(next).toContain(step)
    expect(next).toContain('is destroyed with its stack')
  })

  it.each([
    [{ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }, 'set deletionProtection'],
    [{ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, deletionProtection: true }, 'What cannot be undone'],
  ])('say what comes after the first deployment with %o', (retention, sentence) => {
    const outputs = new Map(outputsOf(alone(() => retention).templates, 'Outsider'))
    expect(text(outputs.get('LedgerOutputsNext'))).toContain(sentence)
  })

  it.each(['dev', 'staging', 'prod'] as const)('of %s have names for scripts', (name) => {
    const outputs = Object.keys(synthesised(name).templates[`consent-ledger-${name}`].Outputs)
    expect(outputs).toEqual(expect.arrayContaining(['Url', 'Next']))
  })

  it('fit CloudFormation, with the longest values', () => {
    const long = `https://${'login'.repeat(10)}.example.org/${'tenant'.repeat(10)}`
    const administrators = { issuer: long, audience: 'a'.repeat(64) }
    const outputs = new Map(outputsOf(alone(() => ({ administrators, publicUrl: long })).templates, 'Outsider'))
    expect(text(outputs.get('LedgerOutputsNext')).length).toBeLessThanOrEqual(1024)
  })
})
