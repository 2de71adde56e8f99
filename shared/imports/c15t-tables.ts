/**
 * c15t's tables (c15t.com, backend 2.x): rows of `consent`, with `externalId` of its `subject` where there is one, as one query joins them:
 *
 *   select c.*, s."externalId", p.version from consent c join subject s on s.id = c."subjectId" left join "consentPolicy" p on p.id = c."policyId"
 *
 * `purposeIds` has the purposes that were allowed, so a purpose that the import maps and that is not there was refused.
 */
import { fieldNamed, listIn, optionalText, type RecordReader, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

const controls: Readonly<Record<string, 'accept-all' | 'refuse-all' | 'save-choices'>> = {
  all: 'accept-all',
  accept: 'accept-all',
  necessary: 'refuse-all',
  reject: 'refuse-all',
  custom: 'save-choices',
}
const surfaces: Readonly<Record<string, 'banner' | 'preference-centre'>> = {
  banner: 'banner',
  dialog: 'preference-centre',
  widget: 'preference-centre',
}

export const c15tRecord: RecordReader = (fields) => {
  const given = fieldNamed(fields, 'purposeIds', 'purpose_ids')
  const purposes = typeof given === 'object' && given !== null && 'json' in given ? given.json : given
  const control = controls[optionalText(fields, 'consentAction', 'consent_action') ?? '']
  const surface = surfaces[optionalText(fields, 'uiSource', 'ui_source') ?? '']
  const tcString = optionalText(fields, 'tcString', 'tc_string')
  const version = optionalText(fields, 'version', 'policyVersion')
  return {
    originId: textNamed(fields, 'no-origin-id', 'id'),
    identifier: { id: textNamed(fields, 'no-identifier', 'externalId', 'external_id', 'subjectId', 'subject_id') },
    occurredAt: readTime(textNamed(fields, 'no-time', 'givenAt', 'given_at'), { zone: 'UTC' }),
    decisions: listIn(purposes).map((purpose) => ({ purpose, verb: 'given' })),
    refusesOthers: true,
    ...(version !== undefined && { version }),
    details: {
      ...(control && { act: 'button', control }),
      ...(surface && { surface }),
      ...(tcString !== undefined && { signals: { tcString } }),
    },
  }
}
