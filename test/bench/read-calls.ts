/**
 * What questions about one person ask of DynamoDB, counted request by request over HTTP on a ledger of its own, whose log stands still. The
 * controller's snapshot and the log's tiles are in memory already, as they are in a server that has answered before.
 */
import type { DynamoCall } from '../../functions/aws/dynamodb.ts'
import { deviceIdentity } from '../../functions/http/access.ts'
import { audit, device, minuteMs, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, startLedger } from '../support/running-ledger.ts'
import { controller, purposeId, site } from './visits.ts'

export type Question = 'state' | 'auditState' | 'timeline' | 'laterPage' | 'proof'

/** The operations of each question, in alphabetical order: some are under way at the same time. */
export async function countReadCalls(): Promise<Record<Question, readonly DynamoCall['operation'][]>> {
  const calls: DynamoCall[] = []
  const ledger = await startLedger({
    clockOnlyGoesOn: true,
    cycleMs: 24 * 60 * minuteMs,
    onCall: (call) => calls.push(call),
  })
  try {
    const secret = aDeviceSecret()
    for (let n = 0; n < 2; n++) await record(ledger, visitorEvent(ledger, secret))
    await ledger.local.runner.settle()
    const subject = deviceIdentity(secret)
    const { at, knownAt, next } = (await audit(ledger, 'timeline', { subject, purposeId, limit: 1 })).json
    const ask: Record<Question, () => Promise<Reply>> = {
      state: () => ledger.get(`/v1/me/consents?key=${ledger.key(`${controller}/${site}`)}`, device(secret)),
      auditState: () => audit(ledger, 'consents', { subject }),
      timeline: () => audit(ledger, 'timeline', { subject, purposeId }),
      laterPage: () => audit(ledger, 'timeline', { subject, purposeId, at, knownAt, after: next }),
      proof: () => audit(ledger, 'proofs', { subject, purposeId }),
    }
    const count = async (question: Question) => {
      await ask[question]()
      calls.length = 0
      const { status, text } = await ask[question]()
      if (status !== 200) throw new Error(`${question}: ${status} ${text.slice(0, 500)}`)
      return calls.map(({ operation }) => operation).sort()
    }
    return {
      state: await count('state'),
      auditState: await count('auditState'),
      timeline: await count('timeline'),
      laterPage: await count('laterPage'),
      proof: await count('proof'),
    }
  } finally {
    await ledger.close()
  }
}
