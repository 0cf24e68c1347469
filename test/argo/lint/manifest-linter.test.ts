import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';

const workflow = (...metrics: string[]): string =>
  [
    'kind: Workflow',
    'spec:',
    '  metrics:',
    '    prometheus:',
    ...metrics.map(metric => `    - ${metric}`),
    '',
  ].join('\n');
const said = (linter: ManifestLinter, text: string, file = 'f'): string[] =>
  linter
    .lint(file, text)
    .findings.map(({ line, column, severity, code, hint }) =>
      `${line}:${column} ${severity} ${code} ${hint ?? ''}`.trim(),
    );

describe('ManifestLinter', () => {
  it('should say where it is, in the order of the file', () => {
    const text = workflow('{name: a.b, help: A, counter: {value: x}}', '{name: c, counter: {value: "1"}}');
    const { findings, metricCount } = new ManifestLinter().lint('f', text);
    expect(metricCount).to.equal(2);
    expect(
      findings.map(({ line, column, length, code }) => [line, column, length, code].join(' ')),
    ).to.deep.equal(['5 14 3 NAME_INVALID', '5 45 1 VALUE_INVALID', '6 7 32 HELP_MISSING']);
    expect(findings[0]?.lineText).to.equal('    - {name: a.b, help: A, counter: {value: x}}');
  });

  it('should show one View in a file, at the first label that is warned of and not silenced', () => {
    const metric = (name: string): string =>
      `{name: ${name}, help: A, labels: [{key: k, value: '{{workflow.name}}'}, {key: l, value: '{{workflow.uid}}'}], counter: {value: "1"}}`;
    const viewsIn = (text: string): string[] =>
      new ManifestLinter().lint('f', text).findings.map(({ line, hint = '' }) => {
        const [, view = ''] = /; in a program a View does: cardinalityLimitedView\((.*)\)$/.exec(hint) ?? [];
        return `${line} ${view}`.trim();
      });
    const view = (name: string): string =>
      `{ instrumentName: 'argo_workflows_${name}', limit: 2000, labels: { k: { drop: true }, l: { drop: true } } }`;
    const text = workflow(metric('a'), metric('b'));
    expect(viewsIn(text)).to.deep.equal([`5 ${view('a')}`, '5', '6', '6']);
    const silenced = text.replace(
      '    - {',
      '    # otel-argo-metrics-disable-next-line CARDINALITY_HAZARD\n    - {',
    );
    expect(viewsIn(silenced)).to.deep.equal([`7 ${view('b')}`, '7']);
  });

  it('should take a conflict in one file for a mistake, across files for a warning, and name the other place', () => {
    const linter = new ManifestLinter();
    const metric = (help: string): string => `{name: m, help: ${help}, counter: {value: "1"}}`;
    expect(said(linter, workflow(metric('A'), metric('B')), 'one.yaml')).to.deep.equal([
      '6:23 error HELP_CONFLICT The first one is at one.yaml:5:14.',
    ]);
    expect(said(linter, workflow(metric('C')), 'two.yaml')).to.deep.equal([
      '5:23 warning HELP_CONFLICT The first one is at one.yaml:5:14.',
    ]);
  });

  it('should report a mistake once, however often an anchor brings it in', () => {
    const text =
      'kind: Workflow\nspec:\n  templates:\n  - metrics: &m {prometheus: [{name: m, counter: {value: "1"}}]}\n  - metrics: *m\n';
    expect(said(new ManifestLinter(), text)).to.deep.equal(['4:31 error HELP_MISSING']);
  });

  it('should refuse duplicate keys in what has metrics, and pass over the rest', () => {
    const duplicate = workflow('{name: m, help: M, help: M, counter: {value: "1"}}');
    expect(said(new ManifestLinter(), `kind: ConfigMap\na: 1\na: 2\n---\n${duplicate}`)[0]).to.match(
      /^9:26 error YAML_KEY_DUPLICATED/,
    );
    expect(said(new ManifestLinter(), 'kind: ConfigMap\na: 1\na: 2\n')).to.deep.equal([]);
  });

  it('should report what cannot be read, and go on', () => {
    const text = `a: [\n---\n${workflow('{name: m, counter: {value: "1"}}')}`;
    const codes = new ManifestLinter().lint('f', text).findings.map(({ code }) => code);
    expect(new Set(codes)).to.deep.equal(new Set(['YAML_INVALID', 'HELP_MISSING']));
  });

  it('should look once into a manifest that aliases bring in a thousand times', () => {
    const inner = `apiVersion: argoproj.io/v1alpha1\n${workflow('{name: a.b, help: h, counter: {value: "1"}}')}`;
    const text = [
      'kind: Workflow',
      'spec:',
      '  templates:',
      '  - &t',
      '    resource:',
      '      manifest: |',
      ...inner.split('\n').map(line => `        ${line}`),
      ...Array<string>(1000).fill('  - *t'),
      '',
    ].join('\n');
    const { findings, metricCount } = new ManifestLinter().lint('f', text);
    expect(findings.map(({ line, code }) => `${line} ${code}`)).to.deep.equal(['12 NAME_INVALID']);
    expect(metricCount).to.equal(1);
  });
});
