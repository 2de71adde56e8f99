/** One drawn leaf: what it is, what to check, and the auditor's finding with a note. */
import type { SampledLeaf } from '../../../shared/verify/check-sample.ts'
import { Field } from '../components/field.tsx'
import { LeafContent } from '../leaf/leaf-content.tsx'
import { useLeafCheck, useLeafKind } from '../leaf/leaf-kind.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { type LeafFinding, maxNote } from './findings.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SampledLeafCardProps {
  readonly leaf: SampledLeaf
  /** Its place in the draw, from 1. */
  readonly number: number
  readonly found: LeafFinding
  /** Names of the files that open it. */
  readonly openedBy: readonly string[]
  readonly onFound: (found: LeafFinding) => void
}

const choices = ['fine', 'deviation', 'open'] as const

export function SampledLeafCard({ leaf, number, found, openedBy, onFound }: SampledLeafCardProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const kindOf = useLeafKind()
  const checkOf = useLeafCheck()
  return (
    <li class={`card sampled ${found.finding}`}>
      <h3>{words('leafTitle', { number, index: formats.number(leaf.index), kind: kindOf(leaf.kind) })}</h3>
      <p>{checkOf(leaf.kind)}</p>
      {openedBy.length > 0 && <p class="opened">{words('openedBy', { files: formats.list(openedBy) })}</p>}
      <fieldset class="filters">
        <legend>{words('finding')}</legend>
        {choices.map((each) => (
          <label key={each} class="choice">
            <input
              type="radio"
              name={`finding-${leaf.index}`}
              checked={found.finding === each}
              onChange={() => onFound({ ...found, finding: each })}
            />
            {words(`finding-${each}`)}
          </label>
        ))}
      </fieldset>
      <Field label={words('note')}>
        {(control) => (
          <textarea
            {...control}
            rows={2}
            maxLength={maxNote}
            value={found.note}
            onInput={(event) => onFound({ ...found, note: event.currentTarget.value })}
          />
        )}
      </Field>
      <details>
        <summary>{words('whatItSays')}</summary>
        <LeafContent text={leaf.leaf} />
      </details>
    </li>
  )
}
