/** Reads the file of a dry run's first records. */
import { policyLink, recordedDecision } from '../../../shared/consent/event.ts'
import { conforms, instant, list, record, type TypeOf, wording } from '../../../shared/consent/schema.ts'

const previewed = record({
  identity: record({ type: wording, id: wording }),
  decisions: list(recordedDecision),
  times: record({ effectiveAt: instant }),
  link: list(policyLink),
})
export interface PreviewedRecord extends TypeOf<typeof previewed> {}

const file = record({ records: list(previewed) })

/** @throws Error when the file is gone, or is none */
export async function fetchPreview(url: string): Promise<readonly PreviewedRecord[]> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const read: unknown = await response.json()
  if (!conforms(file, read)) throw new Error('the preview has another form')
  return read.records
}
