/**
 * The part of a proof that is about receivers: reports that they acted on a decision which the proof opens. A report changes no answer, so one that the
 * log does not have yet is left out, and is not pending.
 */
import { targetId } from '../../consent/event.ts'
import type { ProofOfOne } from '../../consent/proof-file.ts'
import type { Topic } from '../answers/answers-for-subject.ts'
import { completionsOf, type OpenedCompletion } from '../fan-out/completions.ts'
import type { LogView } from '../log/log-view.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import type { Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** One query; none when the person has no events on the topic. */
export async function completionRows(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  onTopic: readonly OpenedEvent[],
): Promise<readonly OpenedCompletion[]> {
  const [first] = onTopic
  return first ? completionsOf(entries, scope, first.key.pk.slice(scope.controller.length + 1)) : []
}

/** @param recorded the events of the proof that the log has */
export async function completionsIn(
  view: LogView,
  rows: readonly OpenedCompletion[],
  recorded: readonly { readonly index: number; readonly of: OpenedEvent }[],
  topic: Topic,
  knownAt: string,
): Promise<Pick<ProofOfOne, 'completions'>> {
  const target = targetId(topic)
  const parts = new Map(
    recorded.map(({ index, of: { event } }) => [
      index,
      event.decisions.findIndex((decision) => targetId(decision) === target),
    ]),
  )
  const wanted = rows.filter(({ stated }) => parts.get(stated.leaf) === stated.part && stated.reportedAt <= knownAt)
  if (wanted.length === 0) return {}
  const positions = await view.positionsOf(wanted.map(({ key }) => key))
  const logged = wanted.flatMap((row, i) => {
    const index = positions[i]?.index
    return index === undefined ? [] : [{ ...row, index }]
  })
  if (logged.length === 0) return {}
  const proofs = await view.proofs(logged)
  return {
    completions: logged.map(({ leaf, disclosures }, i) => ({
      leaf,
      tlogProof: proofs[i] ?? '',
      disclosures: [...disclosures],
    })),
  }
}
