// BERT's uncased tokenizer. The headline models read word pieces, which must be exactly those they were
// trained on. It is pure and small, so training (through the export script) and live share it. A test in
// test/domain/sentiment checks it against the reference tokenizer. Source: Devlin et al. 2018; MiniLM's
// vocabulary.
import vocabulary from './vocabulary.json';

const pieceIds: ReadonlyMap<string, number> = new Map(
  vocabulary.pieces.split('\n').map((piece, id) => [piece, id]),
);

/** Number of word pieces; ids are 0..size−1. */
export const vocabularySize = pieceIds.size;

/** Is it one piece: a word of the language, or a name known to everybody? @param word in small letters. */
export const isKnownWord = (word: string): boolean => pieceIds.has(word);

/** Ids with a meaning of their own. The two markers enclose the company that is asked about. */
export const specialIds = {
  pad: 0,
  entityStart: 1,
  entityEnd: 2,
  unknown: 100,
  start: 101,
  end: 102,
};

const longestWord = 100;
const combining = /\p{Mn}/gu;
const control = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
const blank = /\s/u;
const punctuation = /[!-/:-@[-`{-~\p{P}]/u;
const ideograph = /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2FA1F}\uF900-\uFAFF]/u;

/** Words and single punctuation marks, lower case, without accents. */
export function basicWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  const flush = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const symbol of text.toLowerCase().normalize('NFD').replace(combining, '')) {
    if (blank.test(symbol)) flush();
    else if (symbol === '\uFFFD' || control.test(symbol)) continue;
    else if (punctuation.test(symbol) || ideograph.test(symbol)) {
      flush();
      words.push(symbol);
    } else word += symbol;
  }
  flush();
  return words;
}

/** Greedy longest match from the left. A word that cannot be composed is one unknown piece. */
function piecesOf(word: string): number[] {
  const symbols = Array.from(word);
  if (symbols.length > longestWord) return [specialIds.unknown];
  const ids: number[] = [];
  for (let from = 0; from < symbols.length;) {
    const match = longestPiece(symbols, from);
    if (match === null) return [specialIds.unknown];
    ids.push(match.id);
    from = match.to;
  }
  return ids;
}

function longestPiece(symbols: string[], from: number): { id: number; to: number } | null {
  for (let to = symbols.length; to > from; to -= 1) {
    const id = pieceIds.get((from > 0 ? '##' : '') + symbols.slice(from, to).join(''));
    if (id !== undefined) return { id, to };
  }
  return null;
}

/** Word-piece ids of a text, without start and end marks. */
export const wordPieces = (text: string): number[] => basicWords(text).flatMap(piecesOf);
