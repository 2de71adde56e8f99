/** Records of any table, by a mapping that says which column is what (`ImportMapping` of the API). */
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { importedVerbs, type MappedValue, type Mapping } from '../api/schemas/imports.ts'
import type { ClientEvent } from '../consent/client-event.ts'
import { Refusal } from './refusal.ts'
import type { Fields } from './rows.ts'
import type { RecordReader, SourceDecision, SourceRecord } from './source-record.ts'
import { readTime } from './times.ts'

export function mappedRecords(mapping: Mapping): RecordReader {
  return (fields): SourceRecord => {
    const id = read(fields, mapping.identifier.id)
    if (id === undefined) throw new Refusal('no-identifier', 'the column of the identifier is empty')
    const { column, ...form } = mapping.occurredAt
    const time = member(fields, column)
    if (time === undefined) throw new Refusal('no-time', `${column} is empty`)
    const decisions = mapping.decisions.flatMap((decision) => decisionIn(fields, decision))
    if (decisions.length === 0) throw new Refusal('no-decision', 'no column has a decision')
    const type = mapping.identifier.type && read(fields, mapping.identifier.type)
    const version = mapping.version && read(fields, mapping.version)
    return {
      originId: mapping.originId
        ? originIn(fields, mapping.originId)
        : hash('sha256', String(canonicalize(fields)), 'base64url'),
      identifier: { id, ...(type !== undefined && { type }) },
      occurredAt: readTime(time, form),
      decisions,
      ...(version !== undefined && { version }),
      ...textIn(fields, mapping),
      details: detailsIn(fields, mapping),
    }
  }
}

function decisionIn(fields: Fields, { purpose, policyId, verb }: Mapping['decisions'][number]): SourceDecision[] {
  const stated = read(fields, verb)
  if (stated === undefined) return []
  const known = importedVerbs.find((each) => each === stated)
  if (known === undefined)
    throw new Refusal('unknown-value', `${stated.slice(0, 60)} is no verb of a decision; map it with values`)
  const target = read(fields, purpose ?? policyId ?? { constant: '' })
  if (target === undefined) throw new Refusal('no-decision', 'a decision names no purpose')
  return [{ ...(purpose ? { purpose: target } : { policyId: target }), verb: known }]
}

function originIn(fields: Fields, origin: MappedValue): string {
  const id = read(fields, origin)
  if (id === undefined) throw new Refusal('no-origin-id', 'the column of the record’s id is empty')
  return id
}

/** The policy that the text is of is the one that the import names, so `to-event.ts` adds it. */
function textIn(fields: Fields, { text, locale }: Mapping): Pick<SourceRecord, 'text'> {
  const shown = text && read(fields, text)
  if (shown === undefined) return {}
  const language = locale && read(fields, locale)
  return { text: { textSha256: hash('sha256', shown, 'hex'), ...(language !== undefined && { locale: language }) } }
}

const details = ['channel', 'device', 'surface', 'act', 'control', 'locale', 'page'] as const

/** The values are checked with the whole event. */
function detailsIn(fields: Fields, mapping: Mapping): SourceRecord['details'] {
  const found = details.flatMap((name) => {
    const mapped = mapping[name]
    const value = mapped && read(fields, mapped)
    return value === undefined ? [] : [[name, value] as const]
  })
  const tcString = mapping.tcString && read(fields, mapping.tcString)
  // The members are texts of the file, whose values the schema of events checks.
  return { ...Object.fromEntries(found), ...(tcString && { signals: { tcString } }) } as Partial<ClientEvent>
}

function read(fields: Fields, mapped: MappedValue): string | undefined {
  if ('constant' in mapped) return mapped.constant
  const text = member(fields, mapped.column)
  if (text === undefined) return mapped.default
  if (mapped.values === undefined) return text
  const value = Object.hasOwn(mapped.values, text) ? mapped.values[text] : undefined
  if (value === undefined)
    throw new Refusal('unknown-value', `the mapping has no value for ${text.slice(0, 60)} in ${mapped.column}`)
  return value
}

/** A column, or a member of members where names stand between dots. */
function member(fields: Fields, name: string): string | undefined {
  let value: unknown = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (value === undefined && name.includes('.')) {
    value = fields
    for (const part of name.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
      value = (value as Fields)[part]
    }
  }
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
