// The configured news sources behind one verb. A source is polled no more often than allowed and asked only
// for what has changed. A dead source is reported, and its trouble affects no other source.
import type { Secret } from '../../domain/secret';
import { readFile, stat } from 'node:fs/promises';
import { boundedGet, type BoundedReply } from './boundedGet';
import { DocumentReader } from './documents';
import type { Headline } from './headlines';

/** Where news comes from. A `file` is a document of the `feed` form on this machine. */
export interface NewsSource {
  readonly name: string;
  readonly kind: 'feed' | 'announcements' | 'posts' | 'file';
  /** A URL, or a path for a file. For posts the search query is its `query` parameter. */
  readonly url: string;
}

/** A source that could not be read. */
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
  headlines: readonly Headline[];
  validators: Record<string, string>;
  /** Why it failed when last asked; null when it answered. */
  failure: SourceFailure | null;
}

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
      headlines: [],
      validators: {},
      failure: null,
    };
    this.#memories.set(source.name, memory);
    if (now - memory.askedAt >= this.#options.everyMinMs) {
      memory.askedAt = now;
      memory.failure = await this.#failureOf(source, memory);
    }
    if (memory.failure !== null) failures.push(memory.failure);
    return memory.headlines;
  }

  /** Asks the source. @returns null when it answered. */
  async #failureOf(source: NewsSource, memory: Memory): Promise<SourceFailure | null> {
    try {
      await this.#refresh(source, memory);
      return null;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unreadable';
      return { source: source.name, why, timesInARow: (memory.failure?.timesInARow ?? 0) + 1 };
    }
  }

  async #refresh(source: NewsSource, memory: Memory): Promise<void> {
    if (source.kind === 'file') {
      memory.headlines = await this.#documents.headlines(source, await wholeFile(source.url));
      return;
    }
    const reply = await this.#get(source, memory.validators);
    if (reply.status === 304) return;
    if (reply.status !== 200) throw new Error(`answered ${reply.status}`);
    memory.headlines = await this.#documents.headlines(source, reply.body);
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
async function wholeFile(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > bytesMax) throw new Error(`has more than ${bytesMax} bytes`);
  return readFile(path, 'utf8');
}

/** Headers to send next time, so that an unchanged document is not sent again. */
function validatorsOf({ headers }: BoundedReply): Record<string, string> {
  const { etag, 'last-modified': modified } = headers;
  return {
    ...(typeof etag === 'string' ? { 'if-none-match': etag } : {}),
    ...(typeof modified === 'string' ? { 'if-modified-since': modified } : {}),
  };
}
