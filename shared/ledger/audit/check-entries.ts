/**
 * Checks every item of the entries table. Reads the index row of each entry, makes the leaves of records again, and remembers whose
 * events, reads and acts there are: they are opened later, with the keys that the vault has by then (`check-vault.ts`, `check-holders.ts`).
 */

import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { claimsPk } from '../controllers/provider-claims.ts'
import { isErasureMark } from '../erasure/erasure-marks.ts'
import { controllerOf } from '../log/log-items.ts'
import { isPlan } from '../retention/disposition-entries.ts'
import { isRetentionPosition } from '../retention/retention-position.ts'
import { type Item, queryAll } from '../store.ts'
import { isAskedExport } from '../transfers/export-items.ts'
import { isStartedImport } from '../transfers/import-items.ts'
import { type Audit, type Entry, type Kind, keyOf } from './audit-run.ts'
import { isControllerId, loadController } from './audited-controllers.ts'
import { checkClaim } from './check-claims.ts'
import { erasureContent } from './check-contents.ts'
import { checkDispositions } from './check-dispositions.ts'
import { checkEndpoint } from './check-endpoints.ts'
import { checkGrant } from './check-grants.ts'
import { checkHolds } from './check-holds.ts'
import { checkRecord, hadNoLeaf, isRecord, publishedAt } from './check-records.ts'
import { dayMs, hourMs, sealedOf } from './check-sealed-entries.ts'
import { meetEntry } from './compare-leaves.ts'
import type { Severity } from './findings.ts'
import { firstHour, maxHolders, maxRecent, maxUnsequenced, noteSubjectPartition } from './pass-state.ts'
import { walkTable } from './table-walk.ts'

/** Erasures are released once a day, sorted, so that their time joins with nothing. */
const erasureReleaseMs = dayMs

export function auditEntries(audit: Audit): Promise<boolean> {
  let done = 0
  return walkTable(audit, audit.ledger.entries, async (page) => {
    const entries: Entry[] = []
    for (const item of page) {
      const controller = controllerOf(item)
      if (
        item.pk === claimsPk ||
        isErasureMark(item) ||
        isRetentionPosition(item) ||
        isStartedImport(item) ||
        isAskedExport(item)
      )
        continue
      if (!isControllerId(controller)) {
        audit.found('item-stray', '', { key: keyOf(item) })
        continue
      }
      await loadController(audit, controller)
      entries.push({ item, controller, kind: kindOf(controller, item) })
    }
    await checkIndexed(audit, entries)
    rememberOwners(audit, entries)
    await checkHolds(audit, entries)
    await checkDispositions(audit, entries)
    for (const entry of entries) await checkOpen(audit, entry)
    done += page.length
    audit.progress({ phase: 'entries', done })
  })
}

/** Counts the sealed entries, and remembers whose they are. The scan returns the events of a subject one after the other. */
function rememberOwners({ pass, controllers, found }: Audit, entries: readonly Entry[]): void {
  const { compared, subjects, recent, holders } = pass
  for (const entry of entries) {
    if (entry.kind === 'subject-read' || entry.kind === 'turn' || entry.kind === 'link' || entry.kind === 'mandate')
      noteSubjectPartition(pass, entry.item.pk)
    const sealed = sealedOf(controllers, entry)
    if (sealed === undefined) continue
    compared[`${sealed.kind}s`]++
    const owner = `${sealed.controller}#${sealed.sub}`
    if (sealed.kind === 'event') {
      if (pass.countedPk === owner) continue
      if (String(sealed.item.values.hour) < firstHour(pass) && subjects.fits(owner)) {
        subjects.add(owner)
        pass.countedPk = owner
        recent.delete(owner)
      } else if (recent.size < maxRecent) recent.add(owner)
    } else if (!holders.has(owner)) {
      if (holders.size < maxHolders) holders.set(owner, -1)
      else if (!pass.areHoldersFull) {
        pass.areHoldersFull = true
        found('holders-unopened', '', {}, { severity: 'pending' })
      }
    }
  }
}

