// examples/full.json: every key with its default, and an example where there is none.
import { isRecord, outlineOf, type Outline } from '../../domain/settings';
import { configSchema } from '../config/configSchema';

/** `trailing.rule` is another way to say `follow` and `minDistance`; examples/cautious.json has it. */
const leftOut = new Set(['rule']);

/** Such a list stands on one line, as the formatter has it. */
const listOfTexts = /\[\s+"[^[\]{}]*"\s+\]/g;

function shownValue(outline: Outline): unknown {
  const { properties, example } = outline;
  if (properties === undefined || example !== undefined) return example ?? outline.default;
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => !leftOut.has(key))
      .map(([key, child]) => [key, shownValue(child)]),
  );
}

export function fullConfig(): string {
  const value = shownValue(outlineOf(configSchema));
  const text = JSON.stringify(isRecord(value) ? value : {}, null, 2);
  return `${text.replaceAll(listOfTexts, (list) => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'))}\n`;
}
