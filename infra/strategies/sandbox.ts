// One strategy in a context of its own that has the language and nothing else. Only texts cross the wall, so no
// object of this process can be reached from inside. It guards against mistakes and keeps votes repeatable; it is no
// prison for hostile code.
import { SourceMap, type SourceMapPayload, type SourceMapping } from 'node:module';
import { createContext, Script, type Context } from 'node:vm';
import type { ParameterValues } from '../../domain/strategy';
import { bundleName, type StrategyBundle } from './bundle';
import type { Question, ToldAnswer, ToldDefinition, ToldFault } from './question';

/** What a sandbox is begun with. JSON-plain, so a process can begin one too. */
export interface SandboxCode extends StrategyBundle {
  readonly name: string;
  /** The half that is ours (`insideCode`). */
  readonly inside: string;
}

/** How long a file may take to be loaded. */
export const loadMaxMs = 5_000;

/** The strategy did not come back in time, or broke what is around it. Nothing of its sandbox can be trusted. */
export class SandboxLost extends Error {}

const asking = new Script('inside.ask(told)', { filename: 'ask.bundle' });
const beginning = new Script('inside.begin(told)', { filename: 'begin.bundle' });

export class Sandbox {
  readonly #code: SandboxCode;
  readonly #globals = Object.create(null) as { told?: string };
  readonly #context: Context;
  #map: SourceMap | null = null;

  constructor(code: SandboxCode) {
    this.#code = code;
    this.#context = createContext(this.#globals, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    });
    // Declared as a constant, which code of the user's cannot replace.
    const inside = `const inside = (() => {${code.inside}\nreturn ratchetInside;})();`;
    new Script(inside, { filename: 'inside.bundle' }).runInContext(this.#context);
  }

  /** Runs the file. @returns what it declares, or why it declares nothing. @throws SandboxLost */
  load(): ToldDefinition | { readonly fault: string } {
    const { code, name } = this.#code;
    const loading = new Script(`inside.load(() => {${code}\nreturn ${bundleName};})`, {
      filename: `${name}.bundle`,
    });
    const told = JSON.parse(this.#run(loading, loadMaxMs)) as ToldDefinition | ToldFault;
    return 'fault' in told ? { fault: this.placed(told) } : told;
  }

  /** @throws SandboxLost */
  begin(values: ParameterValues): void {
    this.#globals.told = JSON.stringify(values);
    this.#run(beginning, loadMaxMs);
  }

  /** The answer on each view. @throws SandboxLost where they are not all there within the time. */
  ask(question: Question, maxMs: number): readonly ToldAnswer[] {
    this.#globals.told = JSON.stringify(question);
    return JSON.parse(this.#run(asking, maxMs)) as readonly ToldAnswer[];
  }

  /** The fault with file and line of the user's source, where they are known. */
  placed({ fault, stack }: ToldFault): string {
    const { name } = this.#code;
    const frames = stack.matchAll(/([\w-]+)\.bundle:(\d+):(\d+)/g);
    for (const [, file, line, column] of frames) {
      if (file !== name) continue;
      const { originalSource, originalLine } = this.#find(Number(line) - 1, Number(column) - 1);
      if (originalSource?.startsWith('strategy:') === true)
        return `${name}/${originalSource.slice('strategy:'.length)}:${originalLine + 1}: ${fault}`;
    }
    return fault;
  }

  #find(line: number, column: number): Partial<SourceMapping> & { readonly originalLine: number } {
    this.#map ??= new SourceMap(JSON.parse(this.#code.map) as SourceMapPayload);
    const found = this.#map.findEntry(line, column);
    return 'originalLine' in found ? found : { originalLine: 0 };
  }

  #run(script: Script, timeout: number): string {
    try {
      return script.runInContext(this.#context, { timeout }) as string;
    } catch (error) {
      throw new SandboxLost(
        isTimeout(error)
          ? `it did not come back within ${timeout / 1_000} s`
          : 'it broke its sandbox',
      );
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
