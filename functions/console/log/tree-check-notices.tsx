/** The two bad ends of a check of the tree: a fork, which two signed notes prove, and tiles that are wrong or not there. */
import { encodeHex } from '../../../shared/tlog/encoding.ts'
import type { SignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'
import { Notice } from '../components/notice.tsx'
import { saveFile } from '../files/save-file.ts'
import { useFormats, useWords } from '../shell/language.ts'
import type { Unfinished } from './tree-checks.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ForkNoticeProps {
  readonly older: SignedCheckpoint
  readonly newer: SignedCheckpoint
}

export function ForkNotice({ older, newer }: ForkNoticeProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const save = () => {
    for (const { size, note } of [older, newer]) saveFile(`checkpoint-${size}.txt`, note, 'text/plain')
  }
  return (
    <Notice kind="bad" title={words('fork')}>
      <p>
        {words(older.size === newer.size ? 'forkSameSize' : 'forkNext', {
          older: formats.number(older.size),
          newer: formats.number(newer.size),
        })}
      </p>
      <button type="button" class="quiet" onClick={save}>
        {words('saveBoth')}
      </button>
    </Notice>
  )
}

export function UnfinishedNotice({ check }: { readonly check: Unfinished }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (check.outcome === 'unread')
    return (
      <Notice kind="bad" title={words('unread')}>
        <p lang="en">{check.says}</p>
      </Notice>
    )
  const { paths, expected, found } = check.mismatch
  return (
    <Notice kind="bad" title={words('wrongTiles', { count: paths.length })}>
      <p>{words('wrongTilesNext', { count: paths.length, paths: formats.list(paths) })}</p>
      <p>
        {words('expectedHash')} <code>{encodeHex(expected)}</code>
        <br />
        {words('foundHash')} <code>{found === undefined ? words('noHash') : encodeHex(found)}</code>
      </p>
    </Notice>
  )
}
