/** What the draft changes against the version before it: purposes and text, and what it does to what people have already answered. */
import { continuedUseIn } from '../../../shared/consent/continued-use.ts'
import { localText } from '../../../shared/consent/language.ts'
import type { PolicyHistory, PolicyVersion } from '../../../shared/consent/policy.ts'
import { purposeChange } from '../../../shared/consent/policy.ts'
import { Notice } from '../components/notice.tsx'
import { useLabels } from '../schema-form/labels.ts'
import { RecordFields } from '../schema-form/schema-field.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import type { Draft } from './draft.ts'
import { type Effect, effectsOf, endsAcceptances } from './effects.ts'
import { neededChanges, versionAfter } from './needed-changes.ts'
import { TextDifferences } from './text-differences.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ChangesViewProps {
  readonly draft: Draft
  readonly before: PolicyVersion | undefined
  readonly history: PolicyHistory
  readonly now: string
}

export function ChangesView({ draft, before, history, now }: ChangesViewProps) {
  const words = useWords(english, swedish)
  const later = versionAfter(draft, history, now)
  const formats = useFormats()
  return (
    <section class="card">
      <h3>{words('changes')}</h3>
      {before ? (
        <p class="hint">{words('comparedWith', { version: before.version, date: formats.day(before.notBefore) })}</p>
      ) : (
        <p class="hint">{words('comparedWithNothing')}</p>
      )}
      {before && <DeclaredChanges draft={draft} before={before} />}
      <h4>{words('effects')}</h4>
      <Effects draft={draft} before={before} />
      {later && (
        <Notice kind="warning">
          {words('laterVersion', { version: later.version, date: formats.day(later.notBefore) })}
        </Notice>
      )}
      {continuedUseIn(draft.texts).map(({ quote, locale }) => (
        <Notice key={`${locale} ${quote}`} kind="warning" title={words('continuedUse')}>
          <blockquote lang={locale}>{quote}</blockquote>
        </Notice>
      ))}
      {before && <TextDifferences draft={draft} before={before} />}
    </section>
  )
}

/** Each purpose that differs has to be declared, with its level and the reason. */
function DeclaredChanges({ draft, before }: { readonly draft: Draft; readonly before: PolicyVersion }) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const formats = useFormats()
  const { label } = useLabels()
  const needed = neededChanges(draft, before)
  if (needed.length === 0) return <p>{words('noPurposeChanged')}</p>
  return (
    <>
      {needed.map(({ purposeId, fields }) => {
        const index = draft.changes.findIndex((change) => change.purposeId === purposeId)
        const title = localText(draft.purposes.find((each) => each.purposeId === purposeId)?.title ?? {}, language)
        if (index < 0) return null
        return (
          <fieldset key={purposeId} class="nested">
            <legend>{title || purposeId}</legend>
            <p>{words('changedFields', { fields: formats.list(fields.map((field) => label(field))) })}</p>
            <RecordFields
              members={purposeChange.members}
              path={['changes', index]}
              value={draft.changes[index]}
              only={['level', 'reason']}
            />
          </fieldset>
        )
      })}
    </>
  )
}

function Effects({ draft, before }: { readonly draft: Draft; readonly before: PolicyVersion | undefined }) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const formats = useFormats()
  const nameOf = ({ title, purposeId }: Effect) => localText(title, language) || purposeId || words('newPurpose')
  const sentence = (effect: Effect) => {
    const purpose = nameOf(effect)
    if (effect.outcome === 'stands') return words('standsConsent', { purpose })
    if (effect.outcome === 'ended') return words(effect.isConsent ? 'endedConsent' : 'endedOther', { purpose })
    return words(effect.outcome, { purpose })
  }
  const effects = effectsOf(draft, before)
  // Purposes that rest on another basis and go on as before are most of a privacy policy: one sentence for all.
  const goesOn = ({ outcome, isConsent }: Effect) => outcome === 'stands' && !isConsent
  const unchanged = effects.filter(goesOn)
  return (
    <>
      <ul class="effects">
        {draft.kind !== 'cookie' && before && (
          <li>{words(endsAcceptances(draft, before) ? 'acceptAgain' : 'acceptStands')}</li>
        )}
        {effects
          .filter((effect) => !goesOn(effect))
          .map((effect) => (
            <li key={effect.purposeId} class={effect.outcome}>
              {sentence(effect)}
            </li>
          ))}
        {unchanged.length > 0 && (
          <li>{words('standsOther', { count: unchanged.length, purposes: formats.list(unchanged.map(nameOf)) })}</li>
        )}
      </ul>
      <p class="hint">{words('noNumbers')}</p>
    </>
  )
}
