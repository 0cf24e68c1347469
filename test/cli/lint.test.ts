// The command as a user runs it, on manifests that are broken on purpose.
import { join } from 'node:path';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    ] as const)
      expect(await outputOf(isTTY, env)).to.not.contain('\x1b');
  });

  it('should stop when the user wants to, also while nothing comes', async () => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort() });
    const { exitCode } = await runInMemory(['lint', '-'], { stdin, signal: interruption.signal });
    expect(exitCode).to.equal(ExitCode.interrupted);
  });
});

describe('options of lint', () => {
  const warning =
    'kind: Workflow\nspec: {metrics: {prometheus: [{name: m, help: M, gauge: {value: "1"}}]}}\n';
  const lint = (text: string, ...options: string[]): ReturnType<typeof runInMemory> =>
    runInMemory(['lint', '-', ...options], { stdin: Readable.from([text]) });

  it('should say of each label how many values it has, when it is asked', async () => {
    const file = manifest('broken.yaml');
    const { stdout } = await runInMemory(['lint', '--labels', manifest('good.yaml')]);
    expect(stdout.replaceAll(`${folder}/`, '')).to.match(
      /^good\.yaml:8:42: label 'status' of runs_total has at most \d values, by workflow\.status\n0 errors/,
    );
    const asJson = await runInMemory(['lint', '--labels', '--json', file]);
    const { labels } = JSON.parse(asJson.stdout) as { labels: Record<string, unknown>[] };
    expect(labels.find(({ label }) => label === 'workflow')).to.deep.include({
      verdict: 'growing',
      chain: ['workflow.name'],
    });
    expect(JSON.parse((await runInMemory(['lint', '--json', file])).stdout)).to.not.have.property('labels');
    const refused = await runInMemory(['lint', '--labels', '--format', 'sarif', file]);
    expect(refused).to.deep.include({ exitCode: ExitCode.usage, stdout: '' });
  });

  it('should print each format, and --json as the older name of one', async () => {
    const json = await lint(warning, '--format', 'json');
    expect((await lint(warning, '--json')).stdout).to.equal(json.stdout);
    expect(JSON.parse((await lint(warning, '--format=sarif')).stdout)).to.include({ version: '2.1.0' });
    expect((await lint(warning, '--format', 'github')).stdout).to.match(
      /^::warning file=stdin,line=2,col=\d+,endColumn=\d+,title=CRD_VIOLATED::/,
    );
    expect((await lint(warning, '--format', 'text')).stdout).to.equal((await lint(warning)).stdout);
  });

  it('should print errors only when it is to be quiet, and count warnings all the same', async () => {
    expect(await lint(warning, '--quiet')).to.deep.equal({ exitCode: ExitCode.ok, stdout: '', stderr: '' });
    const { exitCode, stderr } = await lint(warning, '--quiet', '--max-warnings', '0');
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stderr).to.equal('otel-argo-metrics: 1 warning, at most 0 allowed\n');
    const error = warning.replace('name: m', 'name: m.n');
    expect((await lint(error, '--quiet')).stdout)
      .to.match(/NAME_INVALID/)
      .and.to.not.match(/CRD_VIOLATED|errors/);
  });

  it('should fail without metrics only when told to', async () => {
    expect((await lint('kind: ConfigMap\n')).exitCode).to.equal(ExitCode.ok);
    const { exitCode, stderr } = await lint('kind: ConfigMap\n', '--fail-on-empty');
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stderr).to.equal('otel-argo-metrics: no metric in 1 file\n');
    expect((await lint(warning, '--fail-on-empty')).exitCode).to.equal(ExitCode.ok);
  });

  it('should say how many findings comments silence', async () => {
    const silenced = warning.replace('spec:', '# otel-argo-metrics-disable-next-line CRD_VIOLATED\nspec:');
    expect((await lint(silenced)).stdout).to.equal(
      '0 errors, 0 warnings, 1 silenced in 1 metric of 1 file\n',
    );
  });
});

