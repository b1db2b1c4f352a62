/** Prints plain values as YAML, for a description that people read and compare. */

const plain = /^[A-Za-z/$][\w ./${}-]*$/
const notText = /^(?:true|false|null|yes|no|on|off|y|n)$/i

/** `value`: JSON, nothing else. Members that are undefined are left out. Texts are quoted as in JSON wherever that could matter. */
export function toYaml(value: unknown): string {
  return `${block(value, '').trimStart()}\n`
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((item) => `\n${indent}- ${block(item, `${indent}  `).trimStart()}`).join('')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    if (members.length > 0) return members.map(([key, member]) => line(key, member, indent)).join('')
  }
  return scalar(value)
}

function line(key: string, member: unknown, indent: string): string {
  const written = block(member, `${indent}  `)
  return `\n${indent}${scalar(key)}:${written.startsWith('\n') ? '' : ' '}${written}`
}

function scalar(value: unknown): string {
  const bare = typeof value === 'string' && plain.test(value) && !notText.test(value) && !value.endsWith(' ')
  return bare ? value : JSON.stringify(value)
}
