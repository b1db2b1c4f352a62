/** Many questions, a few at a time. */

/** The answers in the order of the items. The first failure is everybody's. */
export async function atMost<T, R>(most: number, items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const left = items.entries()
  await Promise.all(
    Array.from({ length: Math.min(most, items.length) }, async () => {
      for (const [at, item] of left) answers[at] = await ask(item)
    }),
  )
  return answers
}
