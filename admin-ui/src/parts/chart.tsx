/** A line over time. uPlot draws it; what it shows is also said in words. */
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import styles from './chart.module.css'

export interface Line {
  readonly name: string
  /** A CSS colour; variables are looked up. */
  readonly colour: string
  /** Beside each of the times; null: a gap. */
  readonly values: readonly (number | null)[]
  /** Each value is shown, also one that stands alone. */
  readonly dots?: boolean
}

interface Props {
  readonly label: string
  /** Ms since 1970, rising. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly height: number
  readonly unit: (value: number) => string
  /** Without axes: for a card. */
  readonly bare?: boolean
}

export function Chart({ label, times, lines, height, unit, bare = false }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(undefined)
  const data = useRef<UPlot.AlignedData>([[], []])
  data.current = [times.map((at) => at / 1000), ...lines.map(({ values }) => [...values])]
  const shape = JSON.stringify([lines.map(({ name, colour }) => [name, colour]), height, bare])

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const draw = (): void => {
      plot.current?.destroy()
      plot.current = new UPlot(optionsOf(element, { lines, height, unit, bare }), data.current, element)
    }
    draw()
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    // a canvas does not follow a change of colours by itself
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      dark.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = undefined
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- drawn anew only when its shape changes; data comes below
  }, [shape])
  useEffect(() => {
    plot.current?.setData(data.current)
  }, [times, lines])

  return <div ref={place} className={styles['chart']} role="img" aria-label={label} style={{ minHeight: height }} />
}

function optionsOf(
  element: HTMLElement,
  { lines, height, unit, bare }: Pick<Props, 'lines' | 'height' | 'unit' | 'bare'>,
): UPlot.Options {
  const colour = (text: string) => resolve(element, text)
  const grid = { stroke: colour('var(--line)'), width: 1 }
  const axis = { stroke: colour('var(--dim)'), grid, ticks: { show: false }, font: '12px system-ui' }
  return {
    width: element.clientWidth,
    height,
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: true }, y: { range: (_, __, most) => [0, Math.max(most, 1e-9) * 1.1] } },
    axes: bare
      ? [{ show: false }, { show: false }]
      : [
          { ...axis, values: (_, ticks) => ticks.map(clock) },
          { ...axis, size: 64, values: (_, ticks) => ticks.map(unit) },
        ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 2,
        spanGaps: true,
        points: { show: line.dots === true, size: 5, fill: colour(line.colour) },
      })),
    ],
    padding: bare ? [2, 0, 2, 0] : [8, 8, 0, 0],
  }
}

/** Seconds since 1970, as "12:05". */
function clock(at: number): string {
  return new Date(at * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

/** A canvas knows no variables. */
function resolve(element: HTMLElement, colour: string): string {
  const probe = document.createElement('span')
  probe.style.color = colour
  element.append(probe)
  const resolved = getComputedStyle(probe).color
  probe.remove()
  return resolved
}
