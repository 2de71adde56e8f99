/**
 * The client and the OpenAPI document that a ledger serves: the same operations, with the same methods, paths, parameters and
 * credentials. Every method is called over real HTTP; what it sends is held against the document, and the answers against
 * their schemas.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { descriptions } from '../../../functions/http/openapi.ts'
import { world } from '../../../infra/demo/world/world.ts'
import { audienceOf } from '../../../infra/local/development-issuer.ts'
import { operations } from '../../../shared/server/operations.ts'
import {
  type ControllerDraft,
  type IdentityProviderDraft,
  type OperationId,
  openLedger,
  type ServerLedger,
  type VersionDraft,
} from '../../../shared/server/server.ts'
import { type EventBody, noon } from '../../support/demo-calls.ts'
import { aDeviceSecret, type RunningLedger, siteKeyOf, startLedger } from '../../support/running-ledger.ts'
import { endpointCalls } from './endpoint-calls.ts'
import { exportCalls } from './export-calls.ts'

// biome-ignore lint/suspicious/noExplicitAny: the test walks the document as any reader of JSON would
type Json = any

interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly answer: unknown
}

/** Without a method: bytes of the log, for clients of C2SP logs; what c15t's clients speak; pages for browsers; health for load balancers. */
const isElsewhere = (id: string) =>
  /^(getTile|getConsole|getConsoleFile|getPreferencesPage|getIcon|getHealth|showUnsubscribe|unsubscribe|showConfirmation|confirm|showPolicies|showPolicy|showVersion|showDifference|getFeed|getFront|getReference|getReferenceFile|askDelivery|reportCompletion|c15t.*)$/.test(
    id,
  )

let running: RunningLedger
let document: Json
let client: ServerLedger
const sent: Sent[] = []

const clientOf = (controller: string): ServerLedger =>
  openLedger({
    url: running.url,
    controller,
    siteKey: siteKeyOf(running, 'ljungsten/web'),
    token: (scope) => running.token(scope, scope === 'ledger.admin' ? 'ledger' : controller),
    clock: () => Date.parse(running.now()),
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const text = await response.clone().text()
      const isJson = (response.headers.get('content-type') ?? '').includes('json')
      const { method = 'GET', headers } = init ?? {}
      const answer = isJson ? JSON.parse(text) : text
      sent.push({ method, url: new URL(String(input)), headers: new Headers(headers), answer })
      return response
    },
  })

beforeAll(async () => {
  running = await startLedger()
  running.setClock(noon)
  client = clientOf('ljungsten')
  document = await client.getOpenApi()
})
afterAll(() => running.close())

const described = (): Map<string, { method: string; path: string; operation: Json }> =>
  new Map(
    Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, operation]) => [
        operation.operationId,
        { method: method.toUpperCase(), path, operation },
      ]),
    ),
  )

describe('the operations', () => {
  it('are those of the document, and each has a method', () => {
    const expected = [...described().keys()].filter((id) => !isElsewhere(id)).sort()
    expect(Object.keys(operations).sort()).toEqual(expected)
    expect(Object.keys(client).sort()).toEqual(expected)
  })

  it.each(Object.entries(operations))('%s is sent as the document says', (id, { method, path, ...rest }) => {
    const known = described().get(id)
    expect([method, path]).toEqual([known?.method, known?.path])
    const { credential } = rest as { credential?: string }
    const kinds: Record<string, unknown> = {
      none: [],
      site: [{ siteKey: [] }],
      person: [
        { siteKey: [], device: [] },
        { siteKey: [], token: [] },
      ],
    }
    expect(known?.operation.security).toEqual(kinds[credential ?? 'none'] ?? [{ token: [credential] }])
    const answers = Object.keys(known?.operation.responses['200'].content)
    expect(answers[0] === 'application/json').toBe(!('text' in rest))
  })
})

const kim = { type: 'email', id: 'kim@example.org' } as const
const people = { deviceSecret: aDeviceSecret() }
const decided = {
  decisions: [{ purposeId: 'statistics', verb: 'given' }],
  shown: [{ policyId: 'cookie-policy' }],
} as const
const at = '2026-11-22T09:00:00Z'
const topic = { subject: kim, policyId: 'general-terms', at, knownAt: at }

