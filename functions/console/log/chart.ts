/** Draws the growth of a log with Chart.js (https://www.chartjs.org), of which only the parts for a stepped line are bundled. */
import { Chart, LinearScale, LineController, LineElement, PointElement } from 'chart.js'
import type { Language } from '../shell/language.ts'
import type { GrowthPoint } from './growth.ts'
import { timeTicks } from './time-ticks.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale)

export interface DrawnChart {
  /** Marks a point. @returns the point as the chart has it */
  select(index: number): GrowthPoint | undefined
  /** Reads the colours anew: another theme, or forced colours. */
  recolour(): void
  destroy(): void
}

export interface ChartWords {
  readonly language: Language
  readonly number: (value: number) => string
}

/** The line is level from one checkpoint to the next, because the log has a size only where it was signed. */
export function drawGrowth(
  canvas: HTMLCanvasElement,
  points: readonly GrowthPoint[],
  { language, number }: ChartWords,
): DrawnChart {
  const [first, last] = [points[0]?.seconds ?? 0, points.at(-1)?.seconds ?? 0]
  const ticks = timeTicks(first, last, canvas.clientWidth < 480 ? 4 : 7, language)
  const labels = new Map(ticks.map(({ seconds, label }) => [seconds, label]))
  const data = points.map(({ seconds, size, added }) => ({ x: seconds, y: size, added }))
  let marked = points.length - 1
  const colours = () => coloursOf(canvas)
  const chart = new Chart(canvas, {
    type: 'line',
    data: {
      datasets: [
        {
          data,
          stepped: true,
          borderWidth: 2,
          borderColor: () => colours().line,
          pointBackgroundColor: () => colours().line,
          pointBorderColor: () => colours().line,
          pointRadius: ({ dataIndex }) => (dataIndex === marked ? 6 : points.length > 30 ? 0 : 2),
        },
      ],
    },
    options: {
      animation: false,
      events: [],
      maintainAspectRatio: false,
      parsing: false,
      font: { family: getComputedStyle(canvas).fontFamily, size: 13 },
      // Room for the mark at the right end.
      layout: { padding: { right: 10, top: 8 } },
      scales: {
        x: {
          type: 'linear',
          min: first,
          max: last,
          grid: { display: false },
          border: { display: false },
          ticks: { color: () => colours().text, maxRotation: 0, callback: (value) => labels.get(Number(value)) ?? '' },
          afterBuildTicks: (axis) => {
            axis.ticks = ticks.map(({ seconds }) => ({ value: seconds }))
          },
        },
        y: {
          type: 'linear',
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
  return {
    select(index) {
      marked = index
      chart.update('none')
      const at = data[index]
      return at && { seconds: at.x, size: at.y, added: at.added }
    },
    recolour: () => chart.update('none'),
    destroy: () => chart.destroy(),
  }
}

/** From the figure's own style, so that themes and forced colours apply to what is drawn, too. */
function coloursOf(canvas: HTMLCanvasElement) {
  const { color, borderColor, outlineColor } = getComputedStyle(canvas)
  return { text: color, grid: borderColor, line: outlineColor }
}
