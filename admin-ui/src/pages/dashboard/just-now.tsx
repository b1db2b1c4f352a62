/** The last things that happened, newest first. */
import { Paper, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import { useLive } from '../../live.ts'
import { time } from '../../parts/format.ts'
import { newsOf } from '../../parts/happening.ts'
import styles from './dashboard.module.css'

export function JustNow() {
  const recent = useLive(({ recent }) => recent)
  const news = newsOf(recent)
  return (
    <Paper component="section" aria-labelledby="just-now">
      <Title order={2} id="just-now" c="dimmed">
        Just now
      </Title>
      {news.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          Loads, unloads and failures will be told here.
        </Text>
      )}
      <dl className={styles['news']} tabIndex={news.length > 8 ? 0 : undefined}>
        {news.toReversed().map(({ at, words }, index) => (
          // nothing else tells two things apart that happened in the same millisecond
          // oxlint-disable-next-line react/no-array-index-key
          <Fragment key={`${at} ${news.length - index}`}>
            <dt>{time(at)}</dt>
            <dd>
              {words.map((word, place) =>
                typeof word === 'string' ? word : <b key={`${word.model} ${place === 0 ? '' : place}`}>{word.model}</b>,
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Paper>
  )
}
