/** A random sample of a log, as it is answered. */
import * as z from 'zod'

export const sampleAnswer = z
  .strictObject({
    schemaVersion: z.literal('consent-sample@1'),
    controller: z.string(),
    checkpoint: z.string().describe('The signed note of that size.'),
    size: z.int(),
    seed: z.string(),
    count: z.int(),
    leaves: z
      .array(
        z.strictObject({
          index: z.int(),
          kind: z.string(),
          tlogProof: z.string().describe('`c2sp.org/tlog-proof@v1`, with the leaf as its extra data.'),
        }),
      )
      .describe('In the order in which they are drawn.'),
  })
  .meta({ id: 'Sample' })
