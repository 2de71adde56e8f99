/** S3 and KMS in memory, as the log's jobs use them: with their latency, and the time of a processor that a call takes. */
import type { Objects, Signer } from '../../../shared/ledger/store.ts'
import { fastSigner } from '../../faults/fast-signatures.ts'
import type { Random } from '../../faults/scheduler.ts'
import { directObjects, simulatedObjects } from '../../faults/simulated-storage.ts'
import { type Latency, latencies, processorMs } from './aws-figures.ts'
import { latencyOf } from './dynamodb-model.ts'
import type { Processor, VirtualTime } from './virtual-time.ts'

export interface ObjectModel {
  objects(of: Processor): Objects
  signer(of: Processor, seed: number): Signer
  /** PUT and LIST, which have the same price. */
  writes(): number
}

const isBundle = (name: string): boolean => name.includes('/tile/entries/')

export function objectModel(time: VirtualTime, random: Random): ObjectModel {
  const direct = directObjects(simulatedObjects())
  let writes = 0

  async function call<T>(core: Processor, latency: Latency, effect: () => Promise<T>): Promise<T> {
    await core.work(processorMs.perCall)
    await time.sleep(latencyOf(latency, 0, 0, random))
    return effect()
  }

  return {
    objects: (core) => ({
      async put(name, bytes) {
        writes++
        if (isBundle(name)) await core.work(256 * processorMs.perPublishedLeaf)
        return call(core, latencies.s3Put, () => direct.put(name, bytes))
      },
      get: (name) => call(core, latencies.s3Get, () => direct.get(name)),
      first(prefix) {
        writes++
        return call(core, latencies.s3List, () => direct.first(prefix))
      },
      readServed: (name) => call(core, latencies.s3Get, () => direct.readServed(name)),
      replaceServed(name, bytes, tag) {
        writes++
        return call(core, latencies.s3Put, () => direct.replaceServed(name, bytes, tag))
      },
    }),
    signer(core, seed) {
      const { publicKey, sign } = fastSigner(seed)
      return { publicKey, sign: (message) => call(core, latencies.kmsSign, () => sign(message)) }
    },
    writes: () => writes,
  }
}