const importOfOne = {
  importId: '2b1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11',
  system: 'didomi',
  site: 'web',
  format: 'didomi',
  files: [{ name: 'events.json', bytes: 2 }],
} as const

const holdOnAll = {
  holdId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90',
  ground: 'order',
  covers: { before: '2020-01-01T00:00:00Z' },
} as const

const grantOfAll = {
  grantId: '0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11',
  auditor: { issuer: 'https://idp.example', client: 'reports' },
  name: 'Reports',
  purposes: ['statistics'],
  subjects: 'all',
  from: '2020-01-01T00:00:00Z',
  until: '2090-01-01T00:00:00Z',
} as const

const mandateForKim = {
  subject: kim,
  mandateId: '5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e91',
  kind: 'delegate',
  ground: 'appointment',
  covers: { kind: 'all' },
  from: '2020-01-01T00:00:00Z',
  until: '2090-01-01T00:00:00Z',
} as const

const linkShown = [{ policyId: 'privacy-policy', version: '2' }] as const

async function linkOf(account: string, ledger: ServerLedger) {
  const request = { deviceSecret: aDeviceSecret(), requestId: randomUUID(), shown: linkShown }
  return ledger.linkOwn({ token: await running.token('', 'ljungsten', account) }, request)
}

const linkOfKim = (customer: string) =>
  ({
    ...{ subjects: [kim, { type: 'customer', id: customer }], ground: 'one contract', requestId: randomUUID() },
    ...{ shown: linkShown, presentationId: 'account-link' },
  }) as const

function firstVersion() {
  const { policyId: _, effectiveFrom: __, ...draft } = world.tallmo.publications[0]?.draft ?? { policyId: '' }
  return { ...draft, version: '1', purposes: [] } as unknown as VersionDraft
}

