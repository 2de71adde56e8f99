/**
 * Consent events of Didomi, as its batch import and its exports write them (https://developers.didomi.io/integrations/batch-import): an array of
 * `{id, created_at, user: {organization_user_id, id, metadata}, consents: {purposes: [{id, enabled}]}}`.
 */
import { Refusal } from './refusal.ts'
import { type RecordReader, type SourceDecision, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

export const didomiRecord: RecordReader = (fields) => {
  const user = objectIn(fields.user)
  const own = user.organization_user_id ?? user.id
  if (typeof own !== 'string' || own === '') throw new Refusal('no-identifier', 'there is no user.organization_user_id')
  const { purposes } = objectIn(fields.consents)
  if (!Array.isArray(purposes)) throw new Refusal('no-decision', 'there is no consents.purposes')
  const decisions = purposes.map((each: unknown): SourceDecision => {
    const { id, enabled } = objectIn(each)
    if (typeof id !== 'string' || typeof enabled !== 'boolean')
      throw new Refusal('unknown-value', 'a purpose has an id and enabled, true or false')
    return { purpose: id, verb: enabled ? 'given' : 'refused' }
  })
  if (decisions.length === 0) throw new Refusal('no-decision', 'consents.purposes is empty')
  return {
    originId: textNamed(fields, 'no-origin-id', 'id'),
    identifier: { id: own },
    occurredAt: readTime(textNamed(fields, 'no-time', 'created_at'), { zone: 'UTC' }),
    decisions,
  }
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
