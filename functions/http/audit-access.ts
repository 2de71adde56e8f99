/**
 * What an auditor is admitted to. The token proves who asks (`access.ts`); a standing grant of the controller says what may be read.
 *
 * A refusal depends on the grants and the question alone, and is given before anything of the subject is looked up. So it is the same for
 * people whom the ledger knows and for others.
 */
import {
  type AuditGrant,
  type AuditQuestion,
  grantsFor,
  isSameAuditor,
  type MissingFromGrants,
  purposesShown,
} from '../../shared/consent/audit-grants.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { LedgerError } from '../../shared/errors.ts'
import { type ReadQuestion, recordRead } from '../../shared/ledger/auditors/audit-reads.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import type { AdmitLinked } from '../../shared/ledger/links/linked-subjects.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { currentNames } from '../../shared/ledger/vault/vault.ts'
import type { Call } from './call.ts'
import type { Bearer } from './tokens.ts'

const needed: Readonly<Record<MissingFromGrants, string>> = {
  grant:
    'the controller has given the holder of this token no grant, or has revoked it; POST /v1/controllers/{controller}/grants makes one',
  time: 'no grant of this token’s holder stands at present',
  purpose: 'no standing grant permits this purpose; a question about a policy or about everything needs all purposes',
  subject: 'no standing grant permits this subject',
}

/**
 * The grants that permit the question. Asks the database at most once, and only for what it has not read within 30 s or does not find permitted.
 *
 * @throws `grant-needed` with the member `missing`
 */
export async function grantsOf(
  call: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  question: AuditQuestion,
): Promise<readonly AuditGrant[]> {
  const { judged } = await judgedGrants(call, snapshot, bearer, question)
  if ('permitting' in judged) return judged.permitting
  throw grantNeeded(judged.missing)
}

const grantNeeded = (missing: MissingFromGrants) =>
  new LedgerError('grant-needed', needed[missing], { members: { missing } })

async function judgedGrants(
  { instance: { grants, ledger } }: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  question: AuditQuestion,
) {
  if (grants === undefined) throw new LedgerError('internal', 'this function does not answer auditors')
  const scope = vaultScope(snapshot)
  const now = timestamp(ledger.clock)
  const reader = await grants()
  let own = ownGrants(await reader.recent(scope), bearer)
  if ('missing' in grantsFor(own, question, now)) own = ownGrants(await reader.current(scope), bearer)
  return { own, now, judged: grantsFor(own, question, now) }
}

const ownGrants = (all: readonly AuditGrant[], bearer: Bearer) =>
  all.filter(({ auditor }) => isSameAuditor(auditor, bearer))

/** Which people a caller may be answered about, by the partition keys of their rows in the vault. */
export interface GrantedRows {
  readonly coversAll: boolean
  covers(pk: string): boolean
}

/**
 * Admits a question about many subjects, each of which is then judged by itself.
 *
 * @throws `grant-needed` when no grant stands for the purpose
 */
export async function grantsForMany(
  call: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  purposeId: string | undefined,
): Promise<GrantedRows> {
  const nobody: AuditQuestion = { purposeId, about: { subject: [] } }
  const { own, now, judged } = await judgedGrants(call, snapshot, bearer, nobody)
  if ('permitting' in judged) return { coversAll: true, covers: () => true }
  if (judged.missing !== 'subject') throw grantNeeded(judged.missing)
  const covers = (pk: string) => 'permitting' in grantsFor(own, { purposeId, about: { subject: [pk] } }, now)
  return { coversAll: false, covers }
}

/**
 * Refuses a caller for whom no grant stands, where what the question is about must be looked up before it can be judged. Whoever asks so
 * answers what the grants do not permit as if it were not there.
 *
 * @throws `grant-needed`
 */
export async function requireStandingGrant(call: Call, snapshot: ControllerSnapshot, bearer: Bearer): Promise<void> {
  const { judged } = await judgedGrants(call, snapshot, bearer, { purposeId: undefined, about: { subject: [] } })
  const missing = 'missing' in judged ? judged.missing : undefined
  if (missing === 'grant' || missing === 'time') throw grantNeeded(missing)
}

/**
 * The same for a question about one subject.
 *
 * @returns the purposes whose decisions may be shown; `undefined` for all
 */
export async function admitAbout(
  call: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  subject: Identity,
  purposeId: string | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const names = await currentNames(vaultScope(snapshot), subject)
  return purposesShown(await grantsOf(call, snapshot, bearer, { purposeId, about: { subject: names } }))
}

/**
 * Admits the same question about the subjects that this one is linked to. No answer shows that one of them is not permitted: a grant on some subjects
 * is answered as if there were no link.
 *
 * @returns whether the grants permit the question about all of them; the read is then recorded under each, before anything of theirs is read
 */
export function admitsLinked(
  call: Call,
  snapshot: ControllerSnapshot,
  bearer: Bearer,
  question: ReadQuestion,
  purposeId?: string,
): AdmitLinked {
  return async (linked) => {
    try {
      for (const { stored } of linked)
        await grantsOf(call, snapshot, bearer, { purposeId, about: { subject: [stored.name.pk] } })
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'grant-needed') return false
      throw error
    }
    const reader = holderIdentity('read', bearer)
    for (const { stored } of linked)
      await recordRead(call.instance.ledger, snapshot, reader, stored.name.form, question, stored)
    return true
  }
}
