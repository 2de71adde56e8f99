/** All grants in a table, each with its state, and a button to revoke those that stand or will. */
import type { Grant } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { stateOf } from './grant-list.ts'
import { RevokeButton } from './revoke-button.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface GrantTableProps {
  readonly grants: readonly Grant[]
  readonly onRevoked: (grant: Grant) => void
}

export function GrantTable({ grants, onRevoked }: GrantTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const now = new Date().toISOString()
  const aboutOf = ({ subjects }: Grant) => {
    if (subjects === 'all') return words('aboutAll')
    return 'named' in subjects
      ? words('aboutNamed', { count: subjects.named })
      : words('aboutSample', { count: subjects.sample.count, size: formats.number(subjects.sample.size) })
  }
  return (
    <DataTable
      caption={words('table', { count: grants.length })}
      columns={[words('name'), words('what'), words('people'), words('term'), words('state')]}
      rows={grants.map((grant) => {
        const { grantId, name, auditor, purposes, from, until, revokedAt } = grant
        const state = stateOf(grant, now)
        return [
          <>
            {name}
            <br />
            <code>{auditor.subject ?? auditor.client}</code>
          </>,
          purposes === undefined ? words('everything') : formats.list(purposes),
          aboutOf(grant),
          words('fromUntil', { from: formats.day(from), until: formats.day(until) }),
          <>
            {state === 'revoked' && revokedAt !== undefined
              ? words('revoked', { at: formats.day(revokedAt) })
              : words(`state-${state}`)}
            {(state === 'stands' || state === 'later') && (
              <RevokeButton grantId={grantId} name={name} onRevoked={() => onRevoked(grant)} />
            )}
          </>,
        ]
      })}
      empty={words('none')}
    />
  )
}
