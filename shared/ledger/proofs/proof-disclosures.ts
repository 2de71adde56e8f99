/** What a proof opens of an event. */
import { type Identity, targetId } from '../../consent/event.ts'
import { linkedType } from '../../consent/proof-file.ts'
import type { Topic } from '../answers/answers-for-subject.ts'
import type { OpenedEvent } from '../recording/sealed-event.ts'
import { decidesOn } from './proof-rows.ts'

/** The question about a linked subject does not name its identifier, so that stays closed. */
export function disclosuresFor(opened: OpenedEvent, topic: Topic, { type }: Identity): string[] {
  const always = ['field:covers', 'field:times', 'field:who']
  const named = type === linkedType ? [] : ['field:identity']
  const whenCovered = ['field:link', 'field:how', ...named, `decision:${targetId(topic)}`]
  const names = decidesOn(opened, topic) ? [...always, ...whenCovered] : always
  return names.map((name) => opened.disclosures.get(name)).filter((disclosure) => disclosure !== undefined)
}
