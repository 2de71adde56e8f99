/** A QR code (ISO/IEC 18004) as one path of an SVG, black on white in every theme, since scanners expect that. */
import { encode } from 'uqr'

export interface QrCodeProps {
  readonly text: string
  /** What it is, for who cannot see it. */
  readonly label: string
}

export function QrCode({ text, label }: QrCodeProps) {
  // The border is the quiet zone that scanners need.
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
