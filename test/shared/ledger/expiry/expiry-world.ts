/** A controller whose consents end after days, endpoints that want to hear of it, and a clock in days. Nothing sleeps. */
import type { ClientEvent } from '../../../../shared/consent/client-event.ts'
import type { Endpoint } from '../../../../shared/consent/endpoint.ts'
import { publishVersion } from '../../../../shared/ledger/controllers/publish-policies.ts'
import { announceExpiry } from '../../../../shared/ledger/expiry/announce-expiry.ts'
import { messageSource } from '../../../../shared/ledger/fan-out/make-messages.ts'
import { changeEndpoint, makeEndpoint } from '../../../../shared/ledger/fan-out/manage-endpoints.ts'
import { newSequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { recordEvents } from '../../../../shared/ledger/recording/record-events.ts'
import type { ReceivedEvent } from '../../../../shared/ledger/recording/recorded-event.ts'
import type { Key, Table } from '../../../../shared/ledger/store.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysIfReadable } from '../../../../shared/ledger/vault/vault.ts'
import { memorySubjectFinder } from '../../../support/memory-finder.ts'
import { memoryLedger, seeded, submission, versionDraft } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'
import type { MemoryTable, MemoryTableOptions } from '../../../support/memory-table.ts'
import { purpose } from '../../consent/scenario.ts'

const startMs = Date.parse('2026-12-01T09:10:00.000Z')
export const day = (n: number): string => new Date(startMs + n * 24 * 3_600_000).toISOString()

/** `mail` ends after 30 days, `calls` after 20, `cookies` after five years, and `twice` after 30 from its confirmation. */
export const policyId = 'ends'
export const purposes = [
  purpose({ purposeId: 'mail', validity: 'P30D' }),
  purpose({ purposeId: 'calls', validity: 'P20D' }),
  purpose({ purposeId: 'cookies', validity: 'P5Y' }),
  purpose({ purposeId: 'twice', validity: 'P30D', doubleOptIn: true }),
]

export interface ToldMessage {
  readonly type: string
  readonly timestamp: string
  readonly data: {
    readonly leaf: number
    readonly subject?: string
    readonly purposeId?: string
    readonly policyId?: string
    readonly version?: string
    readonly regime?: object
    readonly expiresAt?: string
    readonly days?: number
    readonly given?: number
    readonly ask?: string
    readonly identifier?: { readonly id: string }
  }
}

/** @param faults of the entries table, once it is `armed` */
export async function expiryWorld(faults: Pick<MemoryTableOptions, 'fault'> = {}) {
  let isArmed = false
  const fault: MemoryTableOptions['fault'] = (operation, key) => (isArmed ? faults.fault?.(operation, key) : undefined)
  const ledger = memoryLedger(day(-1), { entries: { fault }, log: { fault }, vault: { fault } })
  const waiting: Key[] = []
  const entries: Table = {
    ...ledger.entries,
    async insert(items) {
      const outcomes = await ledger.entries.insert(items)
      // An answer that was lost may be of an item that is stored: the sequencer finds it, as the stream of the table has it.
      waiting.push(...items.filter(({ values }) => values.leaf !== undefined).map(({ pk, sk }) => ({ pk, sk })))
      return outcomes
    },
  }
  const recorder = { ...ledger, entries, stored: ledger.entries as MemoryTable }
  await seeded(recorder)
  await publishVersion(recorder, 'acme', versionDraft({ policyId, purposes }))
  const current = async () => {
    const snapshot = await ledger.controllers.current('acme')
    if (snapshot === undefined) throw new Error('no controller')
    return snapshot
  }
  const scope = vaultScope(await current())
  const finder = memorySubjectFinder(ledger.vault)
  const by = { issuer: 'urn:test', client: 'administrator' }
  let events = 0
  ledger.setNow(day(0))

  const world = {
    ledger: recorder,
    scope,
    current,
    arm(on: boolean) {
      isArmed = on
    },
    at: (n: number) => ledger.setNow(day(n)),
    async sequence() {
      const wasArmed = isArmed
      isArmed = false
      const keys = waiting.splice(0)
      const stored = await ledger.entries.get(
        keys.filter((key, i) => keys.findIndex((k) => k.sk === key.sk && k.pk === key.pk) === i),
      )
      const items = stored.flatMap((item) => item ?? [])
      await sequenceEntries(
        memoryLogWriter(ledger),
        'acme',
        items.map(({ pk, sk }) => ({ key: { pk, sk } })),
        newSequencerMemory(),
      )
      isArmed = wasArmed
    },
    async endpoint(name: string, more: Partial<Endpoint> = {}) {
      const settings = {
        url: 'https://crm.example/hook',
        payload: 'thin',
        state: 'enabled',
        types: ['consent.expired'],
      } as const
      return makeEndpoint(recorder, scope, { ...settings, endpoint: name, ...more }, by)
    },
    async change(name: string, change: number, more: Partial<Endpoint> = {}) {
      const settings = {
        url: 'https://crm.example/hook',
        payload: 'thin',
        state: 'enabled',
        types: ['consent.expired'],
      } as const
      return changeEndpoint(recorder, scope, { ...settings, ...more, endpoint: name, change }, by)
    },
    async say(
      person: string,
      decisions: ClientEvent['decisions'],
      more: Partial<ClientEvent> = {},
      received: Partial<ReceivedEvent> = {},
    ) {
      const at = new Date(ledger.clock()).toISOString()
      const given = submission(
        {
          ...{
            eventId: `${String(++events).padStart(8, '0')}-0000-4000-8000-000000000000`,
            occurredAt: at,
            sentAt: at,
          },
          ...{ act: 'button', decisions, shown: [{ policyId, version: '1', locale: 'en' }] },
          ...more,
        },
        { identity: { type: 'account', id: person }, assurance: 'authenticated', ...received },
      )
      const { outcomes } = await recordEvents(recorder, await current(), [given])
      const [outcome] = outcomes
      if (outcome?.outcome !== 'recorded') throw new Error(`not recorded: ${JSON.stringify(outcome)}`)
      return outcome.opened
    },
    /** The pseudonym of a person; empty for one of whom nothing is recorded. */
    async subOf(person: string) {
      const keys = await subjectKeysIfReadable(recorder, scope, { type: 'account', id: person })
      return keys?.sub ?? ''
    },
    /** Puts what is recorded into the log, looks for ends, and puts those into the log. */
    async run(goesOn?: () => boolean) {
      await world.sequence()
      const done = await announceExpiry({ ledger: recorder, finder }, await current(), goesOn)
      await world.sequence()
      return done
    },
    /** All messages of an endpoint, from the first leaf on. */
    async messages(name: string, from = 0): Promise<ToldMessage[]> {
      const source = messageSource({ ...recorder, finder, baseUrl: () => 'https://ledger.example' })
      const found: ToldMessage[] = []
      for (let next = from; ; ) {
        const work = { kind: 'new', from: next, sequence: found.length + 1 } as const
        const answer = await source.messages({ controller: 'acme', endpoint: name, work })
        found.push(...answer.messages.map(({ body }) => JSON.parse(body)))
        if (answer.isEnd) return found
        next = answer.next
      }
    },
    /** What they say, shortly: `expired mail day 30`. */
    async told(name: string): Promise<string[]> {
      return (await world.messages(name)).map(({ type, data }) => {
        const inDays = (Date.parse(data.expiresAt ?? '') - startMs) / (24 * 3_600_000)
        return `${type.replace('consent.', '')} ${data.purposeId} ${Math.round(inDays * 100) / 100}`
      })
    },
  }
  return world
}

export type ExpiryWorld = Awaited<ReturnType<typeof expiryWorld>>
export const given = (...ids: string[]) => ids.map((purposeId) => ({ purposeId, verb: 'given' as const }))