describe('lint of folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'charts-'));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    for (const name of ['chart', 'chart/templates', 'plain']) mkdirSync(join(folder, name));
    write('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n');
    write('chart/values.yaml', 'name: x\n');
    write('chart/templates/a.yaml', '{{- if .Values.a }}\nkind: Workflow\n{{- end }}\n');
    write('chart/templates/b.yaml', 'kind: Workflow\nmetadata: {name: {{ .Values.name }}}\n');
    write(
      'plain/w.yaml',
      'kind: Workflow\nspec: {metrics: {prometheus: [{name: m, help: M, counter: {value: "1"}}]}}\n',
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('faults: lint-helm-chart: should leave templates out with one note a chart, and lint the rest', async () => {
    const { exitCode, stdout } = await runInMemory(['lint', folder, '--max-warnings', '0']);
    expect(exitCode).to.equal(ExitCode.ok);
    expect(stdout.match(/HELM_TEMPLATE/g)).to.have.length(1);
    expect(stdout).to.match(/chart\/templates\/a\.yaml:1:1: note HELM_TEMPLATE: .*helm template.*1 more/);
    expect(stdout).to.match(/^0 errors, 0 warnings in 1 metric of 5 files$/m);
    const single = await runInMemory(['lint', join(folder, 'chart/templates/b.yaml')]);
    expect(single.exitCode).to.equal(ExitCode.ok);
    expect(single.stdout).to.match(/b\.yaml:2:18: note HELM_TEMPLATE/);
  });

  it('faults: lint-helm-chart: should take each for an error when it is to be strict', async () => {
    const { exitCode, stdout } = await runInMemory(['lint', folder, '--strict']);
    expect(exitCode).to.equal(ExitCode.failed);
    expect(stdout.match(/error HELM_TEMPLATE/g)).to.have.length(2);
  });

  it('should leave out what is ignored, however often it is said', async () => {
    const lint = async (...options: string[]): Promise<string> =>
      (await runInMemory(['lint', folder, ...options])).stdout;
    expect(await lint('--ignore', 'templates')).to.equal('0 errors, 0 warnings in 1 metric of 3 files\n');
    expect(await lint('--ignore', 'a.yaml', '--ignore', '*/b.yaml', '--ignore', 'chart/?*.yaml')).to.equal(
      '0 errors, 0 warnings in 1 metric of 1 file\n',
    );
    expect(await lint('--ignore', '*')).to.equal('0 errors, 0 warnings in 0 metrics of 0 files\n');
  });
});

describe('faults: lint-not-looked-into', () => {
  const metrics = 'metrics: {prometheus: [{name: not-a-name, help: h, counter: {value: "1"}}]}';
  const workflow = ['apiVersion: argoproj.io/v1alpha1', 'kind: Workflow', 'spec:', `  ${metrics}`];
  const within = (indent: string, lines: readonly string[]): string =>
    lines.map(line => `${indent}${line}\n`).join('');
  const documents: Readonly<Record<string, string>> = {
    'workflowDefaults of a ConfigMap': `kind: ConfigMap\ndata:\n  workflowDefaults: |\n    spec:\n      ${metrics}\n`,
    'config of a ConfigMap': `kind: ConfigMap\ndata:\n  config: |\n    workflowDefaults:\n      spec:\n        ${metrics}\n`,
    'a Sensor': `kind: Sensor\nspec:\n  triggers:\n  - template:\n      argoWorkflow:\n        source:\n          resource:\n${within('            ', workflow)}`,
    'an OpenShift Template': `apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n- a: b\n${within('  ', workflow)}`,
    'resource.manifest': `kind: Workflow\nspec:\n  templates:\n  - name: r\n    resource:\n      manifest: |\n${within('        ', workflow)}`,
    'the values of a chart': `controller:\n  workflowDefaults:\n    spec:\n      ${metrics}\n`,
    'a list': `kind: List\nitems:\n- a: b\n${within('  ', workflow)}`,
  };
  for (const [what, text] of Object.entries(documents))
    it(`should look into ${what}, and say where`, async () => {
      const { stdout, exitCode } = await runInMemory(['lint', '-'], { stdin: Readable.from([text]) });
      expect(exitCode).to.equal(ExitCode.failed);
      const line = text.slice(0, text.indexOf('not-a-name')).split('\n').length;
      const column = (text.split('\n')[line - 1] ?? '').indexOf('not-a-name') + 1;
      expect(stdout).to.match(new RegExp(`^stdin:${line}:${column}: error NAME_INVALID`, 'm'));
      expect(stdout).to.match(/^1 error, 0 warnings in 1 metric of 1 file$/m);
    });
});
