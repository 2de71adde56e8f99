/**
 * Tiles and entry bundles, held against the leaves of the batches: every one that a published size has, and above level 0 at every
 * width. A bundle is compared by the hashes of its entries, so it is judged even where the table has lost an entry.
 */
import { parseBundle } from '../../tlog/entry-bundle.ts'
import { type Hash, leafHash } from '../../tlog/merkle.ts'
import { bundlePath, formatTile, fullWidth, type TileId, tilePath } from '../../tlog/tile.ts'
import { addFullTile } from '../../tlog/tile-cascade.ts'
import { equalHashes } from '../log/batches.ts'
import { logObject } from '../log/log-items.ts'
import type { Audit } from './audit-run.ts'
import type { TileWalk } from './pass-state.ts'

export interface TileAudit {
  /** The leaf hashes that come next. */
  append(hashes: readonly Hash[]): Promise<void>
}

/**
 * @param walk where the tiles are; changed with each call of `append`
 * @param published the size up to which tiles must be there
 */
export function auditTiles(audit: Audit, controller: string, walk: TileWalk, published: number): TileAudit {
  const { compared } = audit.pass

  async function stored(path: string, missing: 'tile-missing' | 'bundle-missing'): Promise<Uint8Array | undefined> {
    const object = logObject(controller, path)
    const bytes = await audit.ledger.objects.get(object)
    if (bytes === undefined) audit.found(missing, controller, { object })
    return bytes
  }

  async function checkTile(tile: TileId, hashes: readonly Hash[]): Promise<void> {
    const bytes = await stored(tilePath(tile), 'tile-missing')
    compared.tiles++
    if (bytes && !equalHashes(bytes, formatTile(hashes)))
      audit.found('tile-differs', controller, { object: logObject(controller, tilePath(tile)) })
  }

  async function checkBundle(at: number, hashes: readonly Hash[]): Promise<void> {
    const path = bundlePath({ index: at, width: fullWidth })
    const bytes = await stored(path, 'bundle-missing')
    compared.bundles++
    if (bytes === undefined) return
    const other = otherEntry(bytes, hashes)
    if (other === undefined) return
    const leafIndex = other === -1 ? {} : { leafIndex: at * fullWidth + other }
    audit.found('bundle-differs', controller, { object: logObject(controller, path), ...leafIndex })
  }

  /** The tiles that a full level-0 tile makes: itself, its bundle, and one of each level that it adds a hash to. */
  async function complete(hashes: readonly Hash[]): Promise<void> {
    const { index, above } = walk
    const tiles = addFullTile(above, index, hashes)
    walk.index++
    // Tiles past the published size need not exist yet.
    if (walk.index * fullWidth > published) return
    await Promise.all([checkBundle(index, hashes), ...tiles.map(({ tile, hashes: row }) => checkTile(tile, row))])
  }

  return {
    async append(hashes) {
      let waiting = [...walk.waiting, ...hashes]
      while (waiting.length >= fullWidth) {
        await complete(waiting.slice(0, fullWidth))
        waiting = waiting.slice(fullWidth)
      }
      walk.waiting = waiting
    },
  }
}

/** Number of the first entry that is not the one logged; -1 when the bytes are not a bundle of so many entries. */
function otherEntry(bytes: Uint8Array, hashes: readonly Hash[]): number | undefined {
  try {
    const other = parseBundle(bytes, hashes.length).findIndex((entry, i) => {
      const logged = hashes[i]
      return logged === undefined || !equalHashes(leafHash(entry), logged)
    })
    return other === -1 ? undefined : other
  } catch {
    return -1
  }
}
