// The configured news sources behind one verb. A source is polled no more often than allowed and asked only
// for what has changed. A dead source is reported, and its trouble affects no other source.
import type { Secret } from '../../domain/secret';
import { readFile, stat } from 'node:fs/promises';
import { boundedGet, type BoundedReply } from './boundedGet';
import { DocumentReader } from './documents';
import { flawOf, headlinesOf, type DocumentReading, type Headline } from './headlines';

/** Where news comes from. A `file` is a document of the `feed` form on this machine. */
export interface NewsSource {
  readonly name: string;
  readonly kind: 'feed' | 'announcements' | 'posts' | 'file';
  /** A URL, or a path for a file. For posts the search query is its `query` parameter. */
  readonly url: string;
  /** What a file holds where it is no feed. */
  readonly form?: 'announcements' | 'posts';
}

/** A source that could not be read, or not all of it. */
export interface SourceFailure {
  readonly source: string;
  readonly why: string;
  readonly timesInARow: number;
}

export interface SourceReading {
  readonly headlines: readonly Headline[];
  readonly failures: readonly SourceFailure[];
}

export interface NewsReaderOptions {
  readonly sources: readonly NewsSource[];
  /** A source whose URL names loopback may be read: the paper exchange's own feed. No name and no redirect leads there. */
  readonly loopback: boolean;
  /** Bearer token of the X API; without one its sources are off. */
  readonly postsToken: Secret | undefined;
  /** Least time between two requests to one source, ms. */
  readonly everyMinMs: number;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

interface Memory {
  askedAt: number;
  /** The newest document that could be read. */
  reading: DocumentReading;
  validators: Record<string, string>;
  /** What was wrong when it was last asked; null when all of it was read. */
  failure: SourceFailure | null;
}

const nothingRead: DocumentReading = { items: [], beyond: 0 };

/** Largest document. */
const bytesMax = 1_000_000;
const timeoutMsDefault = 5_000;

export class NewsReader {
  readonly #options: NewsReaderOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #documents = new DocumentReader();

  constructor(options: NewsReaderOptions) {
    this.#options = options;
  }

  get names(): readonly string[] {
    return this.#options.sources.map(({ name }) => name);
  }

  /** What the source's newest readable document said, item by item. */
  readingOf(source: string): DocumentReading {
    return this.#memories.get(source)?.reading ?? nothingRead;
  }

  /** Every source's newest headlines. A source that fails now still gives its earlier ones. */
  async read(): Promise<SourceReading> {
    const failures: SourceFailure[] = [];
    const headlines = await Promise.all(
      this.#options.sources.map((source) => this.#readOne(source, failures)),
    );
    return { headlines: headlines.flat(), failures };
  }

  async #readOne(source: NewsSource, failures: SourceFailure[]): Promise<readonly Headline[]> {
    if (source.kind === 'posts' && this.#options.postsToken === undefined) return [];
    const now = (this.#options.now ?? Date.now)();
    const memory = this.#memories.get(source.name) ?? {
      askedAt: -Infinity,
      reading: nothingRead,
      validators: {},
      failure: null,
    };
    this.#memories.set(source.name, memory);
    if (now - memory.askedAt >= this.#options.everyMinMs) {
      memory.askedAt = now;
      memory.failure = await this.#failureOf(source, memory);
    }
    if (memory.failure !== null) failures.push(memory.failure);
    return headlinesOf(memory.reading);
  }

  /** Asks the source. @returns null when it answered and all of it could be read. */
  async #failureOf(source: NewsSource, memory: Memory): Promise<SourceFailure | null> {
    const why = await this.#refresh(source, memory).then(
      () => flawOf(memory.reading),
      (error: unknown) => (error instanceof Error ? error.message : 'unreadable'),
    );
    if (why === null) return null;
    return { source: source.name, why, timesInARow: (memory.failure?.timesInARow ?? 0) + 1 };
  }

  async #refresh({ kind, name, url, form }: NewsSource, memory: Memory): Promise<void> {
    if (kind === 'file') {
      memory.reading = await this.#documents.read({
        kind: form ?? kind,
        name,
        bytes: await wholeFile(url),
      });
      return;
    }
    const reply = await this.#get({ kind, name, url }, memory.validators);
    if (reply.status === 304) return;
    if (reply.status !== 200) throw new Error(`answered ${reply.status}`);
    const { body: bytes, headers } = reply;
    const contentType = headers['content-type'];
    memory.reading = await this.#documents.read({
      ...{ kind, name, bytes },
      contentType: typeof contentType === 'string' ? contentType : undefined,
    });
    memory.validators = validatorsOf(reply);
  }

  #get({ kind, url }: NewsSource, validators: Record<string, string>): Promise<BoundedReply> {
    const { loopback, postsToken, timeoutMs } = this.#options;
    return boundedGet({
      url,
      rules: { loopbackDevelopment: loopback, allowedPorts: [], called: 'feed URL' },
      timeoutMs: timeoutMs ?? timeoutMsDefault,
      bytesMax,
      headers: {
        ...validators,
        ...(kind === 'posts' ? { authorization: `Bearer ${postsToken?.reveal() ?? ''}` } : {}),
      },
    });
  }
}

/** @throws Error where it is larger than a document may be. */
async function wholeFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > bytesMax) throw new Error(`has more than ${bytesMax} bytes`);
  return readFile(path);
}

/** Headers to send next time, so that an unchanged document is not sent again. */
function validatorsOf({ headers }: BoundedReply): Record<string, string> {
  const { etag, 'last-modified': modified } = headers;
  return {
    ...(typeof etag === 'string' ? { 'if-none-match': etag } : {}),
    ...(typeof modified === 'string' ? { 'if-modified-since': modified } : {}),
  };
}
