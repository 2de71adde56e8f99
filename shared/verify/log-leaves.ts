/** Reads a leaf of the log: of a known kind, in canonical JSON (RFC 8785). */
import canonicalize from 'canonicalize'
import type { DigestLeafKind } from '../consent/leaf.ts'
import type { ClearLeafKind } from '../consent/published-leaf.ts'
import { decodeUtf8 } from '../tlog/encoding.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import { startOfHour } from './check-backdating.ts'
import { readEventLeaf } from './disclosures.ts'
import { JsonError, readExactJson } from './exact-json.ts'
import { say } from './say.ts'
import { StepFailure } from './verification.ts'

/** Those that are made in `consent/`, and the hour, which the log adds itself. */
export type LeafKind = DigestLeafKind | ClearLeafKind | 'time'

/** A table and not a list, so that a new kind that is missing here is a type error. */
const leafKinds: Readonly<Record<LeafKind, true>> = {
  controller: true,
  'identity-provider': true,
  'identity-provider-change': true,
  'key-change': true,
  site: true,
  'site-origins': true,
  'site-revocation': true,
  policy: true,
  presentation: true,
  event: true,
  erased: true,
  'erasure-requested': true,
  'erasure-asked': true,
  'erasure-granted': true,
  'erasure-refused': true,
  hold: true,
  'hold-released': true,
  grant: true,
  'grant-revoked': true,
  link: true,
  unlink: true,
  mandate: true,
  'mandate-ended': true,
  read: true,
  act: true,
  disposition: true,
  endpoint: true,
  redelivery: true,
  completion: true,
  expiry: true,
  time: true,
}

export interface LeafSummary {
  readonly kind: LeafKind
  /** The hour of a `time` leaf, e.g. `2026-11-22T12`. */
  readonly hour?: string
}

/** Returns the kind of a well-formed leaf, or a sentence on its fault. */
export function inspectLeaf(entry: Uint8Array): LeafSummary | string {
  try {
    return readLeaf(decodeUtf8(entry, 'malformed-bundle'))
  } catch (error) {
    if (error instanceof JsonError) return `it ${error.message}`
    if (error instanceof TlogError || error instanceof StepFailure) return error.message
    throw error
  }
}

function readLeaf(text: string): LeafSummary | string {
  const value = readExactJson(text, 65_535)
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('v' in value)) return 'it is no leaf'
  const { kind } = value
  if (!isLeafKind(kind) || value.v !== 1) return 'it is of no known kind and version'
  if (kind === 'event') {
    readEventLeaf(text, 'leaves', say('it'))
    return { kind }
  }
  if (canonicalize(value) !== text) return 'it is not canonical JSON'
  if (kind !== 'time') return { kind }
  const hour = 'hour' in value && typeof value.hour === 'string' ? value.hour : ''
  if (startOfHour(hour) === undefined || Object.keys(value).length !== 3) return 'it names no hour'
  return { kind, hour }
}

function isLeafKind(value: unknown): value is LeafKind {
  return typeof value === 'string' && Object.hasOwn(leafKinds, value)
}
