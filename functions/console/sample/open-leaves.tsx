/** Proofs and receipts that the auditor has about people: each is verified here, and the drawn leaves that it opens are marked. */
import type { SampledLeaf } from '../../../shared/verify/check-sample.ts'
import type { Said } from '../../../shared/verify/say.ts'
import { FileField } from '../components/file-field.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import type { OpenedLog } from '../log/opened-log.ts'
import { useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { useSentence } from '../verify/use-sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface OpenLeavesProps {
  readonly log: OpenedLog
  readonly leaves: readonly SampledLeaf[]
  /** Leaves that each file opens, by its name. */
  readonly openedBy: ReadonlyMap<string, ReadonlySet<string>>
  readonly onOpened: (file: string, leaves: ReadonlySet<string>) => void
}

type Read = { readonly file: string } & ({ readonly count: number } | { readonly failed: Said })

export function OpenLeaves({ log, leaves, openedBy, onOpened }: OpenLeavesProps) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  const [work, start] = useWork<Read>()
  const read = (file: File) =>
    start(async () => {
      await import('../verify/without-eval.ts')
      const { leavesOpenedBy } = await import('../../../shared/verify/opened-leaves.ts')
      const opened = await leavesOpenedBy(await file.text(), log.policy)
      if ('failed' in opened) return { file: file.name, failed: opened.failed }
      onOpened(file.name, opened.leaves)
      return { file: file.name, count: leaves.filter(({ leaf }) => opened.leaves.has(leaf)).length }
    })
  const open = leaves.filter(({ leaf }) => [...openedBy.values()].some((opened) => opened.has(leaf))).length
  return (
    <section aria-labelledby="open-leaves">
      <h2 id="open-leaves">{words('openLeaves')}</h2>
      <FileField
        label={words('proofFile')}
        hint={words('openLeavesHint')}
        action={words('chooseFile')}
        onFiles={([file]) => {
          if (file) read(file)
        }}
      />
      <Outcome work={work}>
        {(done) =>
          'failed' in done ? (
            <Notice kind="bad" title={words('fileInvalid', { file: done.file })}>
              <p>{sentenceOf(done.failed)}</p>
            </Notice>
          ) : (
            <Notice kind={done.count > 0 ? 'good' : 'info'}>
              {words('fileOpens', { file: done.file, count: done.count })}{' '}
              {words('opensInAll', { open, count: leaves.length })}
            </Notice>
          )
        }
      </Outcome>
    </section>
  )
}
