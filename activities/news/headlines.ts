// Turns news documents into headlines: RSS 2.0, Atom, the exchanges' announcement lists and X's recent
// search. An item that cannot be dated or read is left out. A document of another kind is an error, never "no
// news".
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { epochMs, type EpochMs } from '../../domain/units';

export interface Headline {
  readonly guid: string;
  readonly at: EpochMs;
  readonly title: string;
  readonly source: string;
}

/** Entities beyond XML's five are left as they stand, so that no document can expand. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: true,
});
const text = z.union([
  z.string(),
  z.number().transform(String),
  z.object({ '#text': z.coerce.string() }).transform((node) => node['#text']),
]);
const many = <T extends z.ZodType>(one: T) =>
  z
    .union([z.array(one), one])
    .optional()
    .transform((found): z.output<T>[] =>
      found === undefined ? [] : Array.isArray(found) ? found : [found],
    );
const rssItem = z.object({ title: text, pubDate: text.optional(), guid: text.optional() });
const atomEntry = z.object({
  title: text,
  published: text.optional(),
  updated: text.optional(),
  id: text.optional(),
});
const rss = z.object({
  rss: z.object({ channel: z.object({ item: many(rssItem.or(z.unknown())) }) }),
});
const atom = z.object({ feed: z.object({ entry: many(atomEntry.or(z.unknown())) }) });

const titleMax = 500;
const guidMax = 1_000;
/** Line ends, control and direction marks. A title is one line of words in alerts, logs and reports. */
const invisible = /[\s\p{Cc}\p{Cf}]+/gu;

interface Found {
  readonly title: string;
  readonly date: string | undefined;
  readonly guid: string | undefined;
}

function headlines(source: string, found: readonly Found[]): readonly Headline[] {
  return found.flatMap(({ title, date, guid }) => {
    const at = Date.parse(date ?? '');
    const shown = title.replaceAll(invisible, ' ').trim().slice(0, titleMax);
    if (Number.isNaN(at) || shown === '') return [];
    // The id includes the source's name, so that no source can replace another's headline.
    const id = (guid ?? `${date ?? ''}/${shown}`).slice(0, guidMax);
    return [{ guid: `${source}/${id}`, at: epochMs(at), title: shown, source }];
  });
}

/** An RSS or Atom document. @throws Error when it is neither. */
export function feedHeadlines(source: string, body: string): readonly Headline[] {
  const document: unknown = parser.parse(body);
  const asRss = rss.safeParse(document);
  if (asRss.success) {
    return headlines(
      source,
      asRss.data.rss.channel.item.flatMap((item): Found[] => {
        const { data } = rssItem.safeParse(item);
        return data === undefined
          ? []
          : [{ title: data.title, date: data.pubDate, guid: data.guid }];
      }),
    );
  }
  const asAtom = atom.safeParse(document);
  if (!asAtom.success) throw new Error('sent something that is neither RSS nor Atom');
  return headlines(
    source,
    asAtom.data.feed.entry.flatMap((entry): Found[] => {
      const { data } = atomEntry.safeParse(entry);
      return data === undefined
        ? []
        : [{ title: data.title, date: data.published ?? data.updated, guid: data.id }];
    }),
  );
}

/** NSE's corporate announcements: objects with the symbol, the subject and India's time. */
const announcement = z.object({
  symbol: z.string(),
  desc: z.string(),
  attchmntText: z.string().optional(),
  an_dt: z.string(),
  seq_id: z.coerce.string().optional(),
});

/**
 * BSE's corporate announcements: a table of objects with the company's long name, and India's time in ISO
 * form without a zone.
 */
const filing = z.object({
  SLONGNAME: z.string(),
  HEADLINE: z.string(),
  NEWS_DT: z.string(),
  NEWSID: z.string().optional(),
});
const exchangeReply = z.union([
  z.array(z.unknown()),
  z.object({ Table: z.array(z.unknown()) }).transform(({ Table }) => Table),
]);

function announced(row: unknown): Found[] {
  const { data: nse } = announcement.safeParse(row);
  if (nse !== undefined) {
    const more = nse.attchmntText === undefined ? '' : ` – ${nse.attchmntText}`;
    // India's time without a zone, "15-Apr-2021 18:05:44".
    const date = `${nse.an_dt} GMT+0530`;
    return [{ title: `${nse.symbol}: ${nse.desc}${more}`, date, guid: nse.seq_id }];
  }
  const { data: bse } = filing.safeParse(row);
  if (bse === undefined) return [];
  const { SLONGNAME: company, HEADLINE: told, NEWS_DT: at, NEWSID: guid } = bse;
  return [{ title: `${company}: ${told}`, date: `${at}+05:30`, guid }];
}

/**
 * NSE's or BSE's announcements as JSON. The company leads the title, so that the headline is linked to it.
 * @throws Error on another form.
 */
export function announcementHeadlines(source: string, body: string): readonly Headline[] {
  return headlines(source, exchangeReply.parse(JSON.parse(body)).flatMap(announced));
}

const searchReply = z.object({
  data: z.array(z.object({ id: z.string(), text: z.string(), created_at: z.string() })).optional(),
});

/** X API v2 recent search. @throws Error on another form. */
export function postHeadlines(source: string, body: string): readonly Headline[] {
  const { data = [] } = searchReply.parse(JSON.parse(body));
  return headlines(
    source,
    data.map((post) => ({
      title: post.text,
      date: post.created_at,
      guid: post.id,
    })),
  );
}
