// The thread that documents of strangers are read in: a question, an answer, nothing else.
import { parentPort } from 'node:worker_threads';
import { announcementHeadlines, feedHeadlines, postHeadlines, type Headline } from './headlines';

const readers = {
  feed: feedHeadlines,
  file: feedHeadlines,
  announcements: announcementHeadlines,
  posts: postHeadlines,
} as const;

export interface DocumentQuestion {
  readonly kind: keyof typeof readers;
  /** Of the source. */
  readonly name: string;
  readonly body: string;
}

export type DocumentAnswer =
  | { readonly kind: 'headlines'; readonly headlines: readonly Headline[] }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Items taken from the top of a document, where the newest stand. This bounds the cost of a flood. */
const itemsMax = 500;

function answerTo({ kind, name, body }: DocumentQuestion): DocumentAnswer {
  try {
    return { kind: 'headlines', headlines: readers[kind](name, body).slice(0, itemsMax) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : 'unreadable' };
  }
}

parentPort?.on('message', (question: DocumentQuestion) =>
  parentPort?.postMessage(answerTo(question)),
);
