/** Refuses identifiers that name nobody: after normalisation all such people would be one subject. */
import type { Identity } from '../../consent/event.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { normaliseIdentity } from './identity-names.ts'

/** For recording: also refuses a phone number without a digit. A person who was recorded under one before can still be asked about and erased. */
export async function recordable(identity: Identity, snapshot: ControllerSnapshot, field: string): Promise<Identity> {
  if (identity.type === 'phone' && !/\p{Nd}/u.test(identity.id)) throw noIdentifier('no-digits', field)
  return identified(identity, snapshot, field)
}

/**
 * Checks an identifier and returns it as it was written, because the vault needs the spelling to find a subject that was recorded under an
 * earlier form. Normalisation can empty an identifier. That is refused, or all such people would share one subject.
 */
export async function identified(
  identity: Identity,
  { controller: { country } }: ControllerSnapshot,
  field: string,
): Promise<Identity> {
  const { id: normalised } = await normaliseIdentity(identity, country)
  if (normalised.length > 256) throw noIdentifier('too-long', field)
  if (normalised === '') throw noIdentifier('empty', field)
  return identity
}

/** Rules that an identifier can break, by the names that the problem document states. */
const identifierRules = {
  empty: 'at least one character that normalisation leaves: it removes invisible ones, and spaces at both ends',
  'too-long': 'at most 256 characters after normalisation',
  'no-digits': 'a phone number with at least one digit',
}

function noIdentifier(rule: keyof typeof identifierRules, field: string): LedgerError {
  return new LedgerError('invalid-request', 'the identifier names nobody', {
    field,
    allowed: identifierRules[rule],
    members: { rule },
  })
}
