/** Answers an auditor who asks for a random sample of the log. The question is recorded as a read before it is answered. */
import { sampleQuestion } from '../../shared/api/schemas/sample-question.ts'
import { recordLogRead } from '../../shared/ledger/auditors/log-reads.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { sampleLog } from '../../shared/ledger/proofs/sample-log.ts'
import { controllerInBody } from '../http/access.ts'
import { grantsOf } from '../http/audit-access.ts'
import { type Answer, type Call, ok, parseBody } from '../http/call.ts'

export async function sampleFor(call: Call): Promise<Answer> {
  const { snapshot, bearer } = await controllerInBody(call, 'consent.audit')
  const { controller, ...sample } = parseBody(call, sampleQuestion)
  await grantsOf(call, snapshot, bearer, { about: { sample } })
  const { ledger } = call.instance
  await recordLogRead(ledger, snapshot, holderIdentity('read', bearer), {
    route: call.route.id,
    ...sample,
    subjects: 0,
  })
  const seed = Buffer.from(sample.seed, 'hex')
  const drawn = await sampleLog(ledger, controller, { ...sample, seed })
  return ok({ schemaVersion: 'consent-sample@1', controller, ...sample, ...drawn })
}
