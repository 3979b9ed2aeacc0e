// The items of a feed document: RSS of every version (0.9 to 2.0, RDF too) and Atom. Elements are known by their
// name without its prefix, where the prefix stands for the feed's own vocabulary or Dublin Core. Text is read in the
// order it is written in, so that text beside CDATA or between tags stays where it is.
import { XMLParser } from 'fast-xml-parser';
import { isRecord } from '../../domain/settings';
import { seamOf } from './plainText';

/** References are left as they are written, so that no document can expand (plainText.ts replaces them). */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  // HTML that stands in a title as it is.
  unpairedTags: ['br', 'hr', 'img', 'wbr'],
});

interface Element {
  /** As written, in small letters. */
  readonly name: string;
  /** Without its prefix. */
  readonly local: string;
  readonly isKnown: boolean;
  readonly content: readonly unknown[];
}

/** The texts of one item, with what markup they have. */
export interface FeedItem {
  readonly title: string;
  /** Stands for a title that is missing. */
  readonly description: string;
  readonly id: string;
  /** The most telling first. */
  readonly dates: readonly string[];
}

export interface FeedTree {
  readonly items: readonly FeedItem[];
  /** What of the document is missing, in a few words. */
  readonly fault: string | undefined;
}

const knownSpaces =
  /w3\.org\/2005\/atom|purl\.org\/(?:atom|rss|net\/rss|dc)|netscape\.com\/.*rdf|backend\.userland\.com/i;
/** Prefixes that everybody uses for them, where a document does not say what they stand for. */
const usualPrefixes = ['atom', 'a10', 'rss', 'dc', 'dcterms'];

type Prefixes = ReadonlyMap<string, boolean>;

function prefixesOf(attributes: unknown): Prefixes {
  const declared = Object.entries(isRecord(attributes) ? attributes : {}).flatMap(
    ([name, value]): [string, boolean][] =>
      name.startsWith('xmlns:')
        ? [[name.slice(6).toLowerCase(), knownSpaces.test(String(value))]]
        : [],
  );
  return new Map([...usualPrefixes.map((prefix) => [prefix, true] as const), ...declared]);
}

function elementsOf(content: readonly unknown[], prefixes: Prefixes): Element[] {
  return content.flatMap((node): Element[] => {
    const [written, inner] = entryOf(node);
    if (written === undefined || written.startsWith('#') || written.startsWith('?')) return [];
    const name = written.toLowerCase();
    const colon = name.indexOf(':');
    const isKnown = colon < 0 || prefixes.get(name.slice(0, colon)) === true;
    return [{ name, local: name.slice(colon + 1), isKnown, content: inner }];
  });
}

/** A node of the parser: one key beside its attributes, with the nodes inside. */
function entryOf(node: unknown): readonly [name: string | undefined, content: readonly unknown[]] {
  if (!isRecord(node)) return [undefined, []];
  const name = Object.keys(node).find((key) => key !== ':@');
  const content: unknown = name === undefined ? undefined : node[name];
  return [name, Array.isArray(content) ? content : []];
}

/** All text inside, in order. Tags fall away; those that stand between words leave a space. */
function textOf(content: readonly unknown[]): string {
  return content
    .map((node) => {
      if (isRecord(node) && typeof node['#text'] === 'string') return node['#text'];
      const [name = '?', inner] = entryOf(node);
      if (name.startsWith('?') || /^(?:script|style)$/i.test(name)) return '';
      const seam = seamOf(name.slice(name.indexOf(':') + 1)) ?? '';
      return `${seam}${textOf(inner)}${seam}`;
    })
    .join('');
}

const dateNames =
  'pubdate published issued date datepublished created updated modified lastmodified'.split(' ');

function itemOf(item: Element, prefixes: Prefixes): FeedItem {
  const fields = elementsOf(item.content, prefixes).filter(({ isKnown }) => isKnown);
  /** Of two, the one without a prefix counts. */
  const texts = (name: string): string[] =>
    fields
      .filter(({ local }) => local === name)
      .toSorted((a, b) => Number(a.name !== a.local) - Number(b.name !== b.local))
      .map(({ content }) => textOf(content))
      .filter((text) => text.trim() !== '');
  const first = (...names: string[]): string => names.flatMap(texts)[0] ?? '';
  return {
    title: first('title'),
    description: first('description', 'summary', 'content'),
    id: first('guid', 'id'),
    dates: dateNames.flatMap(texts),
  };
}

/** @throws Error when the document is neither RSS nor Atom. */
export function feedTree(body: string): FeedTree {
  const document: unknown = parser.parse(body);
  const roots = Array.isArray(document) ? (document as readonly unknown[]) : [];
  const node = roots.find((one) => /^[^?#]/.test(entryOf(one)[0] ?? '#'));
  const prefixes = prefixesOf(isRecord(node) ? node[':@'] : undefined);
  const [root] = elementsOf(node === undefined ? [] : [node], prefixes);
  const items = root === undefined ? undefined : itemsOf(root, prefixes);
  if (root === undefined || items === undefined)
    throw new Error('sent something that is neither RSS nor Atom');
  return { items: items.map((item) => itemOf(item, prefixes)), fault: faultOf(body, root) };
}

function itemsOf(root: Element, prefixes: Prefixes): Element[] | undefined {
  const inner = elementsOf(root.content, prefixes).filter(({ isKnown }) => isKnown);
  const named = (name: string, among: readonly Element[]): Element[] =>
    among.filter(({ local }) => local === name);
  if (root.local === 'feed') return named('entry', inner);
  if (root.local !== 'rss' && root.local !== 'rdf') return undefined;
  const channels = named('channel', inner);
  const items = [
    ...channels.flatMap(({ content }) => named('item', elementsOf(content, prefixes))),
    ...named('item', inner),
  ];
  return channels.length === 0 && items.length === 0 ? undefined : items;
}

/** A document that was cut on the way may have lost its newest items, or its oldest. */
function faultOf(body: string, { name }: Element): string | undefined {
  const isClosed = body.toLowerCase().includes(`</${name}`) || /\/>\s*$/.test(body);
  return isClosed ? undefined : `its document is cut off, since </${name}> is missing`;
}
