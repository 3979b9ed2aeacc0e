// Pages as text that cannot be broken out of: what is put into `markup` is escaped unless it is markup itself, so a
// value that somebody forgets to escape is shown as it is written.

/** Text made safe inside HTML or XML, in content and in quoted attributes. */
export const escapeMarkup = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

/** HTML of our own making. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** Text that is HTML already: of a library that escapes what it is given, or written in the code. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }
}

type Piece = string | number | Markup | readonly Markup[];

const textOf = (piece: Piece): string => {
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return escapeMarkup(String(piece));
  return piece.map(({ text }) => text).join('');
};

/** A template of HTML, of text and of other markup. */
export const markup = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  Markup.trusted(
    parts
      .map((part, index) => `${part}${index < pieces.length ? textOf(pieces[index] ?? '') : ''}`)
      .join(''),
  );

export const noMarkup = markup``;

/** The start of a page that runs nothing and fetches nothing. */
export const pageStart = (title: string, head: Markup): Markup =>
  markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>${head}</head>`;
