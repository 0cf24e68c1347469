import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { run } from '../../lib/cli/run.js';
import { differences, readExposition } from '../argo/golden/exposition.js';
import { Recording } from '../argo/golden/recording.js';
import { ROOT } from '../support/source-tree.js';
import { recordingStream } from './recording-stream.js';
import { runInMemory } from './run-in-memory.js';

const CASES = join(ROOT, 'test/argo/golden/cases');

/** A workflow that has finished, with one counter. */
function finishedWorkflow(name: string, metric: object = {}): object {
  const node = { id: name, name, type: 'Pod', phase: 'Succeeded', templateName: 'main' };
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const labels = [{ key: 'status', value: '{{workflow.status}}' }];
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'argo', uid: `uid-${name}`, creationTimestamp: '2026-11-23T04:00:00Z' },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', container: { image: 'busybox' } }],
      metrics: { prometheus: [{ name: 'runs', help: 'Runs', labels, counter: { value: '1' }, ...metric }] },
    },
    status: { phase: 'Succeeded', ...time, nodes: { [name]: { ...node, ...time } } },
  };
}

const line = (object: object, type = 'ADDED'): string => `${JSON.stringify({ type, object })}\n`;
const RUNS = (count: number): string =>
  `# HELP argo_workflows_runs Runs\n# TYPE argo_workflows_runs counter\nargo_workflows_runs{status="Succeeded"} ${count}\n`;

