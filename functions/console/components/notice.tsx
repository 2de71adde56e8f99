/** A message: to be noticed, as a success, or as a failure, which assistive technology reads at once. */
import type { ComponentChildren } from 'preact'

export interface NoticeProps {
  readonly kind?: 'info' | 'good' | 'warning' | 'bad'
  readonly title?: string
  readonly children?: ComponentChildren
}

export function Notice({ kind = 'info', title, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {children}
    </div>
  )
}
