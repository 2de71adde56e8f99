/** The newest checkpoint: what it states, who signed it, when, and how far the keys carry. */
import { encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { hexKeyId } from '../../../shared/tlog/verifier-key.ts'
import { isoOf } from '../../../shared/verify/signed-checkpoint.ts'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { ago } from './elapsed.ts'
import type { OpenedLog } from './opened-log.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface CheckpointViewProps {
  readonly log: OpenedLog
  readonly onReload: () => void
}

export function CheckpointView({ log, onReload }: CheckpointViewProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { newest, keysFrom, controller } = log
  const { size, seconds, cosigned } = newest
  const outside = cosigned.filter(({ byOperator }) => !byOperator)
  const time = seconds === undefined ? undefined : formats.instant(isoOf(seconds))
  return (
    <section aria-labelledby="newest">
      <h2 id="newest">{words('newest')}</h2>
      <p class="status yes">{words('verified')}</p>
      <p class="sentence">
        {time === undefined ? words('sentenceUntimed', { size }) : words('sentence', { size, time })}
      </p>
      <Facts
        rows={[
          [words('origin'), <code key="origin">{newest.origin}</code>],
          [words('root'), <code key="root">{encodeBase64(newest.root)}</code>],
          [
            words('time'),
            seconds === undefined ? words('noTime') : `${time} (${ago(Date.now() / 1000 - seconds, language)})`,
          ],
          [words('signedBy'), <Signers key="signers" log={log} />],
          [
            words('witnesses'),
            outside.length === 0
              ? words(hasUnknown(log) ? 'unknownOutside' : 'noOutside')
              : words('outside', { count: outside.length, names: formats.list(outside.map(({ name }) => name)) }),
          ],
        ]}
      />
      <Notice kind={keysFrom === 'ledger' ? 'info' : 'good'}>
        {words(keysFrom === 'ledger' ? 'keysFromLedger' : 'keysFromReader')}
      </Notice>
      <p class="next">
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile(`${fileNamePart(controller)}-checkpoint-${size}.txt`, newest.note, 'text/plain')}
        >
          {words('saveCheckpoint')}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => saveFile(`${fileNamePart(controller)}-keys.txt`, log.policyText, 'text/plain')}
        >
          {words('saveKeys')}
        </button>
        <button type="button" class="quiet" onClick={onReload}>
          {words('lookAgain')}
        </button>
      </p>
    </section>
  )
}

/** Whether somebody signed whose key is not among those used here: maybe a witness. */
function hasUnknown({ newest, policy }: OpenedLog): boolean {
  const known = [...policy.logs, ...policy.witnesses.values()]
  const isKnown = (name: string, keyId: number) => known.some(({ key }) => key.name === name && key.keyId === keyId)
  return parseNote(newest.note).signatures.some(({ name, keyId }) => !isKnown(name, keyId))
}

/** Each signature line of the note: a log key of the policy, a witness of it, or a key that it lacks, whose signature was not checked. */
function Signers({ log: { newest, policy } }: { readonly log: OpenedLog }) {
  const words = useWords(english, swedish)
  const idsOf = (keys: Iterable<{ readonly key: { readonly name: string; readonly keyId: number } }>) =>
    new Set([...keys].map(({ key }) => `${key.name} ${key.keyId}`))
  const logs = idsOf(policy.logs)
  const witnesses = idsOf(policy.witnesses.values())
  return (
    <ul class="plain">
      {parseNote(newest.note).signatures.map((signature) => {
        const id = `${signature.name} ${signature.keyId}`
        const role = logs.has(id) ? 'roleLog' : witnesses.has(id) ? 'roleWitness' : 'roleUnknown'
        return (
          <li key={id}>
            {words(role)}: <code>{`${signature.name}+${hexKeyId(signature)}`}</code>
          </li>
        )
      })}
    </ul>
  )
}