describe('replay', () => {
  for (const name of [
    'busy-hour',
    'counter-by-phase',
    'gauge-set-add-sub',
    'histogram-duration',
    'realtime-workflow-duration',
    'two-workflows-share-a-series',
    'when-clauses',
  ])
    it(`should print what a real controller exposed at the end of ${name}`, async () => {
      const folder = join(CASES, name);
      const { scrapes } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
        scrapes: { file: string; at: string }[];
      };
      const last = scrapes.at(-1) ?? { file: '', at: '' };
      const argv = ['replay', join(folder, 'events.ndjson'), '--at', last.at];
      const { exitCode, stdout, stderr } = await runInMemory(argv);
      expect(stderr).to.equal('');
      expect(exitCode).to.equal(ExitCode.ok);
      const timed = new Recording(folder).timedNames();
      const corrected = join(folder, last.file.replace('metrics-', 'corrected-'));
      const recorded = readFileSync(existsSync(corrected) ? corrected : join(folder, last.file), 'utf8');
      const wrong = differences(readExposition(recorded), readExposition(stdout), metric =>
        timed.has(metric),
      );
      expect(wrong, wrong.join('\n')).to.deep.equal([]);
    });

  it('should read the standard input', async () => {
    const stdin = Readable.from([Buffer.from(line(finishedWorkflow('a')) + line(finishedWorkflow('b')))]);
    const outcome = await runInMemory(['replay', '-'], { stdin });
    expect(outcome).to.deep.equal({ exitCode: ExitCode.ok, stdout: RUNS(2), stderr: '' });
  });

  it('should print nothing for nothing', async () => {
    expect(await runInMemory(['replay', '-'])).to.deep.equal({
      exitCode: ExitCode.ok,
      stdout: '',
      stderr: '',
    });
  });

  it('should report a broken line by its number, go on behind it, and exit with 1', async () => {
    const text = `${line(finishedWorkflow('a'))}{"type": "ADDED", "obj\n\n${line(finishedWorkflow('b'))}5\n`;
    const stdin = Readable.from([Buffer.from(text)]);
    const { exitCode, stdout, stderr } = await runInMemory(['replay', '-'], { stdin });
    expect(stdout).to.equal(RUNS(2));
    expect(stderr.trimEnd().split('\n')).to.have.length(2);
    expect(stderr).to.match(/^stdin:2: error: not JSON: .*\nstdin:5: error: neither a watch event/);
    expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should say once what is wrong with a metric, and exit with 1', async () => {
    const broken = finishedWorkflow('a', { counter: { value: 'many' } });
    const stdin = Readable.from([
      Buffer.from(line(broken) + line(finishedWorkflow('b', { counter: { value: 'many' } }))),
    ]);
    const { exitCode, stdout, stderr } = await runInMemory(['replay', '-'], { stdin });
    expect(stdout).to.equal('');
    expect(stderr).to.match(/^stdin:1: error: .*runs.*"many".*\[VALUE_INVALID\].*\n$/);
    expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should compute realtime gauges for the time that was asked for, and for now otherwise', async () => {
    const running = finishedWorkflow('a', {
      name: 'age',
      counter: undefined,
      labels: [],
      gauge: { realtime: true, value: '{{workflow.duration}}' },
    }) as { status: object };
    running.status = { phase: 'Running', startedAt: '2026-11-23T04:00:00Z' };
    const ageAt = async (...argv: string[]): Promise<string | undefined> => {
      const stdin = Readable.from([Buffer.from(line(running))]);
      const clock = { now: () => Date.parse('2026-11-23T05:00:00Z') };
      const { stdout } = await runInMemory(['replay', '-', ...argv], { stdin, clock });
      return /^argo_workflows_age (.*)$/m.exec(stdout)?.[1];
    };
    expect(await ageAt('--at', '2026-11-23T04:01:30.5Z')).to.equal('90.5');
    expect(await ageAt()).to.equal('3600');
  });

  it('should leave out the attributes that a metricsConfig disables', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-'));
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify({ modifiers: { runs: { disabledAttributes: ['status'] } } }));
    const stdin = Readable.from([Buffer.from(line(finishedWorkflow('a')))]);
    const { stdout } = await runInMemory(['replay', '-', '--config', config], { stdin });
    await rm(folder, { recursive: true });
    expect(stdout).to.contain('\nargo_workflows_runs 1\n');
  });

  it('should say what it cannot do with a metricsConfig', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-'));
    const config = join(folder, 'config.yaml');
    await writeFile(config, 'metricsTTL: -1h\nsecure: true\n');
    const { stderr, exitCode } = await runInMemory(['replay', '-', '--config', config], {
      stdin: Readable.from([]),
    });
    await rm(folder, { recursive: true });
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stderr).to.contain(
      "config.yaml: error: metricsConfig.metricsTTL: a TTL cannot be negative: '-1h'",
    );
    expect(stderr).to.contain('config.yaml: warning: metricsConfig.secure');
  });

  it('should say which file is missing or unusable', async () => {
    const missing = await runInMemory(['replay', '/nowhere/events.ndjson']);
    expect(missing.exitCode).to.equal(ExitCode.failed);
    expect(missing.stderr).to.contain('/nowhere/events.ndjson');
    const folder = await runInMemory(['replay', ROOT]);
    expect(folder.exitCode).to.equal(ExitCode.failed);
    expect(folder.stderr).to.contain(`${ROOT}: EISDIR`);
    const unusable = await runInMemory(['replay', '-', '--config', join(ROOT, 'LICENSE')]);
    expect(unusable.exitCode).to.equal(ExitCode.failed);
    expect(unusable.stderr).to.match(/LICENSE (?:is neither YAML nor JSON|holds no object)/);
  });

  it('should show progress on a terminal and clean it up', async () => {
    const stdin = Readable.from([Buffer.from(line(finishedWorkflow('a')))]);
    const { stderr } = await runInMemory(['replay', '-'], { stdin, isTTY: true });
    expect(stderr).to.equal('\r\x1b[2K1 events read\r\x1b[2K');
  });

  it('should stop when the user wants to, while it waits for input', async () => {
    const interruption = new AbortController();
    const stdin = new PassThrough();
    const running = runInMemory(['replay', '-'], { stdin, signal: interruption.signal });
    stdin.write(line(finishedWorkflow('a')));
    setImmediate(() => interruption.abort());
    expect(await running).to.deep.equal({ exitCode: ExitCode.interrupted, stdout: '', stderr: '' });
  });

  it('should be content when nobody reads the rest of the output', async () => {
    const stderr: string[] = [];
    const stdout = new PassThrough();
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    stdout.on('error', () => undefined);
    const exitCode = await run(['replay', '-'], {
      stdin: Readable.from([Buffer.from(line(finishedWorkflow('a')))]),
      stdout,
      stderr: recordingStream(stderr),
      clock: { now: () => 0 },
      env: {},
      signal: new AbortController().signal,
    });
    expect(exitCode).to.equal(ExitCode.ok);
    expect(stderr).to.deep.equal([]);
  });
});
