/** A subject's keys, as they are after the vault's rows were unwrapped. They live for one request. */
import type { KeyObject } from 'node:crypto'
import type { Controller } from '../../consent/controller.ts'
import type { ControllerSecrets, HmacKey } from '../derived-keys.ts'

/** The keys of one calendar year: `proof` opens the events, `context` their IP address, user agent and page. */
export interface YearKeys {
  readonly proof: SealingKeys
  /** Absent once it is destroyed, which happens before `proof`. */
  readonly context?: SealingKeys
}

export interface SealingKeys {
  readonly salt: HmacKey
  readonly seal: KeyObject
}

export interface SubjectKeys {
  readonly controller: string
  /** The pseudonym, base64url of 32 bytes. */
  readonly sub: string
  /** Partition key of the subject's events. */
  readonly pk: string
  readonly id: HmacKey
  readonly digest: HmacKey
  readonly links: LinksKeys
  readonly reads: ReadsKey
  /** For the subject's mandates. They are lost with the row `subject`, not with the row of a year. */
  readonly mandates: SealingKeys
  /** The year in which the subject was first recorded, by the clock of the instance that recorded it. */
  readonly firstYear: number
  /** Years whose keys still exist. */
  readonly years: ReadonlyMap<number, YearKeys>
  /** Years whose row exists but does not unwrap: events of that year count as unreadable, not as closed. */
  readonly unreadableYears: ReadonlySet<number>
}

/**
 * The keys that seal what the subject does in a year. A fast clock may have made the first year a future one. Earlier events are then sealed
 * with the first year's keys, because a row of an earlier year belongs to a subject that had the name before.
 */
export function keysOfYear({ firstYear, years }: SubjectKeys, year: number): YearKeys | undefined {
  return years.get(Math.max(year, firstYear))
}

/** Whether the row of that year's keys exists but does not unwrap. */
export function isYearUnreadable({ firstYear, unreadableYears }: SubjectKeys, year: number): boolean {
  return unreadableYears.has(Math.max(year, firstYear))
}

/** For the subject's links (`link-entries.ts`). They are lost with the row `subject`, not with the row of a year. */
export interface LinksKeys extends SealingKeys {
  /** The subject's part of the key of a pair (`pairOf`), base64url of 32 bytes. */
  readonly share: string
}

/** The controller whose subjects are meant. */
export interface VaultScope {
  readonly controller: string
  /** The controller's: a phone number without a country code is one of this country (`identity-names.ts`). */
  readonly country: string
  readonly secrets: ControllerSecrets
}

export function vaultScope({ controller: { controller, country }, secrets }: ScopedController): VaultScope {
  return { controller, country, secrets }
}

/** The part of a controller's snapshot that finds its subjects. */
interface ScopedController {
  readonly controller: Pick<Controller, 'controller' | 'country'>
  readonly secrets: ControllerSecrets
}

/** Pseudonym and key for the reads about a subject. They are lost with the row `subject`, not with the row of a year. */
export interface ReadsKey {
  readonly sub: string
  readonly key: KeyObject
}

/** Pseudonym and key for what decides whether the subject's keys may be destroyed. They are lost with the row `subject`. */
export interface HoldsKey {
  readonly sub: string
  readonly key: KeyObject
}
