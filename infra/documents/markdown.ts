// Markdown as the formatter would leave it, so that a generated page is not reformatted.

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

/** A table with its columns padded to their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(escaped));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(first), line(rule), ...rest.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

export const page = (...blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;
