// A study as one HTML page: the sentence on top, then the running profit, the map of the parameters and the numbers.
import { page, row, sentence, table } from '../../activities/reports/markup';
import type { StudyDocument } from '../../backtest/research/studyDocument';
import { markup } from '../../domain/markup';
import { parameterMap, scatter, studyCurves } from './studyCharts';
import {
  bestFirst,
  figureRows,
  foldCells,
  foldHead,
  openingLines,
  trialCells,
  trialHead,
} from './studyLines';

export function studyPage(document: StudyDocument): string {
  const { header, searched, held, trials, folds, claim } = document;
  const title = `Study of ${header.space.map(({ key }) => key).join(', ')}`;
  const map = parameterMap(document);
  return page(
    title,
    markup`<h1>${title}</h1>
<p><strong>${sentence(claim.sentence)}</strong></p>
<p>${header.terms.method}, seed ${String(header.terms.seed)}; searched ${searched[0] ?? ''} to ${searched.at(-1) ?? ''} (${String(searched.length)} days), held out ${String(held.length)} days.</p>
${openingLines(document).map((line) => markup`<p>${sentence(line)}</p>`)}
<h2>Running profit after charges</h2>${studyCurves(document)}
<h2>Map of the parameters</h2>${map ?? ''}${header.space.map((parameter) => scatter(document, parameter))}
<h2>What the numbers say</h2>${table(
      ['Number', 'Value'],
      figureRows(document).map((cells) => row(cells)),
    )}
<h2>What each fold chose</h2>${table(
      foldHead,
      folds.map((fold) => row(foldCells(fold))),
    )}
<h2>Trials, the best first</h2>${table(
      trialHead(document),
      bestFirst(trials).map((trial) => row(trialCells(document, trial))),
    )}`,
  );
}
