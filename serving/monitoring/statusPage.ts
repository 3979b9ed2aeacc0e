// The status document as a page: each model's versions, traffic, health and latency. It has no script and
// loads nothing from elsewhere. The browser asks again every five seconds.
import { Markup, markup, noMarkup, pageStart } from '../../domain/markup';
import type { ServerStatus, VersionStatus } from './status';

type ModelStatus = ServerStatus['models'][number];

const style = Markup.trusted(`<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
    color: #1a1f24; background: #fff; }
  h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin: 2rem 0 0.3rem; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: 0.3rem 0.6rem; }
  th { font-weight: 600; color: #57606a; border-bottom: 1px solid #d0d7de; }
  th:first-child, td:first-child, td.why { text-align: left; }
  td { border-bottom: 1px solid #eaeef2; font-variant-numeric: tabular-nums; }
  .good { color: #116329; } .bad { color: #a40e26; font-weight: 600; }
  .bar { background: #eaeef2; height: 0.5rem; border-radius: 3px; overflow: hidden; display: flex; }
  .bar span { background: #0969da; } .bar span + span { background: #bc4c00; }
  @media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3; }
    th { color: #9198a1; border-color: #3d444d; } td { border-color: #262c34; }
    .good { color: #3fb950; } .bad { color: #ff7b72; } .bar { background: #262c34; } }</style>`);

const columns = ['version', 'traffic', 'state', 'answered', 'failed', 'p50 ms', 'p99 ms'];
const more = ['queued', 'rows per run', 'cache hits', 'input drift', 'output drift', 'memory MiB'];

/** The page. */
export function statusPage({ models, scorerNetwork, refused }: ServerStatus): string {
  const head = markup`<meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width">${style}`;
  return markup`${pageStart('Ratchet models', head)}
<body><h1>Models</h1>
${networkLine(scorerNetwork)}
${refused.map(refusedLine)}
${models.length === 0 ? markup`<p>No model is loaded.</p>` : models.map(section)}
</body></html>
`.text;
}

const refusedLine = ({ model, version, why }: ServerStatus['refused'][number]): Markup =>
  markup`<p class="bad">${model} ${version ?? ''} could not be loaded: ${why}</p>`;

const networkLine = (network: ServerStatus['scorerNetwork']): Markup =>
  network === 'none'
    ? markup`<p>Scorers have no network.</p>`
    : markup`<p class="bad">Scorers can reach the network: this system cannot take it from them.</p>`;

function section(model: ModelStatus): Markup {
  const head = [...columns, ...more].map((name) => markup`<th>${name}</th>`);
  return markup`<section><h2>${model.name}</h2>
${rolloutLine(model)}
<table><thead><tr>${head}</tr></thead>
<tbody>${model.versions.map((version) => row(model, version))}</tbody></table></section>`;
}

function rolloutLine({ stable, rollout }: ModelStatus): Markup {
  if (rollout === null) return noMarkup;
  const { candidate, phase, share } = rollout;
  const why = 'reason' in phase ? `: ${phase.reason}` : '';
  const from = stable ?? 'nothing';
  return markup`<p>${from} → ${candidate}, ${phase.kind}${why}</p>
<div class="bar"><span style="width:${percent(1 - share)}"></span><span style="width:${percent(share)}"></span></div>`;
}

function row(model: ModelStatus, version: VersionStatus): Markup {
  const cells = [
    traffic(model, version.version),
    state(version),
    count(version.answered),
    version.failed === 0 ? '0' : markup`<span class="bad">${count(version.failed)}</span>`,
    decimal(version.p50Ms),
    decimal(version.p99Ms),
    count(version.queuedRows),
    decimal(version.rowsPerBatch),
    count(version.cacheHits),
    decimal(version.inputDrift),
    decimal(version.outputDrift),
    count(Math.round(version.residentBytes / 2 ** 20)),
  ];
  const rest = cells.map((cell) => markup`<td>${cell}</td>`);
  return markup`<tr><td>${version.version}</td>${rest}</tr>`;
}

function traffic({ stable, rollout }: ModelStatus, version: string): string {
  const share = rollout?.share ?? 0;
  if (version === rollout?.candidate) return `${percent(share)} ${rollout.phase.kind}`;
  return version === stable ? `${percent(1 - share)} stable` : '–';
}

const state = ({ state: name, reason }: VersionStatus): Markup =>
  name === 'READY'
    ? markup`<span class="good">ready</span>`
    : markup`<span class="bad">${name.toLowerCase()}</span> ${reason ?? ''}`;

const percent = (share: number): string => `${(share * 100).toFixed(0)}%`;
const count = (value: number): string => value.toLocaleString('en');
const decimal = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
