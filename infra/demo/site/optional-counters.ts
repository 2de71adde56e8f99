/**
 * What the optional code in visitors' browsers calls: a counter in the place of Lupin Analytics, a pixel in that of Vindflöjel Ads.
 * They stand in for others, so that nothing of the demo leaves this machine, and count without knowing whom.
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
