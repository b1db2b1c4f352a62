/** nginx in front of the mock engine, tuned as one would for streams: no buffering, connections kept. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listeningOn } from '../usage.ts'
import { freePort, startProgram } from './program.ts'
import type { Subject } from './subject.ts'

/** Undefined where nginx is not on PATH. */
export async function startNginx(folder: string, enginePort: number): Promise<Subject | undefined> {
  const found = await promisify(execFile)('nginx', ['-v']).then(
    () => true,
    () => false,
  )
  if (!found) return undefined
  const home = join(folder, 'nginx')
  await mkdir(home)
  const port = await freePort()
  await writeFile(join(home, 'nginx.conf'), configuration(home, port, enginePort))
  const argv = ['nginx', '-p', home, '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')]
  const program = await startProgram(argv, port, join(home, 'output.log'))
  const target = { port, model: 'bench', key: undefined }
  return { name: 'nginx', target, pids: await listeningOn(port), stop: program.stop }
}

function configuration(home: string, port: number, enginePort: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home}/${name};`)
  return `
daemon off; pid ${home}/pid; worker_processes 1; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off; ${paths.join(' ')}
  keepalive_requests 100000000; client_max_body_size 16m; client_body_buffer_size 2m;
  upstream engine { server 127.0.0.1:${enginePort}; keepalive 1024; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://engine; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 600s;
    }
  }
}
`
}
