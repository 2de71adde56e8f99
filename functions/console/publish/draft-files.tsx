/** The draft as a file: to go on in another browser, to review, or to publish with `npm run publish`. */
import { useWords } from '../shell/language.ts'
import { type Draft, writeDraft } from './draft.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function DraftFiles({ draft }: { readonly draft: Draft }) {
  const words = useWords(english, swedish)
  const save = () => {
    const address = URL.createObjectURL(new Blob([writeDraft(draft)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${draft.policyId}-${draft.version || 'draft'}.json`
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <p class="buttons">
      <button type="button" class="quiet" onClick={save}>
        {words('saveFile')}
      </button>
      <span class="hint">{words('saveFileHint')}</span>
    </p>
  )
}
