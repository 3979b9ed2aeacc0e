// Which stock or index a file or a row is of. Programs put an exchange before its symbol or behind it.
const exchangeBefore = /^NSE:/;
const exchangeBehind = /(?:\.NS|\.NSE|-EQ|\.EQ)$/;
/** What people add to a file's name: `INFY_minute`, `INFY-5min`. */
const lengthBehind = /[_-](?:\d{0,3}(?:m|min|mins|minute|minutes))$/i;

/** Names of indices elsewhere, by those of our files. */
const indices: Readonly<Record<string, string>> = {
  '^NSEI': 'NIFTY_50',
  '^NSEBANK': 'NIFTY_BANK',
};

const form = /^[A-Z0-9][A-Z0-9&_-]*$/;

/** The symbol that a text stands for; null where it is none. */
export function symbolOf(text: string): string | null {
  const bare = text.trim().toUpperCase();
  const index = indices[bare];
  if (index !== undefined) return index;
  const symbol = bare.replace(exchangeBefore, '').replace(exchangeBehind, '').replaceAll(' ', '_');
  return form.test(symbol) ? symbol : null;
}

/** The symbol that a file is named after; null where it is none. @param name without its folder and `.csv`. */
export const symbolOfFile = (name: string): string | null =>
  symbolOf(name.replace(lengthBehind, ''));
