// What a key takes, in words: the same in a refusal and in the documents.
import type { Outline } from './outline';

const shown = (value: unknown): string => JSON.stringify(value);

function rangeWords({ minimum, maximum, exclusiveMinimum }: Outline): string {
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least !== undefined && most !== undefined) return `between ${least} and ${most}`;
  if (exclusiveMinimum !== undefined)
    return `above ${exclusiveMinimum}${most === undefined ? '' : ` and at most ${most}`}`;
  if (least !== undefined) return `of ${least} or more`;
  return most === undefined ? '' : `of at most ${most}`;
}

function countWords(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max ?? 'any number of'}` : `at least ${min}`;
}

function textWords({ format, minLength, maxLength }: Outline): string {
  if (format === 'uri') return 'a URL';
  if (format === 'date') return 'a date like 2026-11-20';
  if (maxLength === undefined)
    return minLength === undefined ? 'a text' : 'a text that is not empty';
  return `a text of ${countWords(minLength, maxLength)} characters`;
}

function listWords({ minItems, maxItems }: Outline): string {
  if (minItems === undefined && maxItems === undefined) return 'a list';
  return `a list of ${countWords(minItems, maxItems)} entries`;
}

function typeWords(outline: Outline): string {
  switch (outline.type) {
    case 'null':
      return 'null';
    case 'number':
      return `a number ${rangeWords(outline)}`.trim();
    case 'integer':
      return `a whole number ${rangeWords(outline)}`.trim();
    case 'string':
      return textWords(outline);
    case 'array':
      return listWords(outline);
    case 'boolean':
      return 'true or false';
    default:
      return `an object with ${Object.keys(outline.properties ?? {}).join(', ') || 'keys of your own'}`;
  }
}

/** What may be written, as the end of the sentence "it must be …". */
export function allowedWords(outline: Outline): string {
  if (outline.allowed !== undefined) return outline.allowed;
  if (outline.enum !== undefined) return `one of ${outline.enum.map(shown).join(', ')}`;
  if (outline.const !== undefined) return shown(outline.const);
  const kinds = outline.oneOf?.map(({ properties }) => shown(properties?.['kind']?.const));
  if (kinds !== undefined) return `an object whose kind is one of ${kinds.join(', ')}`;
  if (outline.anyOf !== undefined) return outline.anyOf.map(allowedWords).join(' or ');
  return typeWords(outline);
}
