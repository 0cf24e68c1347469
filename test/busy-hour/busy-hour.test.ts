// The main job as a newcomer runs it: a process of its own, on the built package.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as textFrom } from 'node:stream/consumers';
import { expect } from 'chai';
import { differences, readExposition } from '../argo/golden/exposition.js';
import { Recording } from '../argo/golden/recording.js';
import { ROOT } from '../support/source-tree.js';

const CASES = join(ROOT, 'test/argo/golden/cases');
const MAIN = 'examples/busy-hour/main.mjs';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...argv], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
  });
}

async function runToEnd(...argv: string[]): Promise<Outcome> {
  const child = start(argv);
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const [stdout, stderr, [code]] = await Promise.all([
    textFrom(child.stdout),
    textFrom(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** The cell of the table behind a title. */
function cell(stderr: string, title: string): string | undefined {
  return new RegExp(`^ *${title}  (.*)$`, 'm').exec(stderr)?.[1];
}

function leadingNumber(text: string | undefined): number {
  return Number(/^[\d,.]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
}

function recordedDifferences(name: string, file: string, stdout: string): string[] {
  const timed = new Recording(join(CASES, name)).timedNames();
  const recorded = readExposition(readFileSync(join(CASES, name, file), 'utf8'));
  return differences(recorded, readExposition(stdout), metric => timed.has(metric));
}

describe('the main job', () => {
  let first: Outcome;
  before(async () => {
    expect(existsSync(join(ROOT, 'dist/index.js')), 'run `npm run build` first').to.be.true;
    first = await runToEnd();
  });

  it('should print what the real controller exposed at the end of the hour', () => {
    expect(first.code, first.stderr).to.equal(0);
    const wrong = recordedDifferences('busy-hour', 'metrics-after-199.prom', first.stdout);
    expect(wrong, wrong.join('\n')).to.deep.equal([]);
  });

  it('should replay the recording that the golden case has', () => {
    for (const file of ['events.ndjson']) {
      const copy = readFileSync(join(ROOT, 'examples/busy-hour', file), 'utf8');
      expect(copy).to.equal(readFileSync(join(CASES, 'busy-hour', file), 'utf8'));
    }
  });

  it('should show progress while it runs and a table at the end, and lose nothing', () => {
    const { stderr } = first;
    const progress = [...stderr.matchAll(/^replayed (\d+) of 199 events, \d+ swaps so far$/gm)];
    const steps = progress.map(([, done]) => Number(done));
    expect(steps.length).to.be.at.least(2);
    expect(steps).to.deep.equal([...steps].sort((a, b) => a - b));
    expect(leadingNumber(cell(stderr, 'records'))).to.be.greaterThan(100_000);
    expect(leadingNumber(cell(stderr, 'collected'))).to.equal(leadingNumber(cell(stderr, 'records')));
    expect(cell(stderr, 'lost')).to.equal('0');
    expect(leadingNumber(cell(stderr, 'swaps'))).to.be.greaterThan(10);
    expect(leadingNumber(cell(stderr, 'series'))).to.equal(79);
    expect(leadingNumber(cell(stderr, 'ns per record'))).to.be.greaterThan(0);
    expect(cell(stderr, 'custom metrics')).to.equal('the same as one thread alone comes to');
  });

  const variations: string[][] = [
    ['--speed', '0'],
    ['--speed', '0', '--assign', '2'],
    ['--speed', '0', '--assign', '3'],
    ['--speed', '40', '--assign', '4', '--threads', '3'],
    ['--speed', '0', '--threads', '1'],
  ];
  for (const argv of variations)
    it(`should print the same with ${argv.join(' ')}`, async () => {
      const { code, stdout, stderr } = await runToEnd(...argv);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.equal(first.stdout);
    });

  it('should serve the same until it is told to stop', async () => {
    const child = start(['--speed', '0', '--serve', '--port', '0']);
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
    const stdout = textFrom(child.stdout);
    const exit = once(child, 'exit') as Promise<[number | null]>;
    let url: string | undefined;
    for await (const line of createInterface({ input: child.stderr })) {
      url = /^Scrape (\S+)/.exec(line)?.[1];
      if (url !== undefined) break;
    }
    expect(url).to.match(/^http:\/\/localhost:\d+\/metrics$/);
    const served = await (await fetch(url ?? '')).text();
    expect(served)
      .to.contain('replay_ticks_total{')
      .and.to.contain(first.stdout.trimEnd().split('\n').at(-1));
    for (const line of first.stdout.trimEnd().split('\n')) expect(served).to.contain(`${line}\n`);
    expect(child.exitCode).to.equal(null);
    child.kill('SIGTERM');
    expect((await exit)[0]).to.equal(0);
    expect(await stdout).to.equal(first.stdout);
  });
});

describe('the main job with workflows that set one gauge', () => {
  let folder: string;
  const eventCount = 400;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contested-'));
    const time = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index).toISOString();
    const events = Array.from({ length: eventCount }, (_, index) => {
      const name = `setter-${index}`;
      const node = { id: name, name, type: 'Pod', phase: 'Succeeded', templateName: 'main' };
      const times = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:00Z' };
      const prometheus = [
        { name: 'last', help: 'Last', gauge: { value: `${index}` } },
        // Every second workflow has another help, so half of these are refused: those that the first one did not win.
        { name: 'contested', help: `Help ${index % 2}`, counter: { value: '1' } },
      ];
      return {
        type: 'ADDED',
        object: {
          kind: 'Workflow',
          metadata: { name, namespace: 'argo', uid: `uid-${index}` },
          spec: { entrypoint: 'main', templates: [{ name: 'main', container: {} }], metrics: { prometheus } },
          status: { phase: 'Succeeded', ...times, nodes: { [name]: { ...node, ...times } } },
        },
      };
    });
    const lines = events.map(event => `${JSON.stringify(event)}\n`).join('');
    await writeFile(join(folder, 'events.ndjson'), lines);
    const eventTimes = events.map((_, index) => time(index));
    const scrapes = [{ file: '', afterEvents: eventCount, at: time(eventCount) }];
    await writeFile(join(folder, 'case.json'), JSON.stringify({ eventTimes, scrapes }));
  });
  after(() => rm(folder, { recursive: true }));

  for (const seed of ['1', '2', '3'])
    it(`should keep the recorded order where it matters, assignment ${seed}`, async () => {
      const { code, stdout, stderr } = await runToEnd(
        '--recording',
        folder,
        '--speed',
        '0',
        '--assign',
        seed,
      );
      expect(stdout).to.equal(
        [
          '# HELP argo_workflows_contested Help 0',
          '# TYPE argo_workflows_contested counter',
          `argo_workflows_contested ${eventCount / 2}`,
          '# HELP argo_workflows_last Last',
          '# TYPE argo_workflows_last gauge',
          `argo_workflows_last ${eventCount - 1}`,
          '',
        ].join('\n'),
      );
      expect(code, stderr).to.equal(0);
    });

  it('should print what the real controller exposed of a gauge that is set, added to and subtracted from', async () => {
    const name = 'gauge-set-add-sub';
    const { code, stdout, stderr } = await runToEnd(
      '--recording',
      join(CASES, name),
      '--speed',
      '0',
      '--assign',
      '5',
    );
    expect(code, stderr).to.equal(0);
    const wrong = recordedDifferences(name, 'metrics-after-006.prom', stdout);
    expect(wrong, wrong.join('\n')).to.deep.equal([]);
  });
});
