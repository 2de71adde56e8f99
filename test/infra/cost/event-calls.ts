/** Events of the bench's visitors, as calls: one at a time, or as many as fit. */
import { controller, locale, policyId, site, type Visitor, visit, visitBody } from '../../bench/visits.ts'
import type { Call, Instance } from './api-calls.ts'
import type { Deployment } from './deployment.ts'

const maxEventsPerCall = 25

export function siteKey({ sites }: Deployment): string {
  const key = sites.get(`${controller}/${site}`)?.key
  if (key === undefined) throw new Error(`the demo world has no ${controller}/${site}`)
  return key
}

/** With a short answer, as the browser SDK asks for it; or with the receipt. */
export function eventCall(
  deployment: Deployment,
  visitor: Visitor,
  isNew: boolean,
  answer: 'minimal' | 'representation' = 'minimal',
): Call {
  const query = { key: siteKey(deployment), return: answer }
  return { route: 'recordEvents', query, body: visitBody(visitor, isNew) }
}

export async function submit(
  deployment: Deployment,
  ingest: Instance,
  { deviceSecret, ...visitor }: Visitor,
  count: number,
): Promise<void> {
  const query = { key: siteKey(deployment) }
  for (let left = count; left > 0; left -= maxEventsPerCall) {
    const events = Array.from({ length: Math.min(left, maxEventsPerCall) }, () => ({
      ...visit({ deviceSecret, ...visitor }),
      shown: [{ policyId, locale }],
      subject: { deviceSecret },
    }))
    await ingest.ask({ route: 'recordEvents', query, body: JSON.stringify({ events }) }, 200)
  }
}
