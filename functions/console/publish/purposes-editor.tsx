/** The purposes of a version: each a form with all fields of `shared/consent/purpose.ts`, in the order in which people see them. */
import { useRef, useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { findPurpose, type PolicyVersion } from '../../../shared/consent/policy.ts'
import { type Purpose, purpose as schema } from '../../../shared/consent/purpose.ts'
import { emptyValueOf } from '../schema-form/empty-value.ts'
import type { Fault } from '../schema-form/fault.ts'
import { Folded } from '../schema-form/folded.tsx'
import { useForm } from '../schema-form/form-state.ts'
import { ItemActions, moved, RecordFields } from '../schema-form/schema-field.tsx'
import { useLanguage, useWords } from '../shell/language.ts'
import { fieldGroups } from './field-groups.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const groups = Object.entries(fieldGroups) as readonly [keyof typeof fieldGroups, readonly (keyof Purpose)[]][]

export interface PurposesEditorProps {
  readonly purposes: readonly Purpose[]
  readonly before: PolicyVersion | undefined
  readonly faults: readonly Fault[]
}

export function PurposesEditor({ purposes, before, faults }: PurposesEditorProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const { change, faultAt } = useForm()
  const [added, setAdded] = useState<number>()
  const add = useRef<HTMLButtonElement>(null)
  const replace = (next: readonly unknown[]) => change(['purposes'], next)
  const error = faultAt('/purposes')
  return (
    <section class="card">
      <h3>{words('purposes')}</h3>
      <p class="hint">{words('purposesHint')}</p>
      {error !== undefined && <p class="field-error">{error}</p>}
      {purposes.map((purpose, i) => {
        const called = localText(purpose.title, language) || purpose.purposeId || words('newPurpose')
        const own = faults.filter(
          ({ pointer }) => pointer.startsWith(`/purposes/${i}/`) || pointer === `/purposes/${i}`,
        )
        const ownError = faultAt(`/purposes/${i}`)
        return (
          <Folded
            // biome-ignore lint/suspicious/noArrayIndexKey: purposes have no identity of their own, and each field shows the value that it is given
            key={i}
            class="item"
            pointer={`/purposes/${i}`}
            isOpen={added === i}
            summary={
              <>
                {called} {before && !findPurpose(before, purpose.purposeId) && <em>({words('isNew')})</em>}
                {own.length > 0 && <strong class="count"> {words('faults', { count: own.length })}</strong>}
              </>
            }
          >
            {() => (
              <>
                {ownError !== undefined && <p class="field-error">{ownError}</p>}
                {groups.map(([name, fields]) => (
                  <details key={name} class="group" open={name === 'groupWhat'}>
                    <summary>{words(name)}</summary>
                    <RecordFields members={schema.members} path={['purposes', i]} value={purpose} only={fields} />
                  </details>
                ))}
                <ItemActions
                  called={called}
                  index={i}
                  count={purposes.length}
                  move={(to) => replace(moved(purposes, i, to))}
                  remove={() => {
                    replace(purposes.toSpliced(i, 1))
                    add.current?.focus()
                  }}
                />
              </>
            )}
          </Folded>
        )
      })}
      <button
        ref={add}
        type="button"
        class="quiet"
        onClick={() => {
          setAdded(purposes.length)
          replace([...purposes, emptyValueOf(schema)])
        }}
      >
        {words('addPurpose')}
      </button>
    </section>
  )
}
