// Goal: a document of the largest size, however it is built, holds up nobody but its source. Method: hostile documents
// are read while the event loop is watched: a turn of it before the answer means that the process did not wait.
import { DocumentReader } from '../../../activities/news/documents';
import type { DocumentQuestion } from '../../../activities/news/documentThread';
import { rss } from '../../support/hostileFeeds';

const bytes = 1_000_000;
const filled = (piece: (index: number) => string): string => {
  const pieces: string[] = [];
  for (let size = 0, index = 0; size < bytes - 100; index += 1) {
    const next = piece(index);
    pieces.push(next);
    size += next.length;
  }
  return pieces.join('');
};
const channel = (inner: string): string => `<rss><channel>${inner}</channel></rss>`;

const hostile: readonly (readonly [string, string])[] = [
  ['plain items', channel(filled((index) => `<item><title>SBI ${index}</title></item>`))],
  ['empty items', channel(filled(() => '<item/>'))],
  ['attributes', channel(`<item ${filled((index) => `a${index}="" `)}/>`)],
  ['names of their own', channel(filled((index) => `<t${index}/>`))],
  ['nothing but nesting', channel(filled(() => '<a>'))],
];

const asked = (body: string, kind: 'feed' | 'posts' = 'feed'): DocumentQuestion => ({
  kind,
  name: 's',
  bytes: Buffer.from(body),
});

describe('documents of strangers', () => {
  test.each(hostile)('of %s are read while the process goes on', async (_, body) => {
    const reader = new DocumentReader();
    let turns = 0;
    let ended = false;
    const turn = (): void => {
      turns += 1;
      if (!ended) setImmediate(turn);
    };
    setImmediate(turn);
    await reader.read(asked(body), 120_000).catch(() => undefined);
    ended = true;
    expect(turns).toBeGreaterThan(0);
    const good = await reader.read(asked(rss('SBI gains')), 120_000);
    expect(good.items).toMatchObject([{ headline: { title: 'SBI gains', source: 's' } }]);
  });

  test('one that takes too long is given up and named, and the next is read by another thread', async () => {
    const reader = new DocumentReader();
    const [, body = ''] = hostile[0] ?? [];
    const told = reader.read(asked(body), 1);
    await expect(told).rejects.toThrow('sent what takes more than 1 ms to read');
    const { items: next } = await reader.read(asked(rss('SBI gains')), 120_000);
    expect(next).toHaveLength(1);
  });

  test('those that wait for one that is given up are read', async () => {
    const reader = new DocumentReader();
    const bad = reader.read(asked('<html>', 'posts'), 120_000);
    const good = reader.read(asked(rss('SBI gains')), 120_000);
    await expect(bad).rejects.toThrow(/JSON/);
    expect((await good).items).toHaveLength(1);
  });
});
