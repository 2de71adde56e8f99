/**
 * Endpoints for the optional code in visitors' browsers: a counter in place of Lupin Analytics, and a pixel in place of Vindflöjel Ads.
 * They keep the demo's traffic on this machine, and count without identifying anyone.
 */
import type { Pages, Reply } from './site.ts'

const nothing: Reply = { body: '', mediaType: 'text/plain', status: 204 }

export const counterPages: Pages = {
  'POST /optional/visit'({ counted }) {
    counted.visits += 1
    return nothing
  },
  'POST /optional/advertisement'({ counted }) {
    counted.advertisements += 1
    return nothing
  },
}
