/** A proof that the ledger gave: what waits for the log, what it answers, and what the reader can do with the file. */
import { useEffect, useState } from 'preact/hooks'
import { Notice } from '../components/notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { addressOf } from '../shell/route.ts'
import { handOver } from '../verify/handed-over.ts'
import { ProofAnswer } from '../verify/proof-answer.tsx'
import type { ProofContent } from './proof-content.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ProofViewProps {
  readonly file: File
  readonly content: ProofContent
}

export function ProofView({ file, content }: ProofViewProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const address = useObjectUrl(file)
  const { pending } = content
  return (
    <>
      {pending > 0 && (
        <Notice kind="warning" title={words('pendingTitle', { count: pending })}>
          <p>{words('pendingNext')}</p>
        </Notice>
      )}
      <h2>{words('file')}</h2>
      <p>{words('size', { size: formats.bytes(file.size) })}</p>
      <div class="next">
        <a class="button" href={addressOf('verify')} onClick={() => handOver(file)}>
          {words('verifyHere')}
        </a>
        {address !== undefined && (
          <a class="button quiet" href={address} download={file.name}>
            {words('download')}
          </a>
        )}
      </div>
      <p class="aside">{words('verifyNote')}</p>
      <h2>{words('answer')}</h2>
      <p class="aside">{words('notVerified')}</p>
      <ProofAnswer content={content} controller={content.controller} />
    </>
  )
}

/** An address of the file for a link, as long as the link is there. */
function useObjectUrl(file: File): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return address
}
