/** Lines, of which only those in sight are drawn; it stays at the end unless somebody has scrolled up. */
import { Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import Anser from 'anser'
import { memo, useEffect, useRef } from 'react'
import { isAtEnd } from '../../parts/at-end.ts'
import type { Line } from './log-state.ts'
import styles from './logs.module.css'

const lineHeight = 20

interface Props {
  readonly lines: readonly Line[]
  readonly label: string
  readonly empty: string
}

export function LogView({ lines, label, empty }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.number ?? index,
    overscan: 20,
  })
  useEffect(() => {
    if (atEnd.current && lines.length > 0) list.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [lines, list])
  return (
    <div
      ref={place}
      className={styles['view']}
      onScroll={({ currentTarget }) => {
        atEnd.current = isAtEnd(currentTarget)
      }}
      tabIndex={0}
      role="log"
      aria-label={label}
      aria-live="off"
    >
      {lines.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          {empty}
        </Text>
      )}
      <div style={{ height: list.getTotalSize(), position: 'relative' }}>
        {list.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            ref={list.measureElement}
            data-index={index}
            className={styles['line']}
            style={{ transform: `translateY(${start}px)` }}
          >
            <Coloured text={lines[index]?.text ?? ''} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** With the colours that the program printed. */
const Coloured = memo(function Coloured({ text }: { readonly text: string }) {
  const parts = Anser.ansiToJson(text, { use_classes: true, remove_empty: true })
  return parts.map(({ content, fg, decoration }, index) => (
    // a line never changes, and has its parts in order
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index} className={[fg, decoration].map((name) => (name === null ? '' : (styles[name] ?? ''))).join(' ')}>
      {content}
    </span>
  ))
})
