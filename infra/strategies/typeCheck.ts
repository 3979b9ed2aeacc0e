// Checks the types of strategies as `tsc --strict` does, with nothing of Node or a browser in sight.
import { join, relative, sep } from 'node:path';
import type ts from 'typescript';
import { Refused } from '../../domain/errors';
import { checkout } from '../checkout';
import { published, strategyFile } from './bundle';

/** A strategy by its name and folder. */
export interface StrategyPlace {
  readonly name: string;
  readonly folder: string;
}

/** Options as tsconfig.json has them; `ratchet strategy new` writes the same for editors. */
export const compilerOptions = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  paths: { [published]: [join(checkout, 'strategy', 'index.ts')] },
};

/** @throws Refused STRATEGY_TYPES with file, line and the compiler's words of the first fault. */
export async function checkTypes(places: readonly StrategyPlace[]): Promise<void> {
  if (places.length === 0) return;
  // It takes a third of a second to load, and most commands need none of it.
  const { default: compiler } = await import('typescript');
  const { options } = compiler.convertCompilerOptionsFromJson(compilerOptions, checkout);
  const program = compiler.createProgram(
    places.map(({ folder }) => join(folder, strategyFile)),
    options,
  );
  for (const place of places)
    for (const file of program.getSourceFiles().filter((one) => isOf(place, one.fileName))) {
      const [first] = [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ];
      if (first !== undefined)
        throw new Refused({
          code: 'STRATEGY_TYPES',
          message: sentenceOf(compiler, place, first),
        });
    }
}

const pathIn = ({ folder }: StrategyPlace, file: string): string => relative(folder, file);
const isOf = (place: StrategyPlace, file: string): boolean =>
  !pathIn(place, file).startsWith('..') && !pathIn(place, file).includes('node_modules');

function sentenceOf(
  compiler: typeof ts,
  place: StrategyPlace,
  { file, start = 0, messageText }: ts.Diagnostic,
): string {
  const words = compiler.flattenDiagnosticMessageText(messageText, ' ').replaceAll(/\s+/g, ' ');
  if (file === undefined) return `${place.name}: ${words}`;
  const { line } = file.getLineAndCharacterOfPosition(start);
  const path = pathIn(place, file.fileName).split(sep).join('/');
  return `${place.name}/${path}:${line + 1}: ${words}`;
}