/** Each method with everything that may be said to it. */
const calls: Readonly<Record<OperationId, (ledger: ServerLedger) => Promise<unknown>>> = {
  recordEvents: (ledger) => ledger.recordEvents({ ...decided, subject: { identifier: kim } }, { return: 'minimal' }),
  recordOwnEvents: (ledger) => ledger.recordOwnEvents(people, { ...decided, new: true }, { return: 'minimal' }),
  getOwnConsents: (ledger) => ledger.getOwnConsents(people, { at, knownAt: at }),
  getOwnReceipts: async (ledger) => {
    const { receiptId } = await ledger.recordOwnEvents(people, decided)
    return ledger.getOwnReceipts(people, { receiptId, limit: 1, after: receiptId })
  },
  getOwnReads: (ledger) => ledger.getOwnReads(people, { after: '0'.repeat(32) }),
  getOwnHistory: async (ledger) => {
    const { receiptId } = await ledger.recordOwnEvents(people, decided)
    return ledger.getOwnHistory(people, { limit: 1, after: receiptId })
  },
  getOwnRecord: async (ledger) => {
    const { receiptId } = await ledger.recordOwnEvents(people, decided)
    return ledger.getOwnRecord(people, { after: receiptId })
  },
  listOwnErasureRequests: (ledger) => ledger.listOwnErasureRequests(people),
  askErasure: (ledger) => ledger.askErasure(people),
  listErasureRequests: (ledger) => ledger.listErasureRequests({ after: `${'x'.repeat(43)}.0` }),
  decideErasure: async (ledger) => {
    const { requests } = await ledger.askErasure(people)
    return ledger.decideErasure({
      requestId: requests[0]?.requestId ?? '',
      decision: 'refused',
      ground: 'legal-claims',
    })
  },
  getNotice: (ledger) => ledger.getNotice('cookie-policy', { locale: 'sv-SE' }, people),
  listPolicies: (ledger) => ledger.listPolicies(),
  getPolicy: (ledger) => ledger.getPolicy('cookie-policy', { at }),
  listVersions: (ledger) => ledger.listVersions('cookie-policy'),
  getVersion: (ledger) => ledger.getVersion('cookie-policy', '2'),
  diffVersions: (ledger) => ledger.diffVersions('cookie-policy', { from: '1', to: '2', locale: 'en', by: 'lines' }),
  getText: async (ledger) => {
    const { texts } = await ledger.getVersion('cookie-policy', '2')
    const text = await ledger.getText(texts[0]?.sha256 ?? '')
    expect(text).toMatch(/^# /)
    return text
  },
  getOpenApi: (ledger) => ledger.getOpenApi(),
  getCheckpoint: (ledger) => ledger.getCheckpoint(),
  listCheckpoints: (ledger) => ledger.listCheckpoints({ after: 2 }),
  getLogPolicy: (ledger) => ledger.getLogPolicy(),
  askConsents: (ledger) => ledger.askConsents(topic),
  askTimeline: (ledger) => ledger.askTimeline(topic),
  askProof: (ledger) => ledger.askProof(topic),
  checkConsents: (ledger) => ledger.checkConsents({ purposeId: 'newsletter', subjects: [kim] }),
  askSample: async (ledger) => {
    const { checkpoints } = await ledger.listCheckpoints()
    return ledger.askSample({ size: checkpoints.at(-1)?.size ?? 0, seed: '00'.repeat(16), count: 1 })
  },
  createController: (ledger) => {
    const identityProvider = running.local.issuer.provider('consent-ledger/grytan')
    const draft = { ...world.tallmo.controller, controller: 'grytan', identityProvider }
    return ledger.createController(draft as ControllerDraft)
  },
  changeIdentityProvider: (ledger) => {
    const identityProvider = running.local.issuer.provider(audienceOf('ljungsten'))
    return ledger.changeIdentityProvider({ change: 1, identityProvider } as IdentityProviderDraft)
  },
  changeKeys: (ledger) => ledger.changeKeys({ change: 1, keys: ['notice'], stolen: false, ground: 'yearly' }),
  createSite: (ledger) => ledger.createSite({ site: 'shop', kind: 'web', name: 'Shop', origins: [] }),
  listSites: (ledger) => ledger.listSites(),
  changeOrigins: (ledger) => ledger.changeOrigins('shop', { change: 1, origins: ['https://shop.example.org'] }),
  revokeSite: (ledger) => ledger.revokeSite('shop'),
  publishVersion: (ledger) => ledger.publishVersion('house-rules', firstVersion()),
  publishPresentation: (ledger) => {
    const refusal = { label: { en: 'No' }, layer: 1 }
    const draft = { presentationId: 'p', wording: { en: 'May we?' }, controls: [], refusal }
    return ledger.publishPresentation('house-rules', draft)
  },
  retractVersion: (ledger) => ledger.retractVersion('privacy-policy', { version: '3', reason: 'a mistake' }),
  getStatistics: (ledger) =>
    ledger.getStatistics({
      ...{ from: '2026-11-01', to: '2026-11-30', by: 'day,version', k: 20 },
      ...{ purposeId: 'statistics', policyId: 'cookie-policy' },
    }),
  listReads: (ledger) => ledger.listReads({ day: '2026-11-22', after: '0'.repeat(32) }),
  makeGrant: (ledger) => ledger.makeGrant(grantOfAll),
  listGrants: (ledger) => ledger.listGrants({ after: '00000000-0000-0000-0000-000000000000' }),
  revokeGrant: async (ledger) => {
    await ledger.makeGrant(grantOfAll)
    return ledger.revokeGrant(grantOfAll.grantId)
  },
  ...endpointCalls,
  makeImport: (ledger) => ledger.makeImport(importOfOne),
  listImports: async (ledger) => {
    await ledger.makeImport(importOfOne)
    return ledger.listImports({ after: '00000000-0000-0000-0000-000000000000' })
  },
  getImport: async (ledger) => {
    await ledger.makeImport(importOfOne)
    return ledger.getImport(importOfOne.importId)
  },
  startImport: async (ledger) => {
    const { files } = await ledger.makeImport({
      ...importOfOne,
      importId: randomUUID(),
      files: [{ name: 'a.csv', bytes: 1 }],
    })
    await fetch(files[0]?.upload?.url ?? '', { method: 'PUT', body: 'a' })
    return ledger.startImport(
      (await ledger.listImports()).imports.find(({ files }) => files[0]?.bytes === 1)?.importId ?? '',
    )
  },
  cancelImport: async (ledger) => {
    await ledger.makeImport(importOfOne)
    return ledger.cancelImport(importOfOne.importId)
  },
  ...exportCalls,
  listDispositions: (ledger) => ledger.listDispositions({ after: 3 }),
  eraseSubject: (ledger) => ledger.eraseSubject({ subject: kim, ground: 'order', scope: 'subject' }),
  linkOwn: (ledger) => linkOf('anna', ledger),
  unlinkOwn: async (ledger) => {
    const { linkId } = await linkOf('bo', ledger)
    return ledger.unlinkOwn({ token: await running.token('', 'ljungsten', 'bo') }, { linkId, requestId: randomUUID() })
  },
  linkIdentifiers: (ledger) => ledger.linkIdentifiers(linkOfKim('cilla')),
  unlinkIdentifiers: async (ledger) => {
    const { linkId } = await ledger.linkIdentifiers(linkOfKim('dag'))
    return ledger.unlinkIdentifiers({ subject: kim, linkId, ground: 'a mistake', requestId: randomUUID() })
  },
  recordMandate: (ledger) => ledger.recordMandate(mandateForKim),
  revokeMandate: async (ledger) => {
    await ledger.recordMandate(mandateForKim)
    return ledger.revokeMandate(mandateForKim.mandateId, kim)
  },
  makeHold: (ledger) => ledger.makeHold(holdOnAll),
  releaseHold: async (ledger) => {
    await ledger.makeHold(holdOnAll)
    return ledger.releaseHold(holdOnAll.holdId)
  },
  mintUnsubscribeLink: (ledger) =>
    ledger.mintUnsubscribeLink({ subject: { identifier: kim }, purposes: ['newsletter'] }),
  requestConfirmation: (ledger) =>
    ledger.requestConfirmation({
      subject: { identifier: kim },
      decisions: [{ purposeId: 'newsletter', verb: 'given' }],
      shown: [{ policyId: 'privacy-policy' }],
    }),
  listHolds: (ledger) => ledger.listHolds({ after: '00000000-0000-0000-0000-000000000000' }),
}

it.each(Object.entries(calls))('%s: what it sends and what it returns', async (id, call) => {
  sent.length = 0
  const returned = await call(client)
  const last = sent.at(-1)
  const { method, path, operation } = described().get(id) ?? {}
  expect(last?.method).toBe(method)
  expect(last?.url.pathname).toMatch(new RegExp(`^${path?.replace(/\{\w+\}/g, '[^/]+')}$`))
  const parameters: EventBody[] = operation.parameters ?? []
  const inQuery = parameters.filter((p) => p.in === 'query' && p.name !== 'format').map((p) => p.name)
  expect([...(last?.url.searchParams.keys() ?? [])].sort()).toEqual(inQuery.sort())
  expect(last?.headers.has('x-site-key')).toBe(operation.security.some((s: EventBody) => 'siteKey' in s))
  expect(returned).toEqual(last?.answer)
  const { answers } = descriptions[id as OperationId]
  const schemas = Object.values(answers)
  expect(schemas.map((schema) => schema.safeParse(returned)).filter(({ success }) => success)).not.toEqual([])
})

it('what is published twice, or erased twice, is answered like the first time', async () => {
  const site = { site: 'kiosk', kind: 'app', name: 'Kiosk', origins: [] } as const
  expect(await client.createSite(site)).toEqual(await client.createSite(site))
  const rules = firstVersion()
  expect(await client.publishVersion('rules', rules)).toEqual(await client.publishVersion('rules', rules))
  const erased = () => client.eraseSubject({ subject: { ...kim, id: 'sam@example.org' }, ground: 'order' })
  await client.recordEvents({ ...decided, subject: { identifier: { ...kim, id: 'sam@example.org' } } })
  expect([(await erased()).outcome, (await erased()).outcome]).toEqual(['erased', 'nothing-found'])
})
