/** What retention destroyed: the answer to a controller. It names no person. */
import * as z from 'zod'
import * as disposals from '../../consent/disposals.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { inAnswer } from './in-answer.ts'

const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const dispositionsQuery = z.strictObject({
  after: number.optional().describe('The `next` of the page before.'),
})

const disposal = zodRecord(disposals.disposal, inAnswer).meta({
  id: 'Disposal',
  description:
    'How many subjects lost which keys by which rule. `proof` opens the events of a year, `context` their IP address, user agent and page; `subject` is the pseudonym itself, with all that was left.',
})

export const dispositionManifest = zodRecord(disposals.dispositionManifest, inAnswer, {
  disposals: z.array(disposal),
}).meta({ id: 'DispositionManifest' })

export const dispositionPage = z
  .strictObject({
    manifests: z
      .array(
        z.strictObject({
          manifest: dispositionManifest,
          tlogProof: z
            .string()
            .optional()
            .describe('A file for `consent-ledger verify`, once a checkpoint covers the manifest.'),
        }),
      )
      .describe('Newest first.'),
    unreadable: z.array(z.int()).optional().describe('Numbers of manifests that cannot be read.'),
    next: z.int().optional().describe('Absent on the last page.'),
  })
  .meta({ id: 'Dispositions' })
