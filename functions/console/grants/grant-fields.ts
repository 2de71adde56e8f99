/** The form of a grant as it is filled in, and the request that follows from it. The ledger checks the request; here only what a form can ask. */
import type { GrantDraft, Identifier } from '../../../shared/server/wire.ts'

export interface GrantFields {
  readonly name: string
  /** A person is known by the claim `sub` of their tokens, a program by its client. */
  readonly holderKind: 'subject' | 'client'
  readonly holder: string
  /** Empty: the controller's own identity provider. */
  readonly issuer: string
  /** Empty: every purpose and policy. */
  readonly purposes: readonly string[]
  readonly about: 'all' | 'named' | 'sample'
  readonly peopleType: Identifier['type']
  /** One identifier a line. */
  readonly people: string
  readonly sampleSize: string
  readonly sampleSeed: string
  readonly sampleCount: string
  /** As the browser's field has it, in the reader's time zone; empty: at once. */
  readonly from: string
  readonly until: string
}

export const emptyFields: GrantFields = {
  ...{ name: '', holderKind: 'subject', holder: '', issuer: '', purposes: [], about: 'all' },
  ...{ peopleType: 'email', people: '', sampleSize: '', sampleSeed: '', sampleCount: '', from: '', until: '' },
}

/** @param grantId chosen once for the form, so that a repeated request makes no second grant */
export function draftOf(fields: GrantFields, grantId: string): GrantDraft {
  const { name, holder, holderKind, issuer, purposes, from, until } = fields
  const issued = issuer.trim() === '' ? {} : { issuer: issuer.trim() }
  return {
    grantId,
    auditor: holderKind === 'subject' ? { ...issued, subject: holder.trim() } : { ...issued, client: holder.trim() },
    name: name.trim(),
    subjects: subjectsOf(fields),
    ...(purposes.length > 0 && { purposes: [...purposes] }),
    ...(from !== '' && { from: new Date(from).toISOString() }),
    until: new Date(until).toISOString(),
  }
}

function subjectsOf(fields: GrantFields): GrantDraft['subjects'] {
  const { about, peopleType, sampleSize, sampleSeed, sampleCount } = fields
  if (about === 'all') return 'all'
  if (about === 'named') return { named: namesIn(fields).map((id) => ({ type: peopleType, id })) }
  return { sample: { size: Number(sampleSize), seed: sampleSeed.trim(), count: Number(sampleCount) } }
}

/** The identifiers of the form, each once. */
export function namesIn({ people }: Pick<GrantFields, 'people'>): readonly string[] {
  return [...new Set(people.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
}
