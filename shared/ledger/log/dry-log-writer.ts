/**
 * The log writer for a dry run: sequencing, publication and repairs over it take the decisions of the real run, and write and sign nothing.
 * A signature that is not stored would be dangerous, because a checkpoint of a batch that is never committed contradicts the log; so there
 * are no keys here, only the length of a signature.
 *
 * A publication is checked as far as the table goes: that the batches extend the newest checkpoint. Tiles are not made, so a leaf that cannot
 * be read shows in the real run only. Memory: the rows that the run would insert.
 */
import { dryTable } from '../jobs/dry-table.ts'
import type { LogWriter } from '../ledger.ts'
import type { Objects, Signer } from '../store.ts'
import { treeOf } from './batches.ts'
import {
  newestStoredCheckpoint,
  type SignedCheckpoint,
  storeCheckpoint,
  storeCheckpointCopies,
  unverifiedCheckpoint,
} from './checkpoint-store.ts'
import { checkpointFolder } from './log-items.ts'
import { checkpointTime, type PublishCheckpoint, publicationOf } from './publisher.ts'

/** Ed25519. */
const signatureBytes = 64

export interface DryLogWriter {
  readonly logWriter: LogWriter
  readonly publish: PublishCheckpoint
}

export function dryLogWriter(real: LogWriter): DryLogWriter {
  const objects = dryObjects(real.objects)
  const logWriter: LogWriter = {
    ...real,
    log: dryTable(real.log),
    objects,
    checkpointSigner: unsigned(real.checkpointSigner),
    earlierCheckpointKeys: (real.earlierCheckpointKeys ?? []).map((key) =>
      key.sign ? unsigned({ publicKey: key.publicKey, sign: key.sign }) : key,
    ),
    witnessSigner: unsigned(real.witnessSigner),
  }

  /** The newest that this run would have made by now, or else the newest stored. */
  async function newestOf(_: LogWriter, controller: string): Promise<SignedCheckpoint | undefined> {
    const note = objects.firstPut(checkpointFolder(controller))
    return note ? unverifiedCheckpoint(real, controller, note) : newestStoredCheckpoint(real, controller)
  }

  return {
    logWriter,
    async publish(_, controller) {
      const publication = await publicationOf(logWriter, controller, newestOf)
      if (publication === undefined) return { size: 0, published: false }
      const { newest, last, size } = publication
      const { stored: copies } = await storeCheckpointCopies(logWriter, controller, newest)
      if (last === undefined || size === newest.size) return { size, published: false, ...(copies > 0 && { copies }) }
      const seconds = checkpointTime(logWriter.clock(), newest.timeSeconds, last)
      const { checkpoint } = await storeCheckpoint(logWriter, controller, treeOf(last), seconds)
      await storeCheckpointCopies(logWriter, controller, checkpoint)
      return { size, published: true, ...(copies > 0 && { copies }) }
    },
  }
}

function unsigned({ publicKey }: Signer): Signer {
  return { publicKey, sign: async () => new Uint8Array(signatureBytes) }
}

/** Puts and served copies are kept in memory. Reads see stored objects, and served copies as the run would leave them. */
function dryObjects(stored: Objects): Objects & { firstPut(prefix: string): Uint8Array | undefined } {
  const put = new Map<string, Uint8Array>()
  const served = new Map<string, Uint8Array>()
  return {
    get: (name) => stored.get(name),
    first: (prefix) => stored.first(prefix),
    firstPut(prefix) {
      const [name] = [...put.keys()].filter((each) => each.startsWith(prefix)).sort()
      return name === undefined ? undefined : put.get(name)
    },
    async put(name, bytes) {
      put.set(name, bytes)
    },
    async readServed(name) {
      const bytes = served.get(name)
      return bytes ? { bytes, tag: 'dry' } : stored.readServed(name)
    },
    async replaceServed(name, bytes) {
      served.set(name, bytes)
      return true
    },
  }
}
