// Turns news documents into headlines: RSS and Atom (feedTree.ts), the exchanges' announcement lists and X's recent
// search. An item that cannot be dated or read is left out with the reason, which is a failure of its source. A
// document of another kind is an error. Neither is ever "no news".
import { z } from 'zod';
import type { EpochMs } from '../../domain/units';
import { feedTree } from './feedTree';
import { plainText, undecoded, withoutReferences } from './plainText';
import { publishedAt } from './publishedAt';

export interface Headline {
  readonly guid: string;
  readonly at: EpochMs;
  readonly title: string;
  readonly source: string;
}

/** An item of a document: a headline, or what it is left out for. */
export type ReadItem =
  | {
      readonly kind: 'headline';
      readonly headline: Headline;
      /** What of it could not be decoded. */
      readonly flaw?: string;
    }
  | { readonly kind: 'left-out'; readonly title: string; readonly why: string };

/** What a document says. */
export interface DocumentReading {
  /** In the document's order. */
  readonly items: readonly ReadItem[];
  /** Items further down, which are not looked at. */
  readonly beyond: number;
  /** What of the document is missing, in a few words. */
  readonly fault?: string;
}

/** Items taken from the top of a document, where the newest stand. This bounds the cost of a flood. */
export const itemsMax = 500;
const guidMax = 1_000;
const shownMax = 60;

/** An item as its document has it; null is one of another form. */
interface Found {
  readonly title: string;
  readonly dates: readonly string[];
  readonly guid: string | undefined;
}

function readingOf(
  source: string,
  found: readonly (Found | null)[],
  fault?: string,
): DocumentReading {
  return {
    items: found.slice(0, itemsMax).map((one) => readItem(source, one)),
    beyond: Math.max(0, found.length - itemsMax),
    ...(fault !== undefined && { fault }),
  };
}

function readItem(source: string, found: Found | null): ReadItem {
  if (found === null) return { kind: 'left-out', title: '', why: 'it is of another form' };
  const title = plainText(found.title);
  if (title === '') return { kind: 'left-out', title, why: 'it has no title' };
  const dates = found.dates.map((date) => plainText(date)).filter((date) => date !== '');
  const at = dates.map(publishedAt).find((instant) => instant !== null);
  const [date] = dates;
  if (date === undefined) return { kind: 'left-out', title, why: 'it has no date' };
  if (at === undefined) {
    const why = `its date "${date.slice(0, shownMax)}" cannot be read with the day first`;
    return { kind: 'left-out', title, why };
  }
  const flaw = undecoded(title);
  // The id includes the source's name, so that no source can replace another's headline.
  const id = withoutReferences(found.guid ?? '').trim() || `${date}/${title}`;
  const headline = { guid: `${source}/${id.slice(0, guidMax)}`, at, title, source };
  return { kind: 'headline', headline, ...(flaw !== undefined && { flaw }) };
}

/** The headlines of a reading. */
export const headlinesOf = ({ items }: DocumentReading): readonly Headline[] =>
  items.flatMap((item) => (item.kind === 'headline' ? [item.headline] : []));

/** What could not be dated or decoded, as words of one failure; null when everything could. */
export function flawOf({ items, fault }: DocumentReading): string | null {
  const flawed = items.flatMap((item) => {
    if (item.kind === 'left-out') return [{ title: item.title, why: item.why }];
    return item.flaw === undefined ? [] : [{ title: item.headline.title, why: item.flaw }];
  });
  const [first] = flawed;
  const shown =
    first === undefined || first.title === '' ? '' : ` ("${first.title.slice(0, shownMax)}")`;
  const told = [
    ...(first === undefined
      ? []
      : [
          `${flawed.length} of ${items.length} items could not be read whole, the first${shown} because ${first.why}`,
        ]),
    ...(fault === undefined ? [] : [fault]),
  ];
  return told.length === 0 ? null : told.join('; ');
}

/** An RSS or Atom document. @throws Error when it is neither. */
export function readFeed(source: string, body: string): DocumentReading {
  const { items, fault } = feedTree(body);
  const found = items.map(({ title, description, id, dates }): Found => ({
    // RSS 2.0 asks for a title or a description.
    title: plainText(title) === '' ? description : title,
    dates,
    guid: id,
  }));
  return readingOf(source, found, fault);
}

/** NSE's corporate announcements: objects with the symbol, the subject and India's time. */
const announcement = z.object({
  symbol: z.string(),
  desc: z.string(),
  attchmntText: z.string().nullish(),
  an_dt: z.string().nullish(),
  seq_id: z.coerce.string().optional(),
});

/**
 * BSE's corporate announcements: a table of objects with the company's long name, and India's time in ISO
 * form without a zone.
 */
const filing = z.object({
  SLONGNAME: z.string(),
  HEADLINE: z.string(),
  NEWS_DT: z.string().nullish(),
  NEWSID: z.string().nullish(),
});
const exchangeReply = z.union([
  z.array(z.unknown()),
  z.object({ Table: z.array(z.unknown()) }).transform(({ Table }) => Table),
]);

function announced(row: unknown): Found | null {
  const { data: nse } = announcement.safeParse(row);
  if (nse !== undefined) {
    const more = (nse.attchmntText ?? '') === '' ? '' : ` – ${nse.attchmntText ?? ''}`;
    return {
      title: `${nse.symbol}: ${nse.desc}${more}`,
      dates: [nse.an_dt ?? ''],
      guid: nse.seq_id,
    };
  }
  const { data: bse } = filing.safeParse(row);
  if (bse === undefined) return null;
  const { SLONGNAME: company, HEADLINE: told, NEWS_DT: at, NEWSID: guid } = bse;
  return { title: `${company}: ${told}`, dates: [at ?? ''], guid: guid ?? undefined };
}

/**
 * NSE's or BSE's announcements as JSON. The company leads the title, so that the headline is linked to it.
 * @throws Error on another form.
 */
export function readAnnouncements(source: string, body: string): DocumentReading {
  return readingOf(source, exchangeReply.parse(JSON.parse(body)).map(announced));
}

const searchReply = z.object({ data: z.array(z.unknown()).optional() });
const post = z.object({ id: z.string(), text: z.string(), created_at: z.string().optional() });

/** X API v2 recent search. @throws Error on another form. */
export function readPosts(source: string, body: string): DocumentReading {
  const { data = [] } = searchReply.parse(JSON.parse(body));
  const found = data.map((row): Found | null => {
    const { data: one } = post.safeParse(row);
    if (one === undefined) return null;
    return { title: one.text, dates: [one.created_at ?? ''], guid: one.id };
  });
  return readingOf(source, found);
}
