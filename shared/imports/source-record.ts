/**
 * A record of another tool as a reader understands it: who, when, what, in the tool's own names. `to-event.ts` makes the ledger's event of it, by
 * the names that the import maps.
 */
import type { ClientEvent } from '../consent/client-event.ts'
import type { Verb } from '../consent/event.ts'
import { Refusal } from './refusal.ts'
import type { Fields } from './rows.ts'

export interface SourceRecord {
  /** The tool's own id of the record, by which it is imported once. */
  readonly originId: string
  readonly identifier: { readonly type?: string; readonly id: string }
  /** RFC 3339. */
  readonly occurredAt: string
  /** Purposes by the tool's names, unless `isOurs`. */
  readonly decisions: readonly SourceDecision[]
  /** A yes to these purposes is all that the record states: the purposes that the import maps and that are not here are refused. */
  readonly refusesOthers?: boolean
  readonly shown?: ClientEvent['shown']
  /** The text that was shown, of the policy that the import names. */
  readonly text?: { readonly textSha256: string; readonly locale?: string }
  /** The tool's name of the version that was shown, which the import may map. */
  readonly version?: string
  /** Further members, as the ledger's events have them. */
  readonly details?: Pick<
    ClientEvent,
    'channel' | 'device' | 'surface' | 'act' | 'control' | 'locale' | 'page' | 'signals' | 'actor' | 'onBehalfOf'
  >
}

export interface SourceDecision {
  readonly purpose?: string
  readonly policyId?: string
  readonly verb: Verb
  readonly ground?: string
  readonly from?: string
}

/** Returns `undefined` for a record that decides nothing, such as a view of a banner. @throws Refusal */
export type RecordReader = (fields: Fields) => SourceRecord | undefined

/** The first of these members that has a value, by any spelling of its name: case, spaces, hyphens and underscores do not count. */
export function fieldNamed(fields: Fields, ...names: readonly string[]): unknown {
  const wanted = names.map(plainName)
  for (const name of wanted) {
    for (const key in fields)
      if (plainName(key) === name && fields[key] !== '' && fields[key] !== null) return fields[key]
  }
  return undefined
}

const plainNames = new Map<string, string>()

function plainName(name: string): string {
  let plain = plainNames.get(name)
  if (plain === undefined) {
    plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
    if (plainNames.size < 5_000) plainNames.set(name, plain)
  }
  return plain
}

/** @throws Refusal of that reason when there is no such member, or it is not a text or a number */
export function textNamed(
  fields: Fields,
  reason: 'no-identifier' | 'no-time' | 'no-origin-id',
  ...names: string[]
): string {
  const value = fieldNamed(fields, ...names)
  if (typeof value === 'string' || typeof value === 'number') return String(value).trim()
  throw new Refusal(reason, `there is no ${names[0]}`)
}

export function optionalText(fields: Fields, ...names: string[]): string | undefined {
  const value = fieldNamed(fields, ...names)
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
}

/** A text that stands for yes or no in some tool. @throws Refusal `unknown-value` */
export function isYes(value: unknown): boolean {
  const text = String(value ?? '')
    .trim()
    .toLowerCase()
  if (['true', '1', 'yes', 'y', 'accept', 'accepted', 'granted', 'opt-in', 'optin', 'given', 'allow'].includes(text))
    return true
  if (['false', '0', 'no', 'n', 'reject', 'rejected', 'denied', 'opt-out', 'optout', 'refused', 'deny'].includes(text))
    return false
  throw new Refusal('unknown-value', `${text.slice(0, 60)} is neither a yes nor a no`)
}

/** A list in a field: an array, JSON of one, or names between commas, semicolons or bars. */
export function listIn(value: unknown): string[] {
  if (Array.isArray(value))
    return value.filter((each) => typeof each === 'string' || typeof each === 'number').map(String)
  if (typeof value !== 'string' || value.trim() === '') return []
  if (value.trim().startsWith('[')) {
    try {
      return listIn(JSON.parse(value))
    } catch {
      throw new Refusal('unknown-value', 'a list is not whole')
    }
  }
  return value
    .split(/[,;|]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
