// The one input of every headline model, whatever its version, so that a rollout may move traffic between
// versions: word-piece ids, with the company in question between two markers. The n-gram model hashes its
// pairs inside the graph. The tokenizer alone is outside it, because ONNX's string operators need a locale.
import { specialIds, wordPieces } from './wordPiece';

/** Ids per headline: start, pieces, end, then padding. */
export const headlineLength = 64;

/** Where a company is named: characters [start, end) of the text. */
export interface Mention {
  readonly start: number;
  readonly end: number;
}

/**
 * `headlineLength` ids. A long headline loses its tail. With `mention` null the headline is scored as a
 * whole.
 */
export function headlineTokens(text: string, mention: Mention | null): number[] {
  const marked =
    mention === null
      ? wordPieces(text)
      : [
          ...wordPieces(text.slice(0, mention.start)),
          specialIds.entityStart,
          ...wordPieces(text.slice(mention.start, mention.end)),
          specialIds.entityEnd,
          ...wordPieces(text.slice(mention.end)),
        ];
  const kept = [specialIds.start, ...marked.slice(0, headlineLength - 2), specialIds.end];
  return [...kept, ...new Array<number>(headlineLength - kept.length).fill(specialIds.pad)];
}

const isWordSymbol = (symbol: string | undefined): boolean =>
  symbol !== undefined && /[\p{L}\p{N}]/u.test(symbol);

/** The first place where a name stands as whole words, in any case; null when it does not. */
export function findMention(text: string, name: string): Mention | null {
  const wanted = name.trim().toLowerCase();
  const searched = text.toLowerCase();
  if (wanted === '' || searched.length !== text.length) return null;
  for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (!isWordSymbol(text[at - 1]) && !isWordSymbol(text[end])) return { start: at, end };
  }
  return null;
}
