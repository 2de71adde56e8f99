/** What the construct's `replicateTo` adds: each object of the log once more, in another region (`infra/consent-ledger/replication.ts`). */
import { assumptions } from './assumptions.ts'
import type { Quantities } from './bill.ts'
import { checkpointsPerBatch, eventsPerBatch, millionEventsKept, type Setting, type Traffic } from './model.ts'
import { entriesPerTile, type Usage } from './usage.ts'

const million = 1_000_000

/** The replicas of a million events, as they are written. The other region's prices are taken to be this one's. */
export function millionEventsReplicated(usage: Usage, traffic: Traffic, setting: Setting): Quantities {
  const { eventsPerSecond } = traffic
  const checkpoints = checkpointsPerBatch(eventsPerSecond, setting) / eventsPerBatch(eventsPerSecond, setting)
  const objects =
    checkpoints * assumptions.replication.objectsPerCheckpoint + usage.checkpoint.perTile.s3Writes / entriesPerTile
  return {
    s3Write: million * objects,
    regionTransferByte: millionReplicasKept(usage, traffic, setting).objectByteMonth ?? 0,
  }
}

/** A month of keeping them. */
export function millionReplicasKept(usage: Usage, traffic: Traffic, setting: Setting): Quantities {
  return { objectByteMonth: millionEventsKept(usage, traffic, setting).objectByteMonth }
}
