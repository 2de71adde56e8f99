/**
 * Hand-overs: how a ledger with `handsOver` has each log worked on by one instance of `sequence` at a time. A shard of the stream of entries
 * has entries of every log, so several invocations get entries of one log, and only one of them can commit. In such a ledger they commit
 * nothing. They put the keys into the log's item of the table `handovers` and are done; each put replaces the one before and is a record of
 * the table's stream. Lambda may run several invocations for a shard of it, and keeps the order of each item
 * (https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html), so one invocation at a time has the records of a log.
 *
 *   PK the controller, no SK   `keys` JSON, `[[<PK of the entry without the controller>, <SK>], …]`
 *   `id` random, because a put that changes nothing has no record   `until` seconds since 1970, after which DynamoDB deletes the item
 *
 * Hand-overs are announcements: only speed depends on their order, one that comes twice costs a look, and the self-audit finds the entries of
 * one that is lost. Leaves are not handed over, because an item costs a unit for each KB; they are read from the entries.
 */
import { codeOf } from '../../shared/errors.ts'
import { controllerOf } from '../../shared/ledger/log/log-items.ts'
import type { Key, PutHandover } from '../../shared/ledger/store.ts'
import { type ExtendLogs, type LogJobDependencies, reportFault } from './extend-logs.ts'

/** Some 75 KB of keys. */
const maxKeys = 1_000
const keptSeconds = 24 * 60 * 60

/** The returned function resolves to the controllers whose entries could not all be handed over: they are to be announced again. */
export function handsOver(job: LogJobDependencies, put: PutHandover): ExtendLogs {
  return async (announced) => {
    const failed = new Set<string>()
    const ofEach = Map.groupBy(announced, ({ key }) => controllerOf(key))
    await Promise.all(
      [...ofEach].map(async ([controller, entries]) => {
        try {
          for (let i = 0; i < entries.length; i += maxKeys) await putKeys(controller, entries.slice(i, i + maxKeys))
        } catch (error) {
          failed.add(controller)
          reportFault(job, 'not-sequenced', entries.length, { controller, code: codeOf(error) })
        }
      }),
    )
    return failed
  }

  async function putKeys(controller: string, entries: Parameters<ExtendLogs>[0]): Promise<void> {
    const { clock, random } = job.logWriter
    const pairs = entries.map(({ key }) => [key.pk.slice(controller.length + 1), key.sk])
    const until = Math.floor(clock() / 1000) + keptSeconds
    await put(controller, { keys: JSON.stringify(pairs), id: random(16), until })
  }
}

/** The keys of a hand-over; `undefined` when it has another form. */
export function handedOverKeys(controller: string, text: string): Key[] | undefined {
  try {
    const pairs: unknown = JSON.parse(text)
    if (!Array.isArray(pairs) || pairs.length > maxKeys || !pairs.every(isPair)) return undefined
    return pairs.map(([rest, sk]) => ({ pk: `${controller}#${rest}`, sk }))
  } catch {
    return undefined
  }
}

function isPair(pair: unknown): pair is readonly [string, string] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string' && part !== '')
}
