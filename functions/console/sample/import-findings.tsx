/** Goes on with an audit that was saved as a file. Its sample is checked anew; the findings are taken as they are. */
import { useState } from 'preact/hooks'
import { FileField } from '../components/file-field.tsx'
import type { OpenedLog } from '../log/opened-log.ts'
import { useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { checkAnswer } from './drawn-sample.ts'
import { readFindingsFile } from './findings.ts'
import type { Audit } from './kept-audit.ts'
import { SampleProblem } from './sample-problem.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ImportFindingsProps {
  readonly log: OpenedLog
  readonly onAudit: (audit: Audit) => void
}

export function ImportFindings({ log, onAudit }: ImportFindingsProps) {
  const words = useWords(english, swedish)
  const [isOdd, setIsOdd] = useState(false)
  const [work, start] = useWork<void>()
  const take = async (file: File) => {
    const read = readFindingsFile(await file.text())
    setIsOdd(read === undefined)
    if (read !== undefined)
      start(async () => onAudit({ sample: await checkAnswer(read.sample, log.policy), findings: read.findings }))
  }
  return (
    <section aria-labelledby="go-on">
      <h2 id="go-on">{words('goOn')}</h2>
      <FileField
        label={words('findingsFile')}
        hint={words('goOnHint')}
        action={words('chooseFile')}
        error={isOdd ? words('oddFile') : undefined}
        onFiles={([file]) => {
          if (file) void take(file)
        }}
      />
      {work.state === 'failed' && <SampleProblem error={work.error} />}
    </section>
  )
}
