/**
 * The printed report on a consent proof in which every check passed: A4, through the browser's print. It is in the page all along and shown on
 * paper only (`styles/report.css`), so that printing needs no network.
 */
import type { Verification } from '../../../shared/verify/verification.ts'
import { Facts } from '../components/facts.tsx'
import type { ProofContent } from '../proof/proof-content.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { addressOf } from '../shell/route.ts'
import { FileFacts } from '../verify/file-facts.tsx'
import type { Examined } from '../verify/found.ts'
import { NotShown } from '../verify/not-shown.tsx'
import { ProofAnswer } from '../verify/proof-answer.tsx'
import { Steps } from '../verify/steps.tsx'
import { Verdict } from '../verify/verdict.tsx'
import { QrCode } from './qr-code.tsx'
import { ReportTexts } from './report-texts.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ReportProps {
  readonly examined: Examined
  readonly sha256: string
  readonly verification: Verification
  readonly content: ProofContent
}

export function Report({ examined, sha256, verification, content }: ReportProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const address = `${location.origin}${location.pathname}${addressOf('verify')}`
  return (
    <article class="report">
      <h1>{words('title')}</h1>
      <p>{words('madeOn', { at: formats.instant(examined.verifiedAt) })}</p>
      <NotShown verification={verification} />
      <Verdict verification={verification} />
      <h2>{words('answer')}</h2>
      <ProofAnswer content={content} />
      <h2>{words('steps')}</h2>
      <Steps steps={verification.steps} verdict={verification.verdict} />
      <h2>{words('file')}</h2>
      <FileFacts examined={examined} kind={verification.kind} sha256={sha256} />
      <Facts rows={[[words('keys'), <pre key="keys">{examined.keys.text.trim()}</pre>]]} />
      {examined.keys.source === 'ledger' && <p>{words('ownKeys')}</p>}
      <section class="again">
        <h2>{words('again')}</h2>
        <div class="again-page">
          <QrCode text={address} label={words('qr', { address })} />
          <div>
            <p>{words('againPage')}</p>
            <p>
              <code>{address}</code>
            </p>
            <p>{words('againCommand')}</p>
            <p>
              <code>npx consent-ledger verify proof.json --policy keys.txt</code>
            </p>
            <p>{words('againHash')}</p>
          </div>
        </div>
      </section>
      <ReportTexts texts={content.texts} />
    </article>
  )
}

export function PrintButton() {
  const words = useWords(english, swedish)
  return (
    <div class="next print">
      <button type="button" onClick={() => print()}>
        {words('print')}
      </button>
      <p class="hint">{words('printNote')}</p>
    </div>
  )
}
