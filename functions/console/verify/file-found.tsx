/** What was found in a file: what it does not show, the verdict, the answer or the opened claims, and each step. */
import type { Verification } from '../../../shared/verify/verification.ts'
import type { ProofContent } from '../proof/proof-content.ts'
import { PrintButton, Report } from '../report/report.tsx'
import { useWords } from '../shell/language.ts'
import { Claims } from './claims.tsx'
import { FileFacts } from './file-facts.tsx'
import type { Examined } from './found.ts'
import { NotShown } from './not-shown.tsx'
import { ProofAnswer } from './proof-answer.tsx'
import { Receipts } from './receipts.tsx'
import { Steps } from './steps.tsx'
import { Verdict } from './verdict.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface FileFoundProps {
  readonly examined: Examined
  readonly sha256: string
  readonly verification: Verification
  readonly proof: ProofContent | undefined
}

export function FileFound({ examined, sha256, verification, proof }: FileFoundProps) {
  const words = useWords(english, swedish)
  const { kind, steps, disclosed, receipts } = verification
  return (
    <>
      <NotShown verification={verification} />
      <Verdict verification={verification} />
      {proof && (
        <>
          <PrintButton />
          <ProofAnswer content={proof} />
        </>
      )}
      {disclosed && Object.keys(disclosed).length > 0 && <Claims disclosed={disclosed} />}
      {receipts && receipts.length > 0 && <Receipts receipts={receipts} />}
      <h3>{words('steps')}</h3>
      <Steps steps={steps} verdict={verification.verdict} />
      <h3>{words('file')}</h3>
      <FileFacts examined={examined} kind={kind} sha256={sha256} />
      {proof && <Report examined={examined} sha256={sha256} verification={verification} content={proof} />}
    </>
  )
}
