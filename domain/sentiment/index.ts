// Sentiment from headline to view. Workflows that only pass a view on import './view', because this index
// brings MiniLM's vocabulary (260 KB) and the company names with it.
export { aggregateSentiment, defaultAggregateConfig } from './aggregate';
export type { AggregateConfig, ScoredHeadline } from './aggregate';
export { storiesOf } from './duplicates';
export type { Story } from './duplicates';
export { findMention, headlineLength, headlineTokens } from './headlineTokens';
export type { Mention } from './headlineTokens';
export { linkHeadline } from './linking';
export type { HeadlineLinks, StockLink } from './linking';
export { nameTable } from './names/nameTable';
export type { ListedName, NameTable } from './names/nameTable';
export { neutralSentiment } from './view';
export type { SentimentView } from './view';
export { vocabularySize } from './wordPiece';
