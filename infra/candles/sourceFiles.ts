// The files that somebody wants to import: one, or all of a folder and of the folders in it.
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { refuseFile } from '../../domain/candleFile';
import { wordsOf } from '../../domain/errors';

const extension = /\.(?:csv|txt|tsv)(?:\.gz)?$/i;

/** A file's name without what says that it is text. */
export const bareName = (file: string): string => basename(file).replace(extension, '');

/** In the order of their names. @throws Refused DATA_SOURCE */
export function sourceFiles(source: string): readonly string[] {
  const files = found(source);
  if (files.length > 0) return files;
  return refuseFile(
    `"${source}" must hold files named .csv, .txt or .tsv, packed or not, and holds none`,
    'DATA_SOURCE',
  );
}

function found(source: string): readonly string[] {
  try {
    if (!statSync(source).isDirectory()) return [source];
    return readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extension.test(entry.name))
      .filter(({ name }) => !name.startsWith('.'))
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  } catch (error) {
    return refuseFile(`"${source}" cannot be read: ${wordsOf(error)}`, 'DATA_SOURCE');
  }
}
