/**
 * Answers machines that send mail or measure: may this be done now, for each of these people? The caller needs a grant, as an auditor does:
 * it says in the controller's words who asks, for which purposes, until when, and is what the people are told. The batch is recorded before
 * it is answered (`record-checks.ts`).
 */
import { checkedSubject, checksEnvelope, type UnansweredReason } from '../../shared/api/schemas/checks.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { LedgerError } from '../../shared/errors.ts'
import { historyOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import { checksOf } from '../../shared/ledger/checks/check-subjects.ts'
import { recordBatch } from '../../shared/ledger/checks/record-checks.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { currentNames } from '../../shared/ledger/vault/vault.ts'
import { controllerInBody } from '../http/access.ts'
import { type GrantedRows, grantsForMany } from '../http/audit-access.ts'
import { type Answer, type Call, ok, parseBody } from '../http/call.ts'
import { admitByToken } from '../http/token-controller.ts'

const scope = 'consent.check'

export async function checksFor(call: Call): Promise<Answer> {
  // A gateway leaves a large body unread for a caller without a token for it, who is told so.
  if (call.body === undefined) await admitByToken(call, scope)
  const { snapshot, bearer } = await controllerInBody(call, scope)
  const { controller, subjects, ...asked } = parseBody(call, checksEnvelope)
  const { ledger } = call.instance
  const topic = asked.purposeId === undefined ? { policyId: asked.policyId ?? '' } : { purposeId: asked.purposeId }
  const granted = await grantsForMany(call, snapshot, bearer, asked.purposeId)
  const history = await historyOf(ledger, snapshot, topic)
  const checkedAt = timestamp(ledger.clock)
  const reader = holderIdentity('read', bearer)
  const batch = recordBatch(ledger, snapshot, reader, { route: call.route.id, controller, ...topic }, subjects.length)
  const check = checksOf(ledger, snapshot, { topic, history }, checkedAt, batch, granted.covers)
  const answers = subjects.map(async (subject) => {
    const named = await subjectNamed(subject, snapshot, granted)
    return typeof named === 'string' ? { permitted: false, reason: named } : check(named)
  })
  const [results] = await Promise.all([Promise.all(answers), batch.stored])
  return ok({ checkedAt, ...topic, results })
}

/** The person of an entry, or why there is no answer about them. */
async function subjectNamed(
  given: unknown,
  snapshot: ControllerSnapshot,
  granted: GrantedRows,
): Promise<Identity | UnansweredReason> {
  const { data } = checkedSubject.safeParse(given)
  if (data === undefined || 'sub' in data) return 'invalid-entry'
  try {
    await identified(data, snapshot, '/subjects')
  } catch (error) {
    const rule = error instanceof LedgerError ? error.facts.members?.rule : undefined
    if (rule === 'empty' || rule === 'too-long') return rule
    throw error
  }
  if (granted.coversAll) return data
  const names = await currentNames(vaultScope(snapshot), data)
  return names.some(granted.covers) ? data : 'grant-needed'
}
