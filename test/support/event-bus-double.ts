/** A double of EventBridge's `PutEvents`: keeps the letters that it was sent. It does not check signatures. */
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'
import { type Double, startDouble } from './http-double.ts'

export interface EventBusDouble extends Double {
  /** In the order in which they came. */
  readonly letters: readonly Letter[]
  /** Calls whose entry is refused although the call is not. */
  failEntries: number
}

export async function startEventBusDouble(): Promise<EventBusDouble> {
  const letters: Letter[] = []
  const json = (status: number, body: object) => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  })
  const double = await startDouble({
    operationOf: ({ headers }) => String(headers['x-amz-target']).split('.').at(-1) ?? '',
    answer({ body }) {
      if (bus.failEntries > 0) {
        bus.failEntries--
        return json(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] })
      }
      const { Entries } = JSON.parse(body.toString())
      for (const { Detail } of Entries) letters.push(JSON.parse(Detail))
      return json(200, { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: '1' })) })
    },
    refusal: (status, code) => json(status, { __type: `com.amazonaws.events#${code}` }),
  })
  const bus: EventBusDouble = Object.assign(double, { letters, failEntries: 0 })
  return bus
}
