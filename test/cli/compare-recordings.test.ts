// Goal: whatever differs between a real controller and this package is explained. Method: every recording, what the controller
// exposed beside what `replay` makes of the same events: at its end, as the command reads both over HTTP, and scrape by scrape.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { BoundedLines } from '../../lib/cli/bounded-lines.js';
import type { ComparedClass, ComparedSeries } from '../../lib/cli/compare-pair.js';
import { compareSides } from '../../lib/cli/compare-report.js';
import { CompareSide } from '../../lib/cli/compare-side.js';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { SeriesPage } from '../../lib/cli/series-page.js';
import { ROOT } from '../support/source-tree.js';
import { PageServer } from './page-server.js';
import { runInMemory } from './run-in-memory.js';

const CASES = join(ROOT, 'test/argo/golden/cases');

interface Scrape {
  readonly file: string;
  readonly afterEvents: number;
  readonly at: string;
}

interface CaseFile {
  readonly scrapes: readonly Scrape[];
  readonly metricsTTL?: string;
}

interface Report {
  readonly counts: Readonly<Record<ComparedClass, number>>;
  readonly series: readonly Pick<ComparedSeries, 'metric' | 'class' | 'explanation'>[];
}

/** Before anything was counted there are the metrics of the process. */
const BEGIN = '# TYPE go_goroutines gauge\ngo_goroutines 30\n';

/** What two pages do not tell, and the row of docs/deviations.md that says it. */
const NOT_TOLD: Readonly<Record<string, readonly [ComparedClass, row: string]>> = {
  'controller-restart': ['onlyHere', 'as it began again, the controller has less'],
  'hooks-on-tasks-that-others-need': ['unexplained', 'hooks in a DAG'],
  'http-templates': ['onlyHere', 'HTTP and Plugin nodes'],
  'manual-retry-of-a-dag': ['onlyHere', 'manual retry'],
  'metrics-ttl': ['onlyThere', '#13265 histograms never expire'],
  'plugin-templates': ['onlyHere', 'HTTP and Plugin nodes'],
  'pod-spec-patch': ['onlyHere', 'deadlines'],
};
/** The same with all scrapes in between, which tell more. */
const NEVER_TOLD = new Set(['hooks-on-tasks-that-others-need', 'http-templates', 'manual-retry-of-a-dag']);
for (const name of ['plugin-templates', 'pod-spec-patch']) NEVER_TOLD.add(name);

const AGREEING: ReadonlySet<ComparedClass> = new Set(['equal', 'withinSeconds', 'explained']);

function caseOf(name: string): CaseFile {
  return JSON.parse(readFileSync(join(CASES, name, 'case.json'), 'utf8')) as CaseFile;
}

async function replayed(
  name: string,
  metricsTTL: string | undefined,
  { afterEvents, at }: Scrape,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(metricsTTL === undefined ? {} : { metricsTTL }));
  const lines = readFileSync(join(CASES, name, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const stdin = Readable.from([Buffer.from(lines.slice(0, afterEvents).join('\n'))]);
  const { stdout } = await runInMemory(['replay', '-', '--at', at, '--config', config], { stdin });
  rmSync(folder, { recursive: true });
  return stdout;
}

function unlike(series: Report['series']): readonly string[] {
  return series.filter(each => !AGREEING.has(each.class)).map(each => JSON.stringify(each));
}

describe('recordings of a real controller that are compared', () => {
  const all: Record<string, number> = {};

  for (const name of readdirSync(CASES))
    it(`should explain all that differs at the end of ${name}`, async () => {
      const { scrapes, metricsTTL } = caseOf(name);
      const scrape = scrapes.at(-1);
      if (scrape === undefined) throw new Error('no scrape');
      const recorded = readFileSync(join(CASES, name, scrape.file), 'utf8');
      const ours = await replayed(name, metricsTTL, scrape);
      const there = await PageServer.start(BEGIN, BEGIN + recorded);
      const here = await PageServer.start(BEGIN, BEGIN, BEGIN + ours);
      const argv = ['compare', '--with', there.url, here.url, '--for', '4ms', '--json'];
      const { stdout, stderr, exitCode } = await runInMemory(argv);
      await Promise.all([here.close(), there.close()]);
      if (recorded === '' && ours === '') {
        expect(stderr).to.contain('there is no custom metric on either side');
        return;
      }
      const { counts, series } = JSON.parse(stdout) as Report;
      for (const [key, count] of Object.entries(counts)) all[key] = (all[key] ?? 0) + count;
      const [known] = NOT_TOLD[name] ?? [];
      const others = series.filter(each => each.class !== known);
      expect(unlike(others), unlike(others).join('\n')).to.deep.equal([]);
      if (known !== undefined) expect(counts[known], known).to.be.greaterThan(0);
      expect(exitCode).to.equal(
        known === 'unexplained' || known === 'onlyThere' ? ExitCode.failed : ExitCode.ok,
      );
    });

  it('should find nearly all equal', () => {
    const total = Object.values(all).reduce((sum, count) => sum + count, 0);
    expect(total).to.be.greaterThan(380);
    expect(all['equal']).to.be.greaterThan(0.7 * total);
    expect(all['explained']).to.be.lessThan(0.1 * total);
  });
});

describe('recordings of a real controller that are compared scrape by scrape', () => {
  function add(side: CompareSide, text: string, at: string, isMark: boolean): void {
    const page = new SeriesPage();
    const lines = new BoundedLines((bytes, from, to, number) => page.add(bytes, from, to, number));
    lines.push(Buffer.from(text));
    lines.finish();
    side.add(page.series(), Date.parse(at), isMark);
  }

  for (const name of readdirSync(CASES))
    it(`should explain all that differs in the course of ${name}`, async () => {
      const { scrapes, metricsTTL } = caseOf(name);
      const [here, there] = [new CompareSide(), new CompareSide()];
      add(here, BEGIN, scrapes[0]?.at ?? '', true);
      add(here, BEGIN, scrapes[0]?.at ?? '', true);
      add(there, BEGIN, scrapes[0]?.at ?? '', true);
      for (const [index, scrape] of scrapes.entries()) {
        const isLast = index === scrapes.length - 1;
        const ours = await replayed(name, metricsTTL, scrape);
        add(here, ours, scrape.at, isLast);
        if (isLast) here.mark();
        add(there, readFileSync(join(CASES, name, scrape.file), 'utf8'), scrape.at, isLast);
      }
      const { series } = compareSides(here, there);
      if (NEVER_TOLD.has(name)) expect(unlike(series)).to.not.be.empty;
      else expect(unlike(series), unlike(series).join('\n')).to.deep.equal([]);
    });
});
