// Goal: what Argo's decoder and the schema of its full CRDs refuse, and nothing else. Method: recorded answers of Go's
// strict JSON decoder and of the API server's schema validation for the same manifests.
import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import type { Finding } from '../../../lib/argo/lint/manifest-linter.js';
import { readText } from '../../support/source-tree.js';

interface Row {
  readonly input: string;
  /** Of the decoder; it gives up at the first. */
  readonly error?: string;
  readonly unknown?: readonly string[];
  /** Of the full CRDs. */
  readonly schema?: readonly string[];
}

const rows = JSON.parse(readText('test/argo/lint/golden/decoding.json')) as readonly Row[];
const lint = (text: string): readonly Finding[] => new ManifestLinter().lint('f', text).findings;
const errors = (text: string): readonly Finding[] =>
  lint(text).filter(({ severity }) => severity === 'error');
const shown = ({ input }: Row): string => input.split('\n').slice(4).join(' ').slice(0, 160);

/** What is wrong with the metric itself; no decoder looks at it. */
const ABOUT_MEANING = new Set(['VALUE_INVALID', 'BUCKETS_INVALID', 'CARDINALITY_HAZARD']);

describe('the rules of the decoder: lint-unquoted-scalars', () => {
  for (const row of rows) {
    const { input, error, unknown = [], schema = [] } = row;
    it(`says of ${shown(row)} what Argo says`, () => {
      const findings = lint(input).filter(({ code }) => !ABOUT_MEANING.has(code));
      if (error?.startsWith('json: ')) expect(errors(input).map(({ message }) => message)).to.include(error);
      if (error?.startsWith('yaml: ')) expect(errors(input)[0]?.code).to.equal('YAML_KEY_DUPLICATED');
      expect(errors(input).map(({ message }) => message)).to.include.members([...unknown]);
      if (schema.length > 0) expect(lint(input)).to.not.be.empty;
      if (error === undefined && unknown.length + schema.length === 0) expect(findings).to.deep.equal([]);
    });
  }

  it('has rows that are refused and rows that are not', () => {
    expect(rows.filter(({ error }) => error !== undefined).length).to.be.greaterThan(25);
    expect(
      rows.filter(({ error, unknown, schema }) => !error && !unknown && !schema).length,
    ).to.be.greaterThan(6);
  });

  it('gives one finding for each scalar without quotes, at its place, with what to do', () => {
    const metric = (fields: string, value = '"1"'): string =>
      `    - {name: m, help: h, ${fields === '' ? '' : `${fields}, `}counter: {value: ${value}}}`;
    const manifest = [
      'kind: WorkflowTemplate',
      'spec:',
      '  metrics:',
      '    prometheus:',
      metric('', '2'),
      metric('when: false'),
      metric('labels: [{key: zone, value: 7}]'),
      metric('labels: [{key: zone, value: off}]'),
      metric('labels: [{key: zone}]'),
    ].map((line, index) => line.replace('name: m,', `name: m${index},`));
    const findings = lint(manifest.join('\n')).filter(({ code }) => code !== 'LABELS_DIFFER');
    expect(
      findings.map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`),
    ).to.deep.equal([
      '5:44 error SPEC_INVALID',
      '6:33 error SPEC_INVALID',
      '7:55 error SPEC_INVALID',
      '8:55 error SPEC_INVALID',
      '9:36 warning CRD_VIOLATED',
    ]);
    expect(findings[0]?.hint).to.match(/^Put it into quotes\./);
  });

  it('reports at most a hundred of thousands', () => {
    const label = '{key: k, value: 1}';
    const text = `kind: Workflow\nspec: {metrics: {prometheus: [{name: m, help: h, labels: [${Array(900).fill(label).join(', ')}], counter: {value: "1"}}]}}\n`;
    expect(errors(text).length).to.be.within(1, 101);
  });
});
