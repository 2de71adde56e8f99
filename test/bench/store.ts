/**
 * A data folder for the bench: the demo world, visitors that the ledger knows, and as many events as asked for. It is filled in
 * this process, through the ledger's own `recordEvents`, and closed before a server opens it. The bench keeps what clients would
 * have been given: the site key, an auditor's token, and notice tokens, made here because a fetch for each would be most of the load.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openDemoWorld } from '../../infra/demo/world.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import { type LocalLedger, openLocalLedger } from '../../infra/local/local-ledger.ts'
import type { Identity } from '../../shared/consent/event.ts'
import { inForce } from '../../shared/consent/policy.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { issueNoticeToken, subjectBinding } from '../../shared/ledger/recording/notice-token.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import { controller, locale, newVisitor, policyId, site, userAgent, type Visitor, visit } from './visits.ts'

export interface Store {
  readonly folder: string
  /** What the tables run on, for people to read. */
  readonly engine: string
  readonly siteKey: string
  readonly auditToken: string
  noticeTokenFor(identity: Identity): string
  /** Known subjects that write: one event each when the store is made. */
  readonly writers: readonly Visitor[]
  /** Known subjects that only read. */
  readonly readers: readonly Visitor[]
}

export interface StoredBytes {
  readonly ledger: number
  readonly vault: number
}

const writerCount = 1_000
const readerCount = 200
export const eventsPerReader = 3
export const eventsPerSubject = 4
const subjectsAtOnce = 100
const chunksAtOnce = 2

/** An "empty" store: the demo world, and the visitors that the scenarios need. */
export async function makeStore(folder: string): Promise<Store> {
  return withLedger(folder, async (local, snapshot, siteKey) => {
    const noticeTokenFor = noticeTokens(snapshot)
    const store: Store = {
      folder,
      engine: local.engine,
      siteKey,
      auditToken: await local.issuer.token({
        audience: audienceOf(controller),
        subject: 'auditor@ljungsten.example',
        scope: 'consent.audit',
        lifetimeSeconds: 12 * 3600,
      }),
      noticeTokenFor,
      writers: Array.from({ length: writerCount }, () => newVisitor(noticeTokenFor)),
      readers: Array.from({ length: readerCount }, () => newVisitor(noticeTokenFor)),
    }
    await recordVisits(local, snapshot, store.writers, 1)
    await recordVisits(local, snapshot, store.readers, eventsPerReader)
    return store
  })
}

/** Adds events of new subjects, four each. */
export async function preload({ folder, noticeTokenFor }: Store, events: number, progress: (stored: number) => void) {
  await withLedger(folder, async (local, snapshot) => {
    let left = Math.ceil(events / eventsPerSubject / subjectsAtOnce)
    let stored = 0
    await Promise.all(
      Array.from({ length: chunksAtOnce }, async () => {
        while (left-- > 0) {
          const visitors = Array.from({ length: subjectsAtOnce }, () => newVisitor(noticeTokenFor))
          await recordVisits(local, snapshot, visitors, eventsPerSubject)
          stored += visitors.length * eventsPerSubject
          progress(stored)
        }
      }),
    )
  })
}

/** Sizes of the engines' files, with what belongs to them. Engines that were closed have no write-ahead log left. */
export async function storedBytes(folder: string): Promise<StoredBytes> {
  const sizes = await Promise.all(
    (await readdir(folder, { recursive: true })).map(async (name) => ({
      name,
      ...(await fileSize(join(folder, name))),
    })),
  )
  const total = (start: string) => sizes.filter((f) => f.name.startsWith(start)).reduce((sum, f) => sum + f.bytes, 0)
  return { ledger: total('ledger.db'), vault: total('vault.db') }
}

async function fileSize(path: string): Promise<{ readonly bytes: number }> {
  const found = await stat(path)
  return { bytes: found.isFile() ? found.size : 0 }
}

async function withLedger<T>(
  folder: string,
  use: (local: LocalLedger, snapshot: ControllerSnapshot, siteKey: string) => Promise<T>,
): Promise<T> {
  const local = await openLocalLedger({ dataFolder: folder })
  try {
    const siteKey = (await openDemoWorld(local)).get(`${controller}/${site}`)?.key
    const snapshot = await local.ledger.controllers.current(controller)
    if (siteKey === undefined || snapshot === undefined) throw new Error(`the demo world has no ${controller}/${site}`)
    return await use(local, snapshot, siteKey)
  } finally {
    await local.close()
  }
}

function noticeTokens(snapshot: ControllerSnapshot): (identity: Identity) => string {
  const history = snapshot.policies.get(policyId)
  const version = history && inForce(history, new Date().toISOString())
  const text = version?.texts.find((t) => t.locale === locale)
  if (version === undefined || text === undefined) throw new Error(`the demo world has no ${policyId} in ${locale}`)
  return (identity) =>
    issueNoticeToken(snapshot.secrets, {
      controller,
      site,
      policyId,
      version: version.version,
      locale,
      textSha256: text.sha256,
      issuedAtMs: Date.now(),
      subject: subjectBinding(controller, identity),
    })
}

/** All visitors are new; each visits `times` times. */
async function recordVisits(
  local: LocalLedger,
  snapshot: ControllerSnapshot,
  visitors: readonly Visitor[],
  times: number,
) {
  for (let time = 0; time < times; time++) {
    const submissions = visitors.map((visitor) => ({
      event: visit(visitor),
      identity: visitor.identity,
      assurance: 'anonymous' as const,
      announcedNew: time === 0,
      site,
      ipAddress: '192.0.2.17',
      userAgent,
    }))
    for (const outcome of (await recordEvents(local.ledger, snapshot, submissions)).outcomes) {
      if (outcome.outcome === 'refused') throw outcome.error
    }
  }
}
