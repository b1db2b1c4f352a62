/** Whether somebody looks at the end of what scrolls: then it follows what is added, and else stays where they read. */
const nearly = 40

export function isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < nearly
}
