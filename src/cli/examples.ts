/** What people type most, for the help of the commands that have many options. */

const shown = (...lines: readonly string[]): string => `\nFor example:\n${lines.map((line) => `  ${line}`).join('\n')}`

export const examples = {
  search: shown(
    'mlx-gateway search qwen3 --bits 4 --max-size 8GB',
    'mlx-gateway search --owner mlx-community --sort recent',
  ),
  pull: shown(
    'mlx-gateway pull mlx-community/Qwen3-4B-4bit',
    'mlx-gateway pull https://huggingface.co/mlx-community/Qwen3-4B-4bit --wait',
  ),
  models: shown(
    'mlx-gateway models',
    'mlx-gateway models verify mlx-community/Qwen3-4B-4bit --repair',
    'mlx-gateway models rm mlx-community/Qwen3-4B-4bit@main',
  ),
}
