/** What was found in the answer with a random sample: which leaves were drawn, and what the reader has to compare. */
import type { CheckedSample, RefutedSample } from '../../../shared/verify/check-sample.ts'
import { DataTable } from '../components/data-table.tsx'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { FileFacts } from './file-facts.tsx'
import type { Examined } from './found.ts'
import { useSentence } from './use-sentence.ts'
import { visible } from './visible-text.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SampleFoundProps {
  readonly examined: Examined
  readonly sha256: string
  readonly sample: CheckedSample | RefutedSample
}

export function SampleFound({ examined, sha256, sample }: SampleFoundProps) {
  const words = useWords(english, swedish)
  return (
    <>
      {'failed' in sample ? <FailedSample failed={sample.failed} /> : <ValidSample sample={sample} />}
      <h3>{words('file')}</h3>
      <FileFacts examined={examined} kind="consent-sample@1" sha256={sha256} />
    </>
  )
}

function FailedSample({ failed }: RefutedSample) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  return (
    <>
      <Notice kind="warning" title={words('notShown')}>
        <p>{words('nothingShown')}</p>
      </Notice>
      <Notice kind="bad" title={words('verdict-invalid')}>
        <p>{sentenceOf(failed)}</p>
        <p>{words('invalidNext')}</p>
      </Notice>
    </>
  )
}

function ValidSample({ sample: { origin, size, seed, leaves } }: { readonly sample: CheckedSample }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <>
      <Notice kind="warning" title={words('notShown')}>
        <p>{words('sampleCompare')}</p>
        <p>{words('sampleClosed')}</p>
      </Notice>
      <Notice kind="good" title={words('verdict-valid')}>
        <p>{words('sampleValid', { count: leaves.length, size: formats.number(size), origin: visible(origin) })}</p>
      </Notice>
      <Facts
        rows={[
          [words('size'), formats.number(size)],
          [words('seed'), <code key="seed">{visible(seed)}</code>],
        ]}
      />
      <DataTable
        caption={words('sampleLeaves')}
        columns={[words('index'), words('kind')]}
        rows={leaves.map(({ index, kind }) => [String(index), visible(kind)])}
        empty={words('sampleNone')}
      />
    </>
  )
}
