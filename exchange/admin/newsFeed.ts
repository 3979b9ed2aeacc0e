// The headlines shown so far as an RSS 2.0 feed, newest first, dated on the market's clock.
import { escapeMarkup } from '../../domain/markup';
import type { EpochMs } from '../../domain/units';
import { textSeed } from '../market/chance';
import type { Headline } from '../market/source';

/** The feed at market time `now`. It contains no later headline. */
export function newsFeed(headlines: readonly Headline[], now: EpochMs): string {
  const items = headlines
    .filter((headline) => headline.at <= now)
    .map(itemOf)
    .reverse();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0"><channel>',
    '<title>Paper exchange news</title>',
    '<link>http://127.0.0.1/paper/news.rss</link>',
    '<description>Headlines of the paper trading day</description>',
    ...items,
    '</channel></rss>',
    '',
  ].join('\n');
}

function itemOf({ at, tradingsymbol, title }: Headline): string {
  const id = Math.abs(textSeed(`${at}/${tradingsymbol}/${title}`, 0)).toString(36);
  return [
    '<item>',
    `<title>${escapeMarkup(title)}</title>`,
    `<guid isPermaLink="false">paper-${id}</guid>`,
    `<category>${escapeMarkup(tradingsymbol)}</category>`,
    `<pubDate>${new Date(at).toUTCString()}</pubDate>`,
    '</item>',
  ].join('');
}
