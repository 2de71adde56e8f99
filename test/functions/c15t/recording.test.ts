/** What a decision meets when something is wrong on our side: the client waits and repeats it, and nothing is lost or doubled. */
import { beforeEach, describe, expect, it } from 'vitest'
import { c15tRecording } from '../../../functions/c15t/recording.ts'
import { deviceIdentity } from '../../../functions/http/access.ts'
import { createHandler } from '../../../functions/http/app.ts'
import { eventsOf } from '../../../shared/ledger/answers/answers-for-subject.ts'
import { createController, createSite } from '../../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { type ApiRequest, apiEvent } from '../../support/api-event.ts'
import { answerOf, memoryInstance } from '../../support/memory-instance.ts'
import { controllerDraft, type MemoryLedger, memoryLedger, versionDraft } from '../../support/memory-ledger.ts'
import { banner } from './names.ts'

const now = '2026-11-22T12:00:00.000Z'
const refusal = banner({ newsletter: false }, { givenAt: Date.parse(now) })

let ledger: MemoryLedger
let siteKey: string
let handler: ReturnType<typeof createHandler>
/** Struck once: the next insert of an event does nothing, or is done and its answer lost. */
let fault: 'before' | 'after' | undefined

beforeEach(async () => {
  fault = undefined
  ledger = memoryLedger(now, {
    entries: {
      fault: (operation, { sk }) => {
        if (operation !== 'insert' || !sk.startsWith('event#')) return undefined
        const struck = fault
        fault = undefined
        return struck
      },
    },
  })
  // Nobody listens there: the keys of this provider cannot be read.
  const identityProvider = { issuer: 'urn:test', audience: 'acme', jwksUri: 'http://127.0.0.1:9/keys' }
  await createController(ledger, { ...controllerDraft, identityProvider })
  const draft = { site: 'web', kind: 'web', name: 'Web', origins: ['https://acme.example'] } as const
  siteKey = (await createSite(ledger, 'acme', draft)).record.key
  handler = createHandler(c15tRecording, memoryInstance(ledger))
})

async function post(body: object, headers: ApiRequest['headers'] = {}) {
  const origin = { origin: 'https://acme.example', ...headers }
  const answer = await answerOf(handler, apiEvent('c15tRecord', { path: { siteKey }, headers: origin, body }))
  return { status: answer.statusCode, headers: answer.headers, json: JSON.parse(answer.body ?? '{}') }
}

const recorded = async () => {
  const snapshot = await ledger.controllers.current('acme')
  return snapshot ? eventsOf(ledger, snapshot, deviceIdentity(refusal.subjectId)) : []
}

describe('503, in its form, that its page may read', () => {
  it('while nothing is published: the client keeps the decision until then', async () => {
    const early = await post(refusal)
    expect(early).toMatchObject({ status: 503, json: { code: 'UNAVAILABLE', status: 503, defined: true } })
    expect(early.headers).toMatchObject({
      'retry-after': '1',
      'access-control-allow-origin': 'https://acme.example',
      'access-control-allow-credentials': 'true',
    })
    await publishVersion(ledger, 'acme', versionDraft())
    expect((await post(refusal)).status).toBe(200)
    expect(await recorded()).toHaveLength(1)
  })

  it.each(['before', 'after'] as const)(
    'when the table fails %s the insert, and the same again is one event',
    async (when) => {
      await publishVersion(ledger, 'acme', versionDraft())
      fault = when
      expect((await post(refusal)).status).toBe(503)
      expect(await post(refusal)).toMatchObject({ status: 200, json: { appliedPreferences: { newsletter: false } } })
      expect(await recorded()).toHaveLength(1)
    },
  )

  it('when nothing can be known of a token, and the device’s decision is recorded all the same', async () => {
    await publishVersion(ledger, 'acme', versionDraft())
    const token = ['{"alg":"ES256","kid":"1"}', '{"sub":"acct-1"}', 'x'].map((part) =>
      Buffer.from(part).toString('base64url'),
    )
    const claimed = { ...refusal, externalSubjectId: 'acct-1' }
    const reply = await post(claimed, { authorization: `Bearer ${token.join('.')}` })
    expect(reply.status).toBe(503)
    expect(await recorded()).toHaveLength(1)
    expect((await post(claimed)).status).toBe(200)
    expect(await recorded()).toHaveLength(1)
  })
})

it('names that changed between two tries change nothing of what is recorded', async () => {
  await publishVersion(ledger, 'acme', versionDraft())
  const first = await post(refusal)
  const snapshot = await ledger.controllers.recent('acme')
  Object.assign(snapshot?.sites.get('web') ?? {}, { c15t: { purposes: { marketing: 'newsletter' } } })
  const again = await post(refusal)
  expect((await post(banner({ marketing: false }))).json.appliedPreferences).toEqual({
    necessary: true,
    marketing: false,
  })
  expect([again.status, again.json.consentId]).toEqual([200, first.json.consentId])
  expect(await recorded()).toHaveLength(2)
})
