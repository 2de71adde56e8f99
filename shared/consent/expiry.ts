/**
 * What the log has of consents that end by themselves: a notice of each hour in which an endpoint wants to hear of them, also of one without
 * any, so that the time of a leaf does not tell whose consent it was. A notice names no person, purpose or policy: it points at the yes,
 * which an erasure closes.
 */
import { conformsExactly } from './exact-schema.ts'
import { count, instant, integer, list, optional, record, type TypeOf, wording } from './schema.ts'

/** Longest that an end may be announced ahead, in days. */
export const maxExpiringDays = 90
/** Days ahead for an endpoint that states none. */
export const defaultExpiringDays = 30

const announcedEnd = record({
  /** The yes: index of its leaf, and which decision of that event. */
  leaf: integer,
  part: integer,
  expiresAt: instant,
  /** How many days ahead of the end at most. 0: the consent has ended. */
  days: integer,
  /** Name of the end (`expiry-items.ts`), by which it is announced once. */
  name: wording,
})
export interface AnnouncedEnd extends TypeOf<typeof announcedEnd> {}

/** How far the ends are announced that lie so many days ahead. */
const lead = record({
  days: integer,
  /** Ends before it were over when the first endpoint asked. */
  since: instant,
  /** The hour of ends that is looked at next: `2026-12-01T09`. */
  hour: wording,
  /** Sort key of the last row of that hour that was looked at, and up to which instant that look goes; absent between two looks. */
  after: optional(wording),
  upTo: optional(instant),
})
export interface Lead extends TypeOf<typeof lead> {}

const expiryNotice = record({
  /** 1 for the first of the controller, then one more each time. */
  notice: count,
  at: instant,
  /** The first leaf that was not looked at for consents. */
  next: integer,
  leads: list(lead),
  ends: list(announcedEnd),
})
/** A notice states how far the job has come as well, so that an end is announced and done with by one insert. */
export interface ExpiryNotice extends TypeOf<typeof expiryNotice> {}

export const isExpiryNotice = (value: unknown): value is ExpiryNotice => conformsExactly(expiryNotice, value)
