/**
 * Draws a line for each measure with Chart.js (https://www.chartjs.org), of which only the parts for lines over categories are bundled. A day whose
 * number is hidden has no point, and is hatched: a line at 0 would say that nobody was there. Where only some people are hidden, the point is hollow: it is too low.
 */
import { CategoryScale, Chart, LinearScale, LineController, LineElement, type Plugin, PointElement } from 'chart.js'
import type { LineStyle } from './line-styles.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale)

export interface DrawnLine extends LineStyle {
  readonly heights: readonly (number | null)[]
  /** By day, whether there are more people than the height says, who are hidden. */
  readonly isLow: readonly boolean[]
  /** Now: another theme has another. */
  readonly colour: () => string
}

export interface DaysDrawing {
  readonly labels: readonly string[]
  readonly lines: readonly DrawnLine[]
  /** By day, whether a number of a line is missing. */
  readonly isHidden: readonly boolean[]
  readonly marked: number
  readonly number: (value: number) => string
  /** The pointer is at this day. */
  readonly onDay: (index: number) => void
}

export interface DrawnDays {
  mark(index: number): void
  /** Reads the colours anew: another theme, or forced colours. */
  recolour(): void
  destroy(): void
}

/** More days than these have no point each, unless the point is hollow, or stands alone and no line leads to it. */
const mostPoints = 45

export function drawDays(canvas: HTMLCanvasElement, drawing: DaysDrawing): DrawnDays {
  const { labels, lines, isHidden, number, onDay } = drawing
  let { marked } = drawing
  const colours = () => coloursOf(canvas)
  const chart = new Chart(canvas, {
    type: 'line',
    plugins: [
      hatchedDays(isHidden, () => colours().text),
      markedDay(
        () => marked,
        () => colours().text,
      ),
    ],
    data: {
      labels: [...labels],
      datasets: lines.map(({ heights, isLow, dash, point, turn, colour }) => ({
        data: [...heights],
        borderWidth: 2,
        borderDash: [...dash],
        borderColor: colour,
        pointBackgroundColor: ({ dataIndex: i }: AtDay) => (isLow[i] ? colours().surface : colour()),
        pointBorderColor: colour,
        pointStyle: point,
        pointRotation: turn,
        pointRadius: ({ dataIndex: i }: AtDay) => {
          if (labels.length <= mostPoints || (isGap(heights, i - 1) && isGap(heights, i + 1))) return 3
          return isLow[i] ? 2 : 0
        },
        spanGaps: false,
      })),
    },
    options: {
      animation: false,
      events: ['mousemove', 'click', 'touchstart'],
      onHover: ({ x }) => {
        const index = x === null ? undefined : chart.scales.x?.getValueForPixel(x)
        if (index !== undefined && index >= 0 && index < labels.length) onDay(index)
      },
      maintainAspectRatio: false,
      font: { family: getComputedStyle(canvas).fontFamily, size: 13 },
      layout: { padding: { top: 8, right: 4 } },
      scales: {
        x: {
          type: 'category',
          offset: true,
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: () => colours().text,
            maxRotation: 0,
            autoSkip: true,
            maxTicksLimit: canvas.clientWidth < 480 ? 4 : 8,
          },
        },
        y: {
          type: 'linear',
          beginAtZero: true,
          // Room above a line of zeros, and no ticks between two people.
          suggestedMax: 10,
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
    mark(index) {
      marked = index
      chart.draw()
    },
    recolour: () => chart.update('none'),
    destroy: () => chart.destroy(),
  }
}

const isGap = (heights: readonly (number | null)[], index: number) => (heights[index] ?? null) === null

/** Stripes from top to bottom of each hidden day, below the lines. */
function hatchedDays(isHidden: readonly boolean[], colour: () => string): Plugin<'line'> {
  return {
    id: 'hatched-days',
    beforeDatasetsDraw({ ctx, chartArea: { top, bottom, left, right }, scales: { x } }) {
      if (x === undefined) return
      const half = (right - left) / isHidden.length / 2
      ctx.save()
      ctx.beginPath()
      for (const [i, hidden] of isHidden.entries())
        if (hidden) ctx.rect(x.getPixelForValue(i) - half, top, 2 * half, bottom - top)
      ctx.clip()
      ctx.beginPath()
      const height = bottom - top
      for (let start = left - height; start < right; start += 8) {
        ctx.moveTo(start, bottom)
        ctx.lineTo(start + height, top)
      }
      ctx.strokeStyle = colour()
      ctx.globalAlpha = 0.35
      ctx.lineWidth = 1
      ctx.stroke()
      ctx.restore()
    },
  }
}

/** The day whose numbers stand below the chart. */
function markedDay(index: () => number, colour: () => string): Plugin<'line'> {
  return {
    id: 'marked-day',
    beforeDatasetsDraw({ ctx, chartArea: { top, bottom }, scales: { x } }) {
      const at = x?.getPixelForValue(index())
      if (at === undefined) return
      ctx.save()
      ctx.beginPath()
      ctx.moveTo(at, top)
      ctx.lineTo(at, bottom)
      ctx.strokeStyle = colour()
      ctx.lineWidth = 1
      ctx.stroke()
      ctx.restore()
    },
  }
}

interface AtDay {
  readonly dataIndex: number
}

/** From the canvas's own style, so that themes and forced colours apply to what is drawn, too. */
function coloursOf(canvas: HTMLCanvasElement) {
  const { color, borderColor } = getComputedStyle(canvas)
  return { text: color, grid: borderColor, surface: getComputedStyle(document.documentElement).backgroundColor }
}
