/** Draws how many people said yes and no with Chart.js (https://www.chartjs.org), of which only the parts for bars are bundled. */
import { BarController, BarElement, CategoryScale, Chart, LinearScale } from 'chart.js'

Chart.register(BarController, BarElement, CategoryScale, LinearScale)

export interface Bars {
  readonly labels: readonly string[]
  readonly given: readonly number[]
  readonly refused: readonly number[]
  readonly number: (value: number) => string
}

export interface DrawnBars {
  /** Reads the colours anew: another theme, or forced colours. */
  recolour(): void
  destroy(): void
}

/** A yes is a full bar and a no an empty one beside it, so that they differ without colour. */
export function drawBars(canvas: HTMLCanvasElement, { labels, given, refused, number }: Bars): DrawnBars {
  const colours = () => coloursOf(canvas)
  const chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: [...labels],
      datasets: [
        { data: [...given], backgroundColor: () => colours().line, borderColor: () => colours().line, borderWidth: 2 },
        { data: [...refused], backgroundColor: 'transparent', borderColor: () => colours().line, borderWidth: 2 },
      ],
    },
    options: {
      animation: false,
      events: [],
      maintainAspectRatio: false,
      font: { family: getComputedStyle(canvas).fontFamily, size: 13 },
      layout: { padding: { top: 8 } },
      scales: {
        x: {
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: () => colours().text,
            maxRotation: 0,
            autoSkip: true,
            maxTicksLimit: canvas.clientWidth < 480 ? 3 : 7,
          },
        },
        y: {
          beginAtZero: true,
          grid: { color: () => colours().grid },
          border: { display: false },
          ticks: {
            color: () => colours().text,
            precision: 0,
            maxTicksLimit: 6,
            callback: (value) => number(Number(value)),
          },
        },
      },
    },
  })
  return { recolour: () => chart.update('none'), destroy: () => chart.destroy() }
}

/** From the figure's own style, so that themes and forced colours apply to what is drawn, too. */
function coloursOf(canvas: HTMLCanvasElement) {
  const { color, borderColor, outlineColor } = getComputedStyle(canvas)
  return { text: color, grid: borderColor, line: outlineColor }
}
