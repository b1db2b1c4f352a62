/** What `ps` says. */

export const psColumns = 'pid=,pgid=,stat=,lstart=,command='

const line = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\s+(.*)$/

/** Live processes of `ps -ww -o` with these columns; zombies (state Z) are left out. */
export function parsePs(text: string) {
  return text.split('\n').flatMap((written) => {
    const [, pid, groupId, state, startTime, commandLine] = line.exec(written) ?? []
    if (startTime === undefined || commandLine === undefined || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), groupId: Number(groupId), startTime, commandLine }]
  })
}
