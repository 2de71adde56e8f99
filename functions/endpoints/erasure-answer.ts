/**
 * What the controller is told of an erasure: what was done, who received copies before, and until when the link may still be brought
 * back. It repeats no identity and no pseudonym: that would be the very link that is to be gone, in whatever keeps the answer.
 */

import type { ErasureResult } from '../../shared/ledger/erase-subject.ts'
import type { ErasureReason } from '../../shared/ledger/erasure-entry.ts'
import type { DeletedRowCopies } from '../../shared/ledger/ledger.ts'

export function erasureAnswer(
  controller: string,
  reason: ErasureReason,
  { erasedAt, subjects, events }: ErasureResult,
  residue: DeletedRowCopies,
  hasEarlierReads: boolean,
) {
  return {
    controller,
    ...reason,
    erasedAt,
    outcome: subjects > 0 ? 'erased' : 'nothing-found',
    events,
    copies: copiesOf(events, hasEarlierReads),
    pending: pendingIn(residue, erasedAt),
  }
}

/** The same list whatever was found: what was handed out before an earlier erasure is still out there. */
function copiesOf(events: number, hasEarlierReads: boolean) {
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
      says: 'Auditors may have had statuses, timelines and proofs. Their reads are recorded, but which of them were about this subject was sealed under its keys, and the ledger can no longer tell. Ask the auditors.',
    },
    ...(hasEarlierReads ? [earlierReads] : []),
    {
      copy: 'log-mirrors',
      holders: 'harmless',
      says: 'Mirrors of the log keep the leaves: an unknown pseudonym and salted digests.',
    },
  ]
}

/** Reads recorded in the earlier form. Entries are insert-only, so these stay, and open as long as their reader has keys. */
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
