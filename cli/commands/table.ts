/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- a file is loaded when it is wanted; import() of sources needs names that only exist once they are compiled. */
// Every command of the root, with its file. A command's file is loaded when the command is asked for: what one needs
// (Temporal, charts, a broker's client) takes longer to load than most of the others take to answer.
import type { Command } from 'commander';

type Loader = () => Command;

/** In the order of the help. */
export const loaders: Readonly<Record<string, Loader>> = {
  run: () => (require('./run') as typeof import('./run')).runCommand,
  up: () => (require('./up') as typeof import('./up')).upCommand,
  service: () => (require('./service') as typeof import('./service')).serviceCommand,
  logs: () => (require('./logs') as typeof import('./logs')).logsCommand,
  config: () => (require('./config') as typeof import('./config')).configCommand,
  login: () => (require('./login') as typeof import('./login')).loginCommand,
  check: () => (require('./check') as typeof import('./check')).checkCommand,
  live: () => (require('./live') as typeof import('./live')).liveCommand,
  day: () => (require('./day') as typeof import('./day')).dayCommand,
  halt: () => (require('./killSwitch') as typeof import('./killSwitch')).haltCommand,
  keys: () => (require('./keys') as typeof import('./keys')).keysCommand,
  codec: () => (require('./codec') as typeof import('./codec')).codecCommand,
  resume: () =>
    (require('./resume') as typeof import('./resume')).resumeCommand(
      'allow entries again, in two steps',
    ),
  'close-all': () => (require('./killSwitch') as typeof import('./killSwitch')).closeAllCommand,
  positions: () => (require('./positions') as typeof import('./positions')).positionsCommand,
  position: () => (require('./positions') as typeof import('./positions')).positionCommand,
  portfolio: () => (require('./portfolio') as typeof import('./portfolio')).portfolioCommand,
  alerts: () => (require('./alerts') as typeof import('./alerts')).alertsCommand,
  audit: () => (require('./audit') as typeof import('./audit')).auditCommand,
  screen: () => (require('./screen') as typeof import('./screen')).screenCommand,
  why: () => (require('./why') as typeof import('./why')).whyCommand,
  parity: () => (require('./parity') as typeof import('./parity')).parityCommand,
  news: () => (require('./news') as typeof import('./news')).newsCommand,
  sentiment: () => (require('./sentiment') as typeof import('./sentiment')).sentimentCommand,
  report: () => (require('./report') as typeof import('./report')).reportCommand,
  export: () => (require('./export') as typeof import('./export')).exportCommand,
  compare: () => (require('./compare') as typeof import('./compare')).compareCommand,
  schedule: () => (require('./schedule') as typeof import('./schedule')).scheduleCommand,
  calendar: () => (require('./calendar') as typeof import('./calendar')).calendarCommand,
  backtest: () => (require('./backtest') as typeof import('./backtest')).backtestCommand,
  data: () => (require('./dataCommands') as typeof import('./dataCommands')).dataCommand,
  optimise: () => (require('./optimise') as typeof import('./optimise')).optimiseCommand,
  lookahead: () => (require('./lookahead') as typeof import('./lookahead')).lookaheadCommand,
  warmup: () => (require('./warmup') as typeof import('./warmup')).warmupCommand,
  strategy: () => (require('./strategy') as typeof import('./strategy')).strategyCommand,
  indicators: () => (require('./indicators') as typeof import('./indicators')).indicatorsCommand,
  models: () => (require('./models') as typeof import('./models')).modelsCommand,
  exchange: () => (require('./mounted') as typeof import('./mounted')).exchangeCommand,
  serve: () => (require('./mounted') as typeof import('./mounted')).serveCommand,
  sbom: () => (require('./sbom') as typeof import('./sbom')).sbomCommand,
};

/** The command that is asked for alone; all of them where none of these is. */
export function commandsFor(asked: string | undefined): readonly Command[] {
  const loader = asked === undefined ? undefined : loaders[asked];
  return loader === undefined ? Object.values(loaders).map((load) => load()) : [loader()];
}
