// `ratchet sbom`: everything a running system consists of, as a CycloneDX document.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Refused } from '../../domain/errors';
import { ownBill } from '../../infra/supply/sbom';

function written(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch {
    throw new Refused({ code: 'FLAG_FILE', message: `--out ${file} cannot be written` });
  }
}

export const sbomCommand = new Command('sbom')
  .description('the bill of materials of this checkout, as CycloneDX 1.6')
  .option('--out <file>', 'write it there instead of printing it')
  .action(({ out }: { readonly out?: string }) => {
    const text = `${JSON.stringify(ownBill(), null, 2)}\n`;
    if (out === undefined) process.stdout.write(text);
    else written(out, text);
  });
