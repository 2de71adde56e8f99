/** A share as a bar and in words. The words say it all, so the bar is a picture for eyes only, and without a share there is none. */
import type { ComponentChildren } from 'preact'
import type { Share } from './counted.ts'
import { useTexts } from './use-texts.ts'

export interface ShareBarProps {
  readonly share: Share | undefined
  /** The words, where they say more than the share. */
  readonly children?: ComponentChildren
}

export function ShareBar({ share, children }: ShareBarProps) {
  const texts = useTexts()
  return (
    <span class="share">
      {share && (
        <svg class="share-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect class="share-part" width={100 * share.part} height={10} />
        </svg>
      )}
      <span class={share ? '' : 'aside'}>{children ?? texts.share(share)}</span>
    </span>
  )
}
