/** Says what was done. It takes the focus, because the button that did it is gone. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Notice, type NoticeProps } from '../components/notice.tsx'

export interface DoneNoticeProps {
  readonly title: string
  /** @default 'good' */
  readonly kind?: NoticeProps['kind']
  readonly children: ComponentChildren
}

export function DoneNotice({ title, kind = 'good', children }: DoneNoticeProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1}>
      <Notice kind={kind} title={title}>
        {children}
      </Notice>
    </div>
  )
}
