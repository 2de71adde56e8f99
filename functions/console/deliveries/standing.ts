/** How an endpoint stands, as one word of several that the page has: the worst of what is so. */
import type { Endpoints } from '../../../shared/server/wire.ts'

export type Endpoint = Endpoints['endpoints'][number]

export type Standing = 'gone' | 'disabled' | 'paused' | 'failing' | 'behind' | 'well'

export function standingOf({ state, deliveries }: Pick<Endpoint, 'state' | 'deliveries'>): Standing {
  if (state === 'disabled') return 'disabled'
  if (deliveries.isGone) return 'gone'
  if (deliveries.pausedUntil !== undefined) return 'paused'
  if (deliveries.failingSince !== undefined) return 'failing'
  return deliveries.waiting > 0 || deliveries.next < deliveries.logSize ? 'behind' : 'well'
}
