/**
 * Erases subjects: deletes their keys from the vault. The function that answers this route may
 *
 *   entries   insert the erasure entry and what holds are made of, query the controller, the subject's events and its holds
 *   vault     query and delete; it cannot insert there
 *   log       query the time of the newest batch, which every snapshot of a controller needs
 *   KMS       decrypt controllers' secrets, to find the subject's rows
 *
 * A subject on whom a legal hold stands is not erased: the answer says so, and the request waits.
 *
 * The answer tells the controller whether the ledger knew the person; nobody else learns it.
 */
import { erasureRequest } from '../../shared/api/schemas/erasures.ts'
import type { ExportAbout } from '../../shared/exports/exports-about.ts'
import { type ErasureResult, eraseSubject } from '../../shared/ledger/erasure/erase-subject.ts'
import type { ErasureReason } from '../../shared/ledger/erasure/erasure-entry.ts'
import { holderIdentity } from '../../shared/ledger/holder-entry.ts'
import type { StoredHold } from '../../shared/ledger/holds/hold-entries.ts'
import type { DeletedRowCopies, Eraser } from '../../shared/ledger/ledger.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerInBody } from '../http/access.ts'
import { type Endpoint, ok, parseBody } from '../http/call.ts'

export const erasureEndpoints = (eraser: Eraser) =>
  ({
    async eraseSubject(call) {
      const { snapshot, bearer } = await controllerInBody(call, 'consent.erase')
      const { controller, subject, ground, scope } = parseBody(call, erasureRequest)
      // A token's holder has two identities in the vault: one for reads, one for administrative acts.
      const identities =
        'issuer' in subject
          ? [holderIdentity('read', subject), holderIdentity('act', subject)]
          : [await identified(subject, snapshot, '/subject/id')]
      const reason = { ground, scope }
      // Which exports had the subject is known only while its keys are.
      const { exportsAbout } = await import('../../shared/exports/exports-about.ts')
      const about = await Promise.all(identities.map((each) => exportsAbout(call.instance.ledger, snapshot, each)))
      const done: ErasureResult[] = []
      for (const identity of identities)
        done.push(await eraseSubject(eraser, vaultScope(snapshot), identity, reason, bearer))
      const mayKnow = bearer.scopes.has('consent.hold')
      return ok(
        erasureAnswer(
          controller,
          reason,
          sumOf(done),
          eraser.deletedRowCopies,
          snapshot.hasEarlierReads,
          mayKnow,
          about.includes('unknown') ? 'unknown' : about.flatMap((each) => (each === 'unknown' ? [] : each)),
        ),
      )
    },
  }) satisfies Record<string, Endpoint>

function sumOf([first, ...others]: readonly ErasureResult[]): ErasureResult {
  if (first === undefined) throw new Error('no identity to erase was given')
  return others.reduce(
    (sum, { erasedAt, subjects, events, held }) => ({
      erasedAt,
      subjects: sum.subjects + subjects,
      events: sum.events + events,
      held: [...sum.held, ...held],
    }),
    first,
  )
}

/**
 * The answer to an erasure: what was done, who holds copies, and until when backups could bring the keys back. It repeats neither identity
 * nor pseudonym, because together they are the link that was erased, and whoever stores the answer would keep it.
 */
export function erasureAnswer(
  controller: string,
  reason: ErasureReason,
  { erasedAt, subjects, events, held }: ErasureResult,
  residue: DeletedRowCopies,
  hasEarlierReads: boolean,
  mayKnowHolds: boolean,
  exports: readonly ExportAbout[] | 'unknown' = [],
) {
  return {
    controller,
    ...reason,
    erasedAt,
    outcome: held.length > 0 ? 'held' : subjects > 0 ? 'erased' : 'nothing-found',
    ...(held.length > 0 && { held: held.map((hold) => holdAgainst(hold, mayKnowHolds)) }),
    events,
    copies: copiesOf(events, hasEarlierReads, exports),
    pending: pendingIn(residue, erasedAt),
  }
}

/** An order of a court may bind the controller to secrecy, also towards those of its staff who erase. */
function holdAgainst({ holdId, ground, until }: StoredHold, mayKnow: boolean) {
  return {
    ...(mayKnow && { holdId }),
    ...((mayKnow || ground !== 'order') && { ground }),
    ...(until !== undefined && { until }),
  }
}

/** The list does not depend on what was found: copies from before an earlier erasure still exist. */
function copiesOf(events: number, hasEarlierReads: boolean, exports: readonly ExportAbout[] | 'unknown') {
  return [
    {
      copy: 'receipts',
      holders: 'known',
      count: events,
      says: 'Each event was answered with a receipt, to the page or the server that sent it, and to the subject whenever it asked. A receipt opens by itself.',
    },
    {
      copy: 'audit-reads',
      holders: 'unknown',
      says: 'Auditors may have had statuses, timelines and proofs. Their reads are recorded, but which of them were about this subject is sealed under its keys, and without these the ledger cannot tell. Ask the auditors.',
    },
    ...exportsCopy(exports),
    ...(hasEarlierReads ? [earlierReads] : []),
    {
      copy: 'log-mirrors',
      holders: 'harmless',
      says: 'Mirrors of the log keep the leaves: an unknown pseudonym and salted digests.',
    },
  ]
}

/** @param exports those that may have had the subject; `unknown` when that cannot be told */
function exportsCopy(exports: readonly ExportAbout[] | 'unknown') {
  if (exports === 'unknown') return [{ copy: 'exports', holders: 'unknown', says: unknownExports }]
  if (exports.length === 0) return []
  const says =
    'These exports may have had the subject: whoever asked for them may have their files. The ledger removes its own copy of the files by `keptUntil`.'
  return [{ copy: 'exports', holders: 'known', count: exports.length, exports, says }]
}

const unknownExports =
  'There are exports, and the ledger cannot tell which of them had the subject, because it does not know the subject (any more). An earlier erasure’s answer named them.'

/** Reads in the earlier form. Entries cannot be deleted, so these stay readable for as long as their reader has keys. */
const earlierReads = {
  copy: 'earlier-reads',
  holders: 'known',
  says: 'This controller was created before reads were recorded in their present form. Earlier reads name their subject, sealed under the key of their reader; they cannot be changed, and the ledger can open them. The self-audit lists those that name a person whom the ledger no longer knows. Erasing their reader closes them.',
}

function pendingIn(residue: DeletedRowCopies, erasedAt: string) {
  switch (residue.in) {
    case 'recovery':
      return {
        in: residue.in,
        until: new Date(Date.parse(erasedAt) + residue.days * 86_400_000).toISOString(),
        says: 'Until then the vault can be restored to a time before the erasure.',
      }
    case 'file':
      return {
        in: residue.in,
        says: 'Deleted rows can be read in the vault’s file until it is vacuumed, which is when the server next stops or starts. Copies of the file are not the ledger’s to know.',
      }
    case 'unknown':
      return { in: residue.in, says: 'The database is not the ledger’s own: what its backups hold is not known.' }
  }
}
