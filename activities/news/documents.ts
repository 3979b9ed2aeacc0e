// Documents of strangers are read in a thread of their own. A hostile one may take seconds or all of the thread's
// memory: the thread is then ended, and the process that sends orders has not waited for it.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DocumentAnswer, DocumentQuestion } from './documentThread';
import type { DocumentReading } from './headlines';

/** An honest document of the largest size is read in a tenth of that; a busy machine may need more. */
const deadlineMsDefault = 5_000;
/** MB; the largest documents take a fifth of it. */
const memoryMax = 256;
/** `.ts` where the sources run as they are, under tests. */
const suffix = extname(__filename);

const startThread = (): Worker => {
  const thread = new Worker(join(__dirname, `documentThread${suffix}`), {
    execArgv: suffix === '.ts' ? ['--require', join(__dirname, '../../infra/sourceHook.cjs')] : [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMax },
  });
  // It keeps no process alive.
  thread.unref();
  return thread;
};

export class DocumentReader {
  #thread: Worker | undefined;
  /** One document at a time: the end of the newest question. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws Error in a few words when the document is of another form or takes too much. */
  read(
    question: DocumentQuestion,
    deadlineMs: number = deadlineMsDefault,
  ): Promise<DocumentReading> {
    const answer = this.#last.then(() => this.#ask(question, deadlineMs));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask(question: DocumentQuestion, deadlineMs: number): Promise<DocumentReading> {
    const thread = (this.#thread ??= startThread());
    try {
      const answer = await answerOf(thread, question, deadlineMs);
      if (answer.kind === 'read') return answer.reading;
      throw new Error(answer.why);
    } catch (error) {
      if (error instanceof ThreadLost) {
        this.#thread = undefined;
        void thread.terminate();
      }
      throw error;
    }
  }
}

/** The thread is of no more use. */
class ThreadLost extends Error {}

function answerOf(
  thread: Worker,
  question: DocumentQuestion,
  deadlineMs: number,
): Promise<DocumentAnswer> {
  const ended = new AbortController();
  return new Promise<DocumentAnswer>((resolve, reject) => {
    const lost = (why: string): void => reject(new ThreadLost(why));
    const timer = setTimeout(
      () => lost(`sent what takes more than ${deadlineMs} ms to read`),
      deadlineMs,
    );
    const onError = (): void => lost('sent what takes too much memory to read');
    thread.once('message', resolve);
    thread.once('error', onError);
    ended.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      thread.off('message', resolve);
      // An error of a thread that is being ended concerns nobody.
      thread.off('error', onError).on('error', () => undefined);
    });
    thread.postMessage(question);
  }).finally(() => ended.abort());
}
