/** Limits that a deployment chooses: where each arrives in the templates, and values that would let nothing through are refused. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { describe, expect, it, test } from 'vitest'
import { parseControllerLimit } from '../../functions/http/controller-limit.ts'
import type { ConsentLedgerProps } from '../../infra/consent-ledger/consent-ledger.ts'
import { defaultLimits, LedgerFirewall, type LedgerFirewallProps } from '../../infra/consent-ledger/firewall.ts'
import { LedgerStores } from '../../infra/consent-ledger/stores.ts'
import { defaultControllerLimit, defaultThrottles, type Throttle } from '../../infra/consent-ledger/throttles.ts'
import type { Stage } from '../../infra/stages/stages.ts'
import { freshApp } from '../support/fresh-app.ts'
import { alone, changed, type Json, type Synthesised, synthesised } from '../support/synthesised.ts'

const warm = { writeUnitsPerSecond: 20_000, readUnitsPerSecond: 60_000 }
const warmed = { WriteUnitsPerSecond: 20_000, ReadUnitsPerSecond: 60_000 }
const chosen: Partial<Stage> = {
  throttles: { site: { rate: 3000, burst: 5000 } },
  controllerLimit: { rate: 7, burst: 70 },
  limits: { site: 600_000 },
  warmThroughput: warm,
}
const stage = changed('prod', { stage: chosen })

const warmth = (of: Synthesised) =>
  of.of('AWS::DynamoDB::GlobalTable').map(({ properties }) => properties.WarmThroughput)
const controllerLimits = (of: Synthesised) =>
  of.of('AWS::Lambda::Function').flatMap(({ id, properties }) =>
    Object.entries(properties.Environment?.Variables ?? {})
      .filter(([name]) => name === 'CONTROLLER_LIMIT')
      .map(([, value]) => [id.slice(0, -8), value]),
  )
const siteLimits = (of: Synthesised) =>
  of
    .of('AWS::WAFv2::WebACL')[0]
    ?.properties.Rules.filter(({ Name }: Json) => Name.startsWith('site-'))
    .map(({ Statement }: Json) => Statement.RateBasedStatement.Limit)

describe('a stage’s choice', () => {
  test('of throttles is the route’s, and the others keep their defaults', () => {
    const routes = stage.of('AWS::ApiGatewayV2::Stage')[0]?.properties.RouteSettings
    expect(routes['POST /v1/events']).toEqual({ ThrottlingRateLimit: 3000, ThrottlingBurstLimit: 5000 })
    expect(routes['GET /v1/me/consents'].ThrottlingRateLimit).toBe(defaultThrottles.subject.rate)
  })

  test('of a controller’s limit reaches the function that records, and it alone', () => {
    expect(controllerLimits(stage)).toEqual([['LedgerFunctionsIngest', '7:70']])
    const [[, given] = []] = controllerLimits(synthesised('prod'))
    expect(parseControllerLimit(String(given))).toEqual(defaultControllerLimit)
  })

  test('of a site’s limit is the web ACL’s, wherever the key stands', () => {
    expect(siteLimits(stage)).toEqual([600_000, 600_000, 600_000])
    expect(siteLimits(synthesised('prod'))).toEqual([150_000, 150_000, 150_000])
  })

  test('of warm throughput is each table’s', () => {
    expect(warmth(stage)).toEqual([warmed, warmed, warmed])
    expect(warmth(synthesised('prod'))).toEqual([undefined, undefined, undefined])
  })
})

test('the construct warms the tables that it makes, and refuses to warm those that it is given', () => {
  expect(warmth(alone(() => ({ warmThroughput: warm })))).toEqual([warmed, warmed, warmed])
  expect(warmth(alone())).toEqual([undefined, undefined, undefined])
  const given = (stack: Stack) => ({ stores: new LedgerStores(stack, 'Given'), warmThroughput: warm })
  expect(() => alone(given)).toThrow('of the stores')
})

describe('refused at synthesis', () => {
  it.each<[said: string, props: Partial<ConsentLedgerProps>]>([
    ['throttles.site.rate: 0 is not a whole number of 1 or more', { throttles: { site: { rate: 0, burst: 10 } } }],
    ['throttles.audit.rate: 0.5', { throttles: { audit: { rate: 0.5, burst: 10 } } }],
    ['throttles.audit.rate: NaN', { throttles: { audit: { rate: Number.NaN, burst: 10 } } }],
    ['throttles.public.rate: -1', { throttles: { public: { rate: -1, burst: 10 } } }],
    ['throttles.public.burst: Infinity', { throttles: { public: { rate: 1, burst: Number.POSITIVE_INFINITY } } }],
    [
      'throttles.site.burst: 99 is not a whole number of 100 or more',
      { throttles: { site: { rate: 100, burst: 99 } } },
    ],
    ['controllerLimit.rate: 0', { controllerLimit: { rate: 0, burst: 1 } }],
    ['controllerLimit.burst: 9 is not a whole number of 10 or more', { controllerLimit: { rate: 10, burst: 9 } }],
    ['warmThroughput.writeUnitsPerSecond: 3999', { warmThroughput: { ...warm, writeUnitsPerSecond: 3999 } }],
    ['warmThroughput.readUnitsPerSecond: 11999', { warmThroughput: { ...warm, readUnitsPerSecond: 11_999 } }],
  ])('%s', (said, props) => {
    expect(() => alone(() => props)).toThrow(said)
  })

  it.each<[said: string, limits: LedgerFirewallProps['limits']]>([
    ['limits.site: 9 is not a whole number of 10 to 2000000000', { site: 9 }],
    ['limits.token: 10.5', { token: 10.5 }],
    ['limits.all: 3000000000', { all: 3_000_000_000 }],
    ['limits.record: 100 is more than limits.all, 99', { record: 100, all: 99 }],
    ['limits.token: 100 is more than limits.tokensOfOneAddress, 99', { token: 100, tokensOfOneAddress: 99 }],
  ])('%s', (said, limits) => {
    const stack = new Stack(freshApp(), 'Edge', { env: { region: 'us-east-1' } })
    expect(() => new LedgerFirewall(stack, 'Firewall', { name: 'a', ...(limits && { limits }) })).toThrow(said)
  })
})

test('no address alone spends what a site has, with whatever tokens it invents', () => {
  const { record, tokensOfOneAddress, site } = defaultLimits
  expect(record + tokensOfOneAddress).toBeLessThan(0.6 * site)
})

test('the README’s table has every limit with its default', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../infra/README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\|[^|]+\|[^|]+\| ([^|]+) \| `([\w.]+)`[^|]*\|$/gm)].map(([, value, prop]) => [
    prop,
    value,
  ])
  const { record, all, site, token, tokensOfOneAddress } = defaultLimits
  const perSecond = ({ rate, burst }: Throttle) => `${rate} a second, ${burst} at once`
  const others = Object.entries(defaultThrottles).flatMap(([access, { rate }]) => (access === 'site' ? [] : [rate]))
  expect(Object.fromEntries(rows)).toEqual({
    'limits.record': String(record),
    'limits.all': String(all),
    'limits.site': String(site),
    'limits.token': String(token),
    'limits.tokensOfOneAddress': String(tokensOfOneAddress),
    controllerLimit: perSecond(defaultControllerLimit),
    'throttles.site': perSecond(defaultThrottles.site),
    throttles: `${Math.max(...others)} to ${Math.min(...others)} a second`,
  })
})
