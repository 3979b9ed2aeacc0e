// Rows of a small CSV text by column name, with quoted fields. Enough for candles and headlines.

/** One record per line after the header; empty lines are skipped. */
export function csvRecords(text: string): readonly ReadonlyMap<string, string>[] {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const columns = csvFields(header ?? '');
  return lines.map((line) => {
    const fields = csvFields(line);
    return new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  });
}

/** The fields of one line; a doubled quote inside quotes is a quote. */
function csvFields(line: string): readonly string[] {
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  const texts = fields.map((field) => field.replace(/,$/, ''));
  const whole = line.endsWith(',') || line === '' ? texts : texts.slice(0, -1);
  return whole.map((text) =>
    text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text,
  );
}
