// The thread that documents of strangers are read in: a question, an answer, nothing else.
import { parentPort } from 'node:worker_threads';
import { decodedText } from './charset';
import { readAnnouncements, readFeed, readPosts, type DocumentReading } from './headlines';

const readers = {
  feed: readFeed,
  file: readFeed,
  announcements: readAnnouncements,
  posts: readPosts,
} as const;

export interface DocumentQuestion {
  readonly kind: keyof typeof readers;
  /** Of the source. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The HTTP header, which may name the charset. */
  readonly contentType?: string | undefined;
}

export type DocumentAnswer =
  | { readonly kind: 'read'; readonly reading: DocumentReading }
  | { readonly kind: 'unreadable'; readonly why: string };

function answerTo({ kind, name, bytes, contentType }: DocumentQuestion): DocumentAnswer {
  try {
    return { kind: 'read', reading: readers[kind](name, decodedText(bytes, contentType)) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : 'unreadable' };
  }
}

parentPort?.on('message', (question: DocumentQuestion) =>
  parentPort?.postMessage(answerTo(question)),
);
