/**
 * Checks every item of the entries table. Reads the index row of each entry, opens events, reads and acts with the keys that the vault still
 * has, and makes the leaves of records again.
 */

import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { claimsPk } from '../controller-snapshots.ts'
import { isErasureMark } from '../erasure-marks.ts'
import { controllerOf } from '../log/log-items.ts'
import { isRetentionPosition } from '../retention-position.ts'
import { type Item, type Key, scanPages } from '../store.ts'
import type { Audit, Entry, Kind } from './audit-run.ts'
import { isControllerId, loadController } from './audited-controllers.ts'
import { checkClaim } from './check-claims.ts'
import { erasureContent } from './check-contents.ts'
import { checkSubjectReads } from './check-reads.ts'
import { checkRecord, hadNoLeaf, isRecord, publishedAt } from './check-records.ts'
import { checkSealed, dayMs, hourMs } from './check-sealed-entries.ts'
import type { Severity } from './findings.ts'

/** Erasures are released once a day, sorted, so that their time joins with nothing. */
const erasureReleaseMs = dayMs

export async function auditEntries(audit: Audit): Promise<void> {
  let done = 0
  for await (const page of scanPages(audit.ledger.entries)) {
    const entries: Entry[] = []
    for (const item of page) {
      const controller = controllerOf(item)
      if (item.pk === claimsPk || isErasureMark(item) || isRetentionPosition(item)) continue
      if (!isControllerId(controller)) {
        audit.found('item-stray', '', { key: keyOf(item) })
        continue
      }
      await loadController(audit, controller)
      entries.push({ item, controller, kind: kindOf(controller, item) })
    }
    await checkIndexed(audit, entries)
    await checkSealed(audit, entries)
    await checkSubjectReads(audit, entries)
    for (const entry of entries) await checkOpen(audit, entry)
    done += page.length
    audit.progress({ phase: 'entries', done })
  }
}

function kindOf(controller: string, { pk, sk, values }: Item): Kind {
  const partition = pk.slice(controller.length + 1)
  if (sk.startsWith('event#') && !partition.includes('#')) return 'event'
  if (values.leaf === undefined && /^read#[\w-]{43}$/.test(partition)) return 'subject-read'
  if (partition.startsWith('read#')) return 'read'
  if (partition.startsWith('act#')) return 'act'
  if (partition === 'erased') return 'erasure'
  if (partition === 'controller' || partition.startsWith('policy#')) return isRecord(sk) ? 'record' : 'configuration'
  return values.leaf === undefined ? 'configuration' : 'other'
}

async function checkIndexed(audit: Audit, entries: readonly Entry[]): Promise<void> {
  const withLeaf = entries.filter(({ item }) => typeof item.values.leaf === 'string')
  audit.compared.entries += withLeaf.length
  const rows = await audit.ledger.log.get(withLeaf.map(({ item }) => keyOf(item)))
  withLeaf.forEach((entry, i) => {
    if (rows[i] !== undefined) return
    const key = keyOf(entry.item)
    audit.unsequenced.set(JSON.stringify(key), { key, severity: lateness(audit, entry) })
  })
}

/**
 * `error` for what is older than the promised delay for certain: of events only the hour is in clear, and of erasures the day, so it
 * counts from its end. An erasure waits for the release of its day as well. `warning` for what a clock that was ahead stamped: its
 * time says nothing of its age.
 */
function lateness({ nowMs }: Audit, { item, controller, kind }: Entry): Severity {
  const promisedMs = promisedDelaySeconds * 1000
  const { hour, day } = item.values
  const judged = (earliestMs: number, latestMs: number): Severity => {
    if (latestMs + promisedMs < nowMs) return 'error'
    return isAhead(earliestMs, nowMs) ? 'warning' : 'pending'
  }
  if (kind === 'erasure') {
    const dayStartMs = Date.parse(`${day}T00:00:00.000Z`)
    return judged(dayStartMs, dayStartMs + dayMs + erasureReleaseMs)
  }
  const stated = kind === 'record' ? publishedAt(controller, item) : undefined
  if (stated !== undefined) return judged(Date.parse(stated), Date.parse(stated))
  const hourStartMs = Date.parse(`${hour}:00:00.000Z`)
  return judged(hourStartMs, hourStartMs + hourMs)
}

async function checkOpen(audit: Audit, { item, controller, kind }: Entry): Promise<void> {
  const { compared, found } = audit
  const where = { key: keyOf(item) }
  if (kind === 'subject-read') return
  if (kind === 'configuration') return checkClaim(audit, controller, item)
  if (typeof item.values.leaf !== 'string') {
    // A leaf that was taken away is missed by the log, which has its hash.
    if (hadNoLeaf(item.sk)) found('leaf-none', controller, where, { severity: 'note' })
    else found('entry-leafless', controller, where)
  }
  if (kind === 'other') found('kind-unknown', controller, where, { severity: 'pending' })
  if (kind === 'erasure') {
    compared.erasures++
    const differs = erasureDifference(audit, controller, item)
    if (differs !== undefined) found('event-differs', controller, where, { detail: differs })
    if (await isStillThere(audit, item.sk)) found('erasure-unfinished', controller, where)
  }
  if (kind === 'record') await checkRecord(audit, controller, item)
}

/** Asked again, since the vault was read a while ago. */
async function isStillThere({ ledger, subjects }: Audit, sub: string): Promise<boolean> {
  const pk = subjects.get(sub)
  if (pk === undefined) return false
  const [row] = await ledger.vault.get([{ pk, sk: 'subject' }])
  return row !== undefined
}

function erasureDifference({ controllers }: Audit, controller: string, item: Item): string | undefined {
  const known = controllers.get(controller)
  if (!isErasureOf(item)) return 'its leaf names another subject'
  return known && erasureContent({ controller, secrets: known.secrets }, item)
}

function isErasureOf({ sk, values }: Item): boolean {
  try {
    const { kind, sub } = JSON.parse(String(values.leaf))
    return kind === 'erased' && sub === sk
  } catch {
    return false
  }
}

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