export function kindOf(controller: string, { pk, sk, values }: Item): Kind {
  const partition = pk.slice(controller.length + 1)
  if (sk.startsWith('event#') && !partition.includes('#')) return 'event'
  if (values.leaf === undefined && /^read#[\w-]{43}$/.test(partition)) return 'subject-read'
  if (partition.startsWith('read#')) return 'read'
  if (partition.startsWith('act#')) return 'act'
  if (partition === 'erased') return 'erasure'
  if (partition === 'hold' || partition === 'requested' || partition === 'asked') return 'hold'
  if (partition === 'held') return 'hold-mark'
  if (partition === 'grant') return 'grant'
  if (partition === 'disposition') return 'disposition'
  if (partition === 'expiry') return 'endpoint'
  if (partition === 'endpoint' || partition.startsWith('redelivery#') || partition.startsWith('completion#'))
    return 'endpoint'
  if (/^(delivering|delivered|awaited|completed|expires)#/.test(partition)) return 'delivery'
  if (/^(import|export)(#|$)/.test(partition)) return 'transfer'
  if (partition === 'statistics') return 'statistics'
  if (partition.startsWith('held#')) return 'turn'
  if (partition.startsWith('link#')) return 'link'
  if (partition.startsWith('mandate#')) return 'mandate'
  if (partition === 'controller' || partition.startsWith('policy#')) return isRecord(sk) ? 'record' : 'configuration'
  return values.leaf === undefined ? 'configuration' : 'other'
}

async function checkIndexed(audit: Audit, entries: readonly Entry[]): Promise<void> {
  const withLeaf = entries.filter(({ item }) => typeof item.values.leaf === 'string')
  const { compared, unsequenced } = audit.pass
  compared.entries += withLeaf.length
  const rows = await audit.ledger.log.get(withLeaf.map(({ item }) => keyOf(item)))
  withLeaf.forEach((entry, i) => {
    const row = rows[i]
    if (row !== undefined) {
      meetEntry(audit, entry.item, row)
      return
    }
    const key = keyOf(entry.item)
    const severity = lateness(audit, entry)
    if (unsequenced.size < maxUnsequenced) unsequenced.set(JSON.stringify(key), { key, severity })
    else audit.found('entry-unsequenced', entry.controller, { key }, { severity })
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

/**
 * Items that are not checked. No answer about a person rests on them. What is asked for and rests on them: the statistics, which the log
 * gives again, how far deliveries, imports and exports came, with which completions were reported,
 * and when a consent may end.
 */
const unchecked: ReadonlySet<Kind> = new Set([
  'subject-read',
  'turn',
  'hold-mark',
  'delivery',
  'transfer',
  'statistics',
])

async function checkOpen(audit: Audit, { item, controller, kind }: Entry): Promise<void> {
  const { found } = audit
  const where = { key: keyOf(item) }
  if (unchecked.has(kind)) return
  if (kind === 'disposition' && isPlan(item)) return
  if (kind === 'configuration') return checkClaim(audit, controller, item)
  if (typeof item.values.leaf !== 'string') {
    // A leaf that was taken away is missed by the log, which has its hash.
    if (hadNoLeaf(item.sk)) found('leaf-none', controller, where, { severity: 'note' })
    else found('entry-leafless', controller, where)
  }
  if (kind === 'other') found('kind-unknown', controller, where, { severity: 'pending' })
  if (kind === 'erasure') {
    audit.pass.compared.erasures++
    const differs = erasureDifference(audit, controller, item)
    if (differs !== undefined) found('event-differs', controller, where, { detail: differs })
    await forgetErased(audit, controller, item.sk)
  }
  if (kind === 'grant') checkGrant(audit, controller, item)
  if (kind === 'endpoint') checkEndpoint(audit, controller, item)
  if (kind === 'record') await checkRecord(audit, controller, item)
}

/**
 * Takes an erased subject out of those that the vault must have: its vault rows are gone, and its events do not open. A subject that has events of
 * the hour in which the pass began only is not among them. Its events are explained and counted at the end.
 */
async function forgetErased({ ledger, pass, controllers }: Audit, controller: string, sub: string): Promise<void> {
  const owner = `${controller}#${sub}`
  if (controllers.get(controller) === undefined || !pass.subjects.fits(owner)) return
  let events = 0
  let isOld = false
  for await (const { values } of queryAll(ledger.entries, owner, { prefix: 'event#' })) {
    events++
    isOld ||= String(values.hour) < firstHour(pass)
  }
  if (!isOld) return
  pass.compared.erased += events
  pass.subjects.remove(owner)
}

function erasureDifference({ controllers }: Audit, controller: string, item: Item): string | undefined {
  const known = controllers.get(controller)
  if (!isErasureOf(item)) return 'its leaf names another subject'
  return known && erasureContent({ controller, ...known }, item)
}

function isErasureOf({ sk, values }: Item): boolean {
  try {
    const { kind, sub } = JSON.parse(String(values.leaf))
    return kind === 'erased' && sub === sk
  } catch {
    return false
  }
}
