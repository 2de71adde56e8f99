/** What a first deployment of the construct shows: its outputs, and a sentence instead of a deployment that would fail. */
import { App, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { ConsentLedger } from '../../infra/consent-ledger/consent-ledger.ts'
import { LedgerEdge } from '../../infra/consent-ledger/edge.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { alone, bare, type Json, synthesised } from '../support/synthesised.ts'

const ledger = (scope: Construct) =>
  new ConsentLedger(scope, 'Consent', {
    host: 'consent.example.org',
    administrators: { issuer: 'https://login.example.org', audience: 'ledger' },
  })
const stores = (scope: Construct) => new LedgerStores(scope, 'Stores')
const edge = (scope: Construct) =>
  new LedgerEdge(scope, 'Edge', {
    name: 'ledger',
    domainName: 'consent.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
    apiDomainName: 'api.consent.example.org',
    objectsName: 'objects',
    servedName: 'served',
    objectsRegion: 'eu-west-1',
    clientCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/2',
  })

describe('a stack', () => {
  const noRegion =
    "the stack Theirs has no region, and a consent ledger needs one: new Stack(app, 'Theirs', { env: { region: 'eu-north-1' } })"
  it.each<[string, (scope: Construct) => unknown, StackProps, string]>([
    ['without a region', ledger, {}, noRegion],
    ['without a region, of stores alone', stores, {}, noRegion],
    ['without a region, of an edge', edge, {}, noRegion],
    [
      'of an edge in another region',
      edge,
      { env: { region: 'eu-west-1' } },
      "the stack Theirs is in eu-west-1, and CloudFront's certificates and web ACLs are in us-east-1: give LedgerEdge a stack with { env: { region: 'us-east-1' } }",
    ],
  ])('%s is refused in one sentence', (_, make, props, sentence) => {
    expect(() => make(new Stack(new App(), 'Theirs', props))).toThrow(new Error(sentence))
  })

  it('needs no literal account', () => {
    expect(() => ledger(new Stack(new App(), 'Theirs', { env: { region: 'eu-west-1' } }))).not.toThrow()
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
