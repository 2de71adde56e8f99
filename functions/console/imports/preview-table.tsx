/** The first records of a dry run, as they would be recorded. */
import { useCallback, useEffect } from 'preact/hooks'
import { named } from '../answer/named.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { fetchPreview, type PreviewedRecord } from './preview.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function PreviewTable({ url }: { readonly url: string }) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const formats = useFormats()
  const [work, start] = useWork<readonly PreviewedRecord[]>()
  // The address is signed anew with each answer; its file is the same.
  const [path] = url.split('?')
  // biome-ignore lint/correctness/useExhaustiveDependencies: another signature is no other file
  const begin = useCallback(() => start(() => fetchPreview(url)), [path, start])
  useEffect(begin, [begin])
  const row = ({ identity, decisions, times, link }: PreviewedRecord) => [
    <>
      <bdi>{identity.id}</bdi>
      <span class="aside line">{identity.type}</span>
    </>,
    formats.instant(times.effectiveAt),
    <ul key="decisions" class="plain-list">
      {decisions.map(({ purposeId, policyId, verb }) => (
        <li key={`${purposeId} ${policyId}`}>
          {words('decision', { verb: named(answerWords, 'verb', verb), topic: purposeId ?? policyId ?? '' })}
        </li>
      ))}
    </ul>,
    <ul key="texts" class="plain-list">
      {link.map(({ policyId, shown, inForce, grade }) => (
        <li key={policyId}>
          {words('textVersion', { policy: policyId, version: shown ?? inForce ?? '–' })}
          <span class="aside line">{named(answerWords, 'strength', grade)}</span>
        </li>
      ))}
    </ul>,
  ]
  return (
    <Outcome work={work} retry={begin}>
      {(records) => (
        <DataTable
          caption={words('preview', { count: records.length })}
          columns={[words('person'), words('countsFrom'), words('decisions'), words('text')]}
          rows={records.map(row)}
          empty={words('previewEmpty')}
        />
      )}
    </Outcome>
  )
}
