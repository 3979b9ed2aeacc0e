// Files of headlines as people bring them to `ratchet sentiment --score-file`: what is in them, what becomes of them,
// and where the case comes from.
export interface HeadlineFileCase {
  readonly name: string;
  readonly bytes: Buffer;
  /** The sentence it is refused with, or the first lines of what is written, by pattern. */
  readonly refused?: RegExp;
  readonly written?: readonly RegExp[];
  readonly source: 'report' | 'spreadsheet' | 'sibling';
}

const text = (...lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);
const latin1 = (...lines: readonly string[]): Buffer =>
  Buffer.from(`${lines.join('\n')}\n`, 'latin1');

export const headlineFiles: readonly HeadlineFileCase[] = [
  {
    name: 'columns label and score of theirs stay as they were',
    bytes: text('text,label,score', 'Infosys profit doubles,mine,7'),
    written: [
      /^text,label,score,ratchet_label,ratchet_score,negative,neutral,positive,version$/,
      /^Infosys profit doubles,mine,7,positive,0\.\d+,/,
    ],
    source: 'report',
  },
  {
    name: 'a column Score with a capital is theirs too, and so is one of our longer name',
    bytes: text('Text,Score,ratchet_score', 'Infosys profit doubles,7,8'),
    written: [/^Text,Score,ratchet_score,label,ratchet_ratchet_score,/, /^Infosys.*,7,8,positive,/],
    source: 'sibling',
  },
  {
    name: 'blanks around cells and quotes are no part of them, and blank lines are passed over',
    bytes: text('id,text,note', '  1 ,  TCS wins a large order , " kept "', ''),
    written: [/^id,text,note,label/, /^1,TCS wins a large order, kept ,positive/],
    source: 'sibling',
  },
  {
    name: 'a byte-order mark is no part of the first column',
    bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text('text', 'TCS wins a large order')]),
    written: [/^text,label/, /^TCS wins a large order,positive/],
    source: 'spreadsheet',
  },
  {
    name: 'latin-1',
    bytes: latin1('text', 'Nestl\u00e9 India gains'),
    refused: /must be UTF-8; byte 10 \(line 2\) is 0xe9/,
    source: 'report',
  },
  {
    name: 'UTF-16',
    bytes: Buffer.from('\ufefftext\nTCS gains\n', 'utf16le'),
    refused: /must be UTF-8; byte 0 \(line 1\) is 0xff/,
    source: 'spreadsheet',
  },
  {
    name: 'a character cut off at the end',
    bytes: text('text', 'TCS gains \u20b9').subarray(0, -2),
    refused: /must be UTF-8; byte 15 \(line 2\) is 0xe2/,
    source: 'sibling',
  },
  {
    name: 'an empty headline',
    bytes: text('text,entity', 'TCS gains,TCS', ' ,TCS'),
    refused: /, line 3: the column text is empty/,
    source: 'sibling',
  },
  {
    name: 'no column text',
    bytes: text('title', 'TCS gains'),
    refused: /must have a column text, and may have a column entity; its columns are title/,
    source: 'sibling',
  },
  {
    name: 'a column twice',
    bytes: text('text,note,Note', 'TCS gains,a,b'),
    refused: /line 1: the column note stands there twice/,
    source: 'sibling',
  },
  {
    name: 'a row with a cell too many',
    bytes: text('text,id', 'Profit up, margins down,1'),
    refused: /is not a CSV file with a column text: .* on line 2/,
    source: 'spreadsheet',
  },
  {
    name: 'only a header',
    bytes: text('text'),
    refused: /has a header and no headline under it/,
    source: 'sibling',
  },
  { name: 'nothing', bytes: Buffer.alloc(0), refused: /columns are none/, source: 'sibling' },
];
