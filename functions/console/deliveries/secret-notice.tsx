/** Says that an endpoint was made or changed, and shows its new secret: no other answer has it again. */
import type { MadeEndpoint } from '../../../shared/server/wire.ts'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { useWords } from '../shell/language.ts'
import { CopyButton } from '../sites/copy-button.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function SecretNotice({ made: { endpoint, secret } }: { readonly made: MadeEndpoint }) {
  const words = useWords(english, swedish)
  return (
    <DoneNotice title={words(secret === undefined ? 'changed' : 'made', { endpoint })}>
      {secret !== undefined && (
        <>
          <p>{words('secretOnce')}</p>
          <p>
            <code class="secret">{secret}</code> <CopyButton text={secret} name={words('secret')} />
          </p>
        </>
      )}
    </DoneNotice>
  )
}
