/** The shell that stands between the gateway and a server: it leads the process group, and ends it when the gateway is gone. */

/* How it works, and why so:
 * - Its stdin is a pipe whose other end only the gateway holds; however the gateway ends, `read` (a builtin: no helper process
 *   is left behind) sees the end of it. This works on macOS too, which has no PR_SET_PDEATHSIG.
 * - The server runs in the foreground: a non-interactive shell starts background jobs with SIGINT ignored for good. `exec` keeps
 *   a shell builtin from being run in place of a program. Its stdin is /dev/null, its output one pipe, so lines keep their order.
 * - The leader traps signals (a trap, unlike "ignore", is not inherited), outlives the server and reports its end as 128 + n.
 * - The guard holds no pipe but its own, and is ended with the group by whoever ends the server.
 */
const script = `exec 3<&0 </dev/null
trap : INT TERM HUP
(
  trap '' INT TERM HUP
  read -r _ <&3
  kill -TERM 0
  n=0
  while [ $n -lt 10 ] && kill -0 $$; do sleep 0.1; n=$((n+1)); done
  kill -KILL 0
) >/dev/null 2>&1 &
(exec "$@" 2>&1 3<&-)
exit $?`

/** The command line of a guarded program; the nonce shows in it, as the name of the shell. */
export function guarded(nonce: string, file: string, arguments_: readonly string[]): readonly [string, string[]] {
  return ['/bin/sh', ['-c', script, `mlx-gateway-${nonce}`, file, ...arguments_]]
}
