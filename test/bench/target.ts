/** An aim, and what was measured of it. */
export interface Target {
  readonly aim: string
  readonly wanted: string
  readonly measured: number
  readonly reached: boolean
}

export function atLeast(aim: string, wanted: number, measured: number, digits = 1): Target {
  return { aim, wanted: `>= ${wanted}`, measured: round(measured, digits), reached: measured >= wanted }
}

export function atMost(aim: string, wanted: number, measured: number, digits = 1): Target {
  return { aim, wanted: `<= ${wanted}`, measured: round(measured, digits), reached: measured <= wanted }
}

export function below(aim: string, wanted: number, measured: number, digits = 1): Target {
  return { aim, wanted: `< ${wanted}`, measured: round(measured, digits), reached: measured < wanted }
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}
