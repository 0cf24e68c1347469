// The command as a user runs it, on manifests that are broken on purpose.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { ROOT } from '../support/source-tree.js';
import { runInMemory } from './run-in-memory.js';

const folder = join(ROOT, 'test/cli/lint');
const manifest = (name: string): string => join(folder, name);

/** All of it, checked by eye. */
const EXPECTED = readFileSync(manifest('broken.txt'), 'utf8');

describe('lint', () => {
  it('should print the place, the code, the message, the line and a mark', async () => {
    const { exitCode, stdout, stderr } = await runInMemory(['lint', manifest('broken.yaml')]);
    expect(stdout.replaceAll(`${folder}/`, '')).to.equal(EXPECTED);
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(ExitCode.failed);
  });

  it('should say nothing of a good manifest but how much there was', async () => {
    expect(await runInMemory(['lint', manifest('good.yaml')])).to.deep.equal({
      exitCode: ExitCode.ok,
      stdout: '0 errors, 0 warnings in 1 metric of 1 file\n',
      stderr: '',
    });
  });

  it('should report bad syntax and missing files as it reports all else', async () => {
    const { exitCode, stdout } = await runInMemory(['lint', manifest('none.yaml'), manifest('syntax.yaml')]);
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stdout).to.match(/none\.yaml:1:1: error FILE_UNREADABLE: ENOENT: no such file or directory\n/);
    expect(stdout).to.match(/syntax\.yaml:\d+:\d+: error YAML_INVALID: /);
    expect(stdout).to.match(/ in 0 metrics of 2 files\n$/);
  });

  it('should read folders and the standard input', async () => {
    const { stdout } = await runInMemory(['lint', folder, '-'], { stdin: Readable.from(['kind: List']) });
    expect(stdout).to.match(/ in 4 metrics of 4 files\n$/);
  });

  it('should fail for warnings only when told how many are too many', async () => {
    const text = (): Readable =>
      Readable.from([
        'kind: Workflow\nspec: {metrics: {prometheus: [{name: m, help: M, gauge: {value: "1"}}]}}\n',
      ]);
    const exitCodeOf = async (...options: string[]): Promise<ExitCode> =>
      (await runInMemory(['lint', '-', ...options], { stdin: text() })).exitCode;
    expect(await exitCodeOf()).to.equal(ExitCode.ok);
    expect(await exitCodeOf('--max-warnings', '1')).to.equal(ExitCode.ok);
    expect(await exitCodeOf('--max-warnings=0')).to.equal(ExitCode.failed);
  });

  it('should print JSON for programs', async () => {
    const { exitCode, stdout } = await runInMemory(['lint', '--json', manifest('broken.yaml')]);
    expect(exitCode).to.equal(ExitCode.failed);
    const result = JSON.parse(stdout) as { findings: unknown[]; errorCount: number };
    expect(result).to.include({ errorCount: 6, warningCount: 1, fileCount: 1, metricCount: 3 });
    expect(result.findings[0]).to.deep.equal({
      ...{ file: manifest('broken.yaml'), line: 8, column: 15, length: 10 },
      ...{
        severity: 'error',
        code: 'NAME_INVALID',
        metric: 'runs-total',
        path: 'spec.metrics.prometheus[0].name',
      },
      message: "metric name is invalid: names may only contain alphanumeric characters or '_'",
    });
  });

  it('should color on a terminal, unless the user wants none', async () => {
    const outputOf = async (isTTY: boolean, env: Record<string, string>): Promise<string> =>
      (await runInMemory(['lint', manifest('broken.yaml')], { isTTY, env })).stdout;
    expect(await outputOf(true, {})).to.contain('\x1b[31merror');
    for (const [isTTY, env] of [
      [false, {}],
      [true, { NO_COLOR: '1' }],
      [true, { TERM: 'dumb' }],
    ] as const) {
      expect(await outputOf(isTTY, env)).to.not.contain('\x1b');
    }
  });

  it('should stop when the user wants to, also while nothing comes', async () => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort() });
    const { exitCode } = await runInMemory(['lint', '-'], { stdin, signal: interruption.signal });
    expect(exitCode).to.equal(ExitCode.interrupted);
  });
});
