/**
 * What the reader of the page Overview has chosen. It stands in the address, so a view can be reloaded, bookmarked and sent to a colleague: it
 * names days, published topics and a way to compare, and no person.
 */
import { addressOf } from '../shell/route.ts'
import { type Dimension, dimensions, type TopicKey } from './counted.ts'
import { faultOf, type Length, lengths, type Period, periodOf } from './period.ts'

export interface Choice {
  readonly period: Period
  /** Absent: the reader chose the days. */
  readonly length: Length | undefined
  /** Absent: the topic with most answers. */
  readonly topic: TopicKey | undefined
  readonly by: Dimension
}

const defaultLength: Length = '30'
const defaultDimension: Dimension = 'presentation'

/** Anyone can write an address: what it does not name rightly is as if it were absent. */
export function choiceOf(parameters: URLSearchParams, now?: number): Choice {
  const days = parameters.get('days') ?? defaultLength
  const own = { from: parameters.get('from') ?? '', to: parameters.get('to') ?? '' }
  const length = lengths.find((each) => each === days) ?? defaultLength
  const topic = parameters.get('topic') ?? ''
  const isOwn = faultOf(own) === undefined
  return {
    period: isOwn ? own : periodOf(length, now),
    length: isOwn ? undefined : length,
    topic: /^(purpose|policy)\/./.test(topic) ? topic : undefined,
    by: dimensions.find((each) => each === parameters.get('by')) ?? defaultDimension,
  }
}

/** The address of a choice; what is as without a choice is left out. */
export function addressOfChoice({ period, length, topic, by }: Choice): string {
  return addressOf('overview', {
    ...(length === undefined ? { ...period } : length !== defaultLength && { days: length }),
    ...(topic !== undefined && { topic }),
    ...(by !== defaultDimension && { by }),
  })
}
