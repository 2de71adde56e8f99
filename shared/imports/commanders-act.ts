/**
 * Commanders Act's export of consents, CSV (https://community.commandersact.com): `id_hit, id_tagcommander, id_privacy, version, cookie,
 * tc_p_id, date_hit, privacy_action, type_action, device`. `privacy_action` is V for a view, 1 for an opt-in, 0 for an opt-out, -1 for a refusal
 * of all. `cookie` lists the categories of an opt-in; an opt-in that lists none names no purpose, and is refused, because nobody knows to what.
 */
import { Refusal } from './refusal.ts'
import { fieldNamed, listIn, optionalText, type RecordReader, textNamed } from './source-record.ts'
import { readTime } from './times.ts'

const devices: Readonly<Record<string, 'phone' | 'tablet' | 'computer'>> = {
  '1': 'phone',
  '2': 'tablet',
  '3': 'computer',
}
const surfaces: Readonly<Record<string, 'banner' | 'preference-centre'>> = { banner: 'banner', pc: 'preference-centre' }

export const commandersActRecord: RecordReader = (fields) => {
  const action = optionalText(fields, 'privacy_action')
  if (action === 'V') return undefined
  if (action !== '1' && action !== '0' && action !== '-1')
    throw new Refusal('unknown-value', 'privacy_action is V, 1, 0 or -1')
  const categories = listIn(fieldNamed(fields, 'cookie'))
  if (action === '1' && categories.length === 0)
    throw new Refusal('no-decision', 'an opt-in without categories does not say to what')
  const device = devices[optionalText(fields, 'device') ?? '']
  const surface = surfaces[optionalText(fields, 'type_action') ?? '']
  const version = optionalText(fields, 'version')
  return {
    originId: textNamed(fields, 'no-origin-id', 'id_hit'),
    identifier: { id: textNamed(fields, 'no-identifier', 'id_tagcommander') },
    occurredAt: readTime(textNamed(fields, 'no-time', 'date_hit'), { zone: 'UTC' }),
    decisions: action === '1' ? categories.map((purpose) => ({ purpose, verb: 'given' })) : [],
    refusesOthers: true,
    ...(version !== undefined && { version }),
    details: { ...(device && { device }), ...(surface && { surface }) },
  }
}
