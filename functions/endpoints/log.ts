/**
 * Serves the logs to C2SP tlog-tiles clients (https://c2sp.org/tlog-tiles). The function that answers these routes reads entries, log
 * and objects, and holds no key.
 *
 * Served are the newest checkpoint, and every tile and entry bundle of each published size. Tiles hold hashes and are public. Entry
 * bundles contain pseudonyms and are for auditors, unless the controller made them public.
 */
import { checkpointsQuery } from '../../shared/api/schemas/queries.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { allWithCosignatures, newestPublishedCheckpoint } from '../../shared/ledger/log/cosignatures.ts'
import { asDamagedLogError, damagedLogError } from '../../shared/ledger/log/damage.ts'
import { originOf } from '../../shared/ledger/log/log-items.ts'
import {
  bundleBytes,
  checkpointBefore,
  checkpointsAfter,
  type PublishedCheckpoint,
  tileBytes,
} from '../../shared/ledger/log/log-reader.ts'
import { hashLength } from '../../shared/tlog/merkle.ts'
import { fullWidth, parseTilePath, type TilePath } from '../../shared/tlog/tile.ts'
import { TlogError } from '../../shared/tlog/tlog-error.ts'
import { parsePolicy, verifyCheckpoint } from '../../shared/tlog/tlog-policy.ts'
import { controllerFor, publicSnapshot } from '../http/access.ts'
import { type Answer, type Call, type Endpoint, ok, parseQuery, pathParameter } from '../http/call.ts'

const note = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=1' }
const immutable = { 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable' }
const forAuditors = { 'content-type': 'application/octet-stream', 'cache-control': 'private, no-store' }
const maxCheckpoints = 500

export const logEndpoints = {
  async getCheckpoint(call) {
    const { controller } = (await publicSnapshot(call)).controller
    const { ledger } = call.instance
    return ok(await signedNote(call, controller, await newestPublishedCheckpoint(ledger, controller)), note)
  },

  async listCheckpoints(call) {
    const { controller } = (await publicSnapshot(call)).controller
    const { after = -1 } = parseQuery(call, checkpointsQuery)
    const { ledger } = call.instance
    const published = await checkpointsAfter(ledger, controller, after, maxCheckpoints)
    const checkpoints = await allWithCosignatures(ledger, controller, published)
    const last = checkpoints.at(-1)
    return ok({ checkpoints, ...(last && checkpoints.length === maxCheckpoints && { next: last.size }) })
  },

  async getLogPolicy(call) {
    const { controller } = (await publicSnapshot(call)).controller
    return ok(await call.instance.logPolicy(controller), note)
  },

  async getTile(call) {
    const snapshot = await publicSnapshot(call)
    const path = tilePathIn(call)
    return path.kind === 'bundle' ? bundle(call, snapshot, path) : tile(call, snapshot, path)
  },
} satisfies Record<string, Endpoint>

async function tile(
  call: Call,
  snapshot: ControllerSnapshot,
  path: TilePath & { readonly kind: 'tile' },
): Promise<Answer> {
  const { ledger } = call.instance
  const { controller } = snapshot.controller
  const { level, index, width } = path.tile
  if (level === 0 && width < fullWidth) await requirePublished(call, controller, index * fullWidth + width)
  const bytes = await tileBytes(ledger, controller, path.tile)
  if (bytes !== undefined && bytes.length !== width * hashLength)
    throw damagedLogError('tile', `a published tile has ${bytes.length} bytes, not ${width * hashLength}`)
  return found(bytes, immutable)
}

async function bundle(
  call: Call,
  snapshot: ControllerSnapshot,
  path: TilePath & { readonly kind: 'bundle' },
): Promise<Answer> {
  const { controller, entryBundles } = snapshot.controller
  const isPublic = entryBundles === 'public'
  if (!isPublic) await controllerFor(call, controller, 'consent.audit')
  const { index, width } = path
  if (width < fullWidth) await requirePublished(call, controller, index * fullWidth + width)
  return found(await bundleBytes(call.instance.ledger, controller, path), isPublic ? immutable : forAuditors)
}

function found(bytes: Uint8Array | undefined, headers: Record<string, string>): Answer {
  if (bytes === undefined) throw new LedgerError('not-found', 'no published tree contains this tile')
  return ok(bytes, headers)
}

/** Verifies the stored note before it is served, because a row in the log table could have been changed. */
async function signedNote(call: Call, controller: string, { size, note: text }: PublishedCheckpoint): Promise<string> {
  const policy = parsePolicy(await call.instance.logPolicy(controller))
  const origin = originOf(call.instance.ledger.host, controller)
  const { checkpoint } = await verifyCheckpoint(text, policy, origin).catch((error: unknown) => {
    throw asDamagedLogError(
      'checkpoint',
      'the stored newest checkpoint does not verify with the keys of the log',
      error,
    )
  })
  if (checkpoint.size !== size)
    throw damagedLogError('checkpoint', 'the newest checkpoint is stored under another size')
  return text
}

/** Partial tiles are served only for sizes that have a checkpoint; clients of a published tree need no others. */
async function requirePublished(call: Call, controller: string, size: number): Promise<void> {
  const checkpoint = await checkpointBefore(call.instance.ledger, controller, size)
  if (checkpoint?.size !== size) throw new LedgerError('not-found', 'no checkpoint of this size was published')
}

function tilePathIn(call: Call): TilePath {
  const path = `tile/${pathParameter(call, 'tile')}`
  try {
    return parseTilePath(path)
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw new LedgerError('not-found', 'not a tile path', { given: path, allowed: 'tile/<L>/<N>[.p/<W>]' })
  }
}
