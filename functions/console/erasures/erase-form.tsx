/**
 * Erases one identifier of a person. What it destroys and what stays is said before; typing the identifier a second time confirms it; and the ledger's
 * answer is shown after it. The identifier is forgotten as soon as the erasure is answered.
 */
import { useState } from 'preact/hooks'
import type { Erasure, ErasureRequest, Identifier } from '../../../shared/server/wire.ts'
import { ChoiceField } from '../components/choice-field.tsx'
import { Outcome } from '../components/outcome.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { SubjectFields } from '../subject/subject-fields.tsx'
import { ErasureAnswer } from './erasure-answer.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const grounds = ['data-subject-request', 'retention', 'order'] as const satisfies readonly ErasureRequest['ground'][]

const nobody: Identifier = { type: 'email', id: '' }

export function EraseForm() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [subject, setSubject] = useState(nobody)
  const [ground, setGround] = useState<ErasureRequest['ground']>('data-subject-request')
  const [isReviewed, setIsReviewed] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const [work, start] = useWork<Erasure>()
  const id = subject.id.trim()
  const review = (event: Event) => {
    event.preventDefault()
    setIsTried(true)
    setIsReviewed(id !== '')
  }
  const close = () => {
    setIsReviewed(false)
    setIsTried(false)
  }
  const erase = () =>
    start(async () => {
      const erasure = await ledger.eraseSubject({ subject: { ...subject, id }, ground })
      setSubject(nobody)
      close()
      return erasure
    })
  return (
    <>
      <form class="card" autocomplete="off" noValidate onSubmit={review}>
        <SubjectFields
          subject={subject}
          onChange={(next) => {
            setSubject(next)
            close()
          }}
          error={isTried && id === '' ? words('missing') : undefined}
        />
        <ChoiceField
          label={words('ground')}
          choices={grounds}
          value={ground}
          textOf={(each) => words(`ground-${each}`)}
          onChoice={setGround}
        />
        {!isReviewed && <button type="submit">{words('review')}</button>}
      </form>
      {isReviewed && (
        <OpenedSection title={words('consequences')}>
          <Consequences />
          <TypedConfirmation
            name={id}
            action={words('eraseNow')}
            isBusy={work.state === 'running'}
            onConfirm={erase}
            onCancel={close}
          />
        </OpenedSection>
      )}
      {/* What became of one person is not shown beside the question whether to erase the next. */}
      {!(isReviewed && work.state === 'done') && (
        <Outcome work={work}>{(erasure) => <ErasureAnswer erasure={erasure} />}</Outcome>
      )}
    </>
  )
}

const consequences = ['destroyed', 'stays', 'proofs', 'copies', 'backups', 'others', 'holds'] as const

function Consequences() {
  const words = useWords(english, swedish)
  return (
    <dl class="facts">
      {consequences.map((each) => (
        <div key={each}>
          <dt>{words(`${each}Term`)}</dt>
          <dd>{words(each)}</dd>
        </div>
      ))}
    </dl>
  )
}
