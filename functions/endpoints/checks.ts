/**
 * Answers machines that send mail or measure: may this be done now, for each of these people? The caller needs a grant, as an auditor does:
 * it says in the controller's words who asks, for which purposes, until when, and is what the people are told. The batch is recorded before
 * it is answered (`record-checks.ts`).
 */
import { checkedSubject, checksEnvelope, type UnansweredReason } from '../../shared/api/schemas/checks.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { linkedType } from '../../shared/consent/proof-file.ts'
import { LedgerError } from '../../shared/errors.ts'
import { historyOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import { checksOf } from '../../shared/ledger/checks/check-subjects.ts'
import { recordBatch } from '../../shared/ledger/checks/record-checks.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { findByPseudonym } from '../../shared/ledger/vault/find-by-pseudonym.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { currentNames, type StoredSubject, storedUnder } from '../../shared/ledger/vault/vault.ts'
import { controllerInBody } from '../http/access.ts'
import { type GrantedRows, grantsForMany } from '../http/audit-access.ts'
import { type Answer, type Call, ok, parseBody } from '../http/call.ts'
import { admitByToken } from '../http/token-controller.ts'
import type { Instance } from '../instance.ts'

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
    const named = await subjectNamed(call.instance, subject, snapshot, granted)
    return typeof named === 'string' ? { permitted: false, reason: named } : check(named.subject, named.stored)
  })
  const [results] = await Promise.all([Promise.all(answers), batch.stored])
  return ok({ checkedAt, ...topic, results })
}

interface NamedSubject {
  readonly subject: Identity
  /** Rows in the vault that were found by a pseudonym. */
  readonly stored?: StoredSubject
}

/** The person of an entry, or why there is no answer about them. */
async function subjectNamed(
  instance: Instance,
  given: unknown,
  snapshot: ControllerSnapshot,
  granted: GrantedRows,
): Promise<NamedSubject | UnansweredReason> {
  const { data } = checkedSubject.safeParse(given)
  if (data === undefined) return 'invalid-entry'
  if ('sub' in data) return subjectBehind(instance, data.sub, snapshot, granted)
  try {
    await identified(data, snapshot, '/subjects')
  } catch (error) {
    const rule = error instanceof LedgerError ? error.facts.members?.rule : undefined
    if (rule === 'empty' || rule === 'too-long') return rule
    throw error
  }
  if (granted.coversAll) return { subject: data }
  const names = await currentNames(vaultScope(snapshot), data)
  return names.some(granted.covers) ? { subject: data } : 'grant-needed'
}

/** The person whom a pseudonym leads to. One that leads to nobody is like an identifier that the ledger does not know. */
async function subjectBehind(
  { ledger, subjectFinder }: Instance,
  sub: string,
  snapshot: ControllerSnapshot,
  granted: GrantedRows,
): Promise<NamedSubject | UnansweredReason> {
  if (subjectFinder === undefined) throw new LedgerError('internal', 'this function finds nobody by pseudonym')
  const pk = await findByPseudonym({ vault: ledger.vault, finder: subjectFinder }, vaultScope(snapshot), sub)
  if (!granted.coversAll && (pk === undefined || !granted.covers(pk))) return 'grant-needed'
  const subject = { type: linkedType, id: sub }
  const stored = pk === undefined ? undefined : await storedUnder(ledger, { form: subject, pk })
  return { subject, ...(stored && { stored }) }
}
