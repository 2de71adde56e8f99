/** A controller that records too much, as the function on AWS sees it: by the size of its log, in a snapshot that gets old. */
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { eventEndpoints } from '../../../functions/endpoints/events.ts'
import { createHandler } from '../../../functions/http/app.ts'
import { limitControllers } from '../../../functions/http/controller-limit.ts'
import { createController, createSite } from '../../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { newSequencerMemory, sequenceEntries } from '../../../shared/ledger/log/sequencer.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { apiEvent } from '../../support/api-event.ts'
import { answerOf, memoryInstance } from '../../support/memory-instance.ts'
import { controllerDraft, memoryLedger, versionDraft } from '../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../support/memory-log-writer.ts'

const start = Date.parse('2026-11-22T12:00:00.000Z')

it('is refused when its log shows it, for as long as it owes, and another controller is not', async () => {
  const ledger = memoryLedger(new Date(start - 31_000).toISOString())
  const stored: Item[] = []
  const { insert } = ledger.entries
  Object.assign(ledger.entries, {
    async insert(items: readonly Item[]) {
      stored.push(...items.filter(({ values }) => values.leaf !== undefined))
      return insert(items)
    },
  })
  const siteKeys = new Map<string, string>()
  for (const controller of ['acme', 'other']) {
    const identityProvider = { ...controllerDraft.identityProvider, audience: `consent-ledger/${controller}` }
    await createController(ledger, { ...controllerDraft, controller, identityProvider })
    const site = await createSite(ledger, controller, { site: 'web', kind: 'web', name: 'Web', origins: [] })
    siteKeys.set(controller, site.record.key)
    await publishVersion(ledger, controller, versionDraft())
  }
  const worker = newSequencerMemory()
  const sequence = async () => {
    const mine = stored.splice(0).filter(({ pk }) => pk.startsWith('acme'))
    await sequenceEntries(
      memoryLogWriter(ledger),
      'acme',
      mine.map(({ pk, sk }) => ({ key: { pk, sk } })),
      worker,
    )
  }
  await sequence()
  const after = (seconds: number) => ledger.setNow(new Date(start + seconds * 1000).toISOString())
  // The snapshots of the preparations, without the log's size, are too old by then.

  after(0)

  const limitController = limitControllers({ rate: 1, burst: 2 }, ledger.clock)
  const handler = createHandler(eventEndpoints, memoryInstance(ledger, { limitController }))
  const event = () => ({
    eventId: randomUUID(),
    occurredAt: new Date(ledger.clock()).toISOString(),
    subject: { deviceSecret: randomUUID().replaceAll('-', '') },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    ...{ channel: 'web', surface: 'banner', act: 'button' },
  })
  const post = (controller: string, body: object) =>
    answerOf(handler, apiEvent('recordEvents', { query: { key: siteKeys.get(controller) ?? '' }, body }))
  const statuses = async () => [(await post('acme', event())).statusCode, (await post('other', event())).statusCode]

  await post('acme', { events: Array.from({ length: 25 }, event) })
  await post('acme', { events: Array.from({ length: 24 }, event) })
  expect(await statuses()).toEqual([201, 201])
  await sequence()

  after(31)
  expect(await statuses()).toEqual([429, 201])
  const { headers, body } = await post('acme', { events: [event()] })
  // 50 entries and their batch's own at one a second, less the 31 s since the first reading and the burst of two.
  expect([headers?.['retry-after'], JSON.parse(body ?? '').code]).toEqual(['18', 'rate-limited'])
  after(48)
  expect(await statuses()).toEqual([429, 201])
  after(49)
  expect(await statuses()).toEqual([201, 201])
})
