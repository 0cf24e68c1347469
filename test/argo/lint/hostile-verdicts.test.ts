// Goal: no manifest makes verdicts of labels throw, or take long. Method: manifests whose calls, texts and loops multiply; where
// something is looked at once for each of its uses, they take minutes, which is past the time of a test.
import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import type { PlacedVerdict } from '../../../lib/argo/lint/placed-verdict.js';

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const metrics = (count: number, value: string): object => ({
  prometheus: times(count, at => ({
    ...{ name: `m${at}`, help: 'M', labels: [{ key: 'k', value }], counter: { value: '1' } },
  })),
});

const passing = (name: string, template: string, value: string, more: object = {}): object => ({
  ...{ name, template, arguments: { parameters: [{ name: 'p', value }] } },
  ...more,
});

/** What many metrics are about: a template with one input. */
const op = (count: number): object => ({
  ...{ name: 'op', inputs: { parameters: [{ name: 'p' }] }, container: { image: 'x' } },
  metrics: metrics(count, '{{inputs.parameters.p}}'),
});

function verdictsOf(templates: readonly unknown[], more: object = {}): readonly PlacedVerdict[] {
  const spec = { entrypoint: 'main', templates, ...more };
  const manifest = {
    apiVersion: 'argoproj.io/v1alpha1',
    ...{ kind: 'Workflow', metadata: { generateName: 'w-' }, spec },
  };
  return new ManifestLinter({ withVerdicts: true }).lint('f.yaml', JSON.stringify(manifest)).verdicts;
}

const either = (at: number): string => `{{=asInt(workflow.parameters.x) > ${at} ? 'a' : 'b'}}`;

describe('verdicts of hostile manifests', () => {
  it('should look at what callers pass once, however many metrics ask', () => {
    const calls = times(1000, at => passing(`s${at}`, 'op', either(at)));
    const verdicts = verdictsOf([{ name: 'main', steps: [calls] }, op(1500)]);
    expect(verdicts.map(({ valueCount }) => valueCount)).to.deep.equal(Array(1500).fill(2000));
  });

  it('should look at the items of a loop once', () => {
    const loop = { withItems: times(1000, either) };
    const verdicts = verdictsOf([
      { name: 'main', steps: [[passing('s', 'op', '{{item}}', loop)]] },
      op(1500),
    ]);
    expect(verdicts.map(({ valueCount }) => valueCount)).to.deep.equal(Array(1500).fill(2000));
  });

  it('should end where templates call each other, and themselves', () => {
    const value = '{{inputs.parameters.p}}{{inputs.parameters.p}}';
    const templates = times(200, at => ({
      ...{
        name: `t${at}`,
        inputs: { parameters: [{ name: 'p' }] },
        metrics: metrics(1, '{{inputs.parameters.p}}'),
      },
      steps: [times(20, step => passing(`s${step}`, `t${(at + step) % 200}`, value))],
    }));
    expect(new Set(verdictsOf(templates).map(({ verdict }) => verdict))).to.deep.equal(new Set(['unknown']));
  });

  it('should end where outputs are made of outputs', () => {
    const expression =
      "steps.s.outputs.parameters['o'] + steps.u.outputs.parameters.o + steps.s.outputs.parameters.o";
    const templates = times(100, at => ({
      ...{ name: `t${at}`, metrics: metrics(20, '{{outputs.parameters.o}}') },
      outputs: { parameters: [{ name: 'o', valueFrom: { expression } }] },
      steps: [times(2, step => ({ name: 'su'[step], template: `t${(at + step + 1) % 100}` }))],
    }));
    expect(new Set(verdictsOf(templates).map(({ verdict }) => verdict))).to.deep.equal(new Set(['unknown']));
  });

  it('should bring up templates that aliases repeat', () => {
    const metric = `{ name: a, help: h, labels: [{ key: k, value: '{{inputs.parameters.p}}' }], counter: { value: '1' } }`;
    const text = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { generateName: w- }
spec:
  entrypoint: m
  templates:
    - &t
      name: m
      inputs: { parameters: [{ name: p }] }
      steps: [[{ name: s, template: m, arguments: { parameters: [{ name: p, value: 'x{{inputs.parameters.p}}' }] } }]]
      metrics: { prometheus: [${metric}] }
${'    - *t\n'.repeat(3000)}`;
    const { verdicts } = new ManifestLinter({ withVerdicts: true }).lint('f.yaml', text);
    expect(verdicts.length).to.equal(3001);
  });

  it('should take anything for a step, a parameter, a loop or a hook', () => {
    const odd = [null, 7, '', [], {}, { name: 3 }, [[]], { name: 'p', value: {} }, '{{item}}', true];
    const label =
      '{{inputs.parameters.p}}{{outputs.parameters.o}}{{workflow.parameters.e}}{{steps.s.outputs.parameters.o}}';
    for (const one of odd)
      for (const other of odd) {
        const template = {
          ...{
            name: 'op',
            inputs: { parameters: [one, { name: 'p', enum: other, default: one }] },
            hooks: one,
          },
          steps: [
            [one, { name: 's', template: 'op', withItems: other, withParam: one, withSequence: other }],
            one,
          ],
          dag: { tasks: [other, { name: 't', template: 'op', hooks: { a: one, b: { template: other } } }] },
          outputs: {
            parameters: [
              other,
              { name: 'o', valueFrom: one },
              { name: 'o', valueFrom: { expression: other } },
            ],
          },
          metrics: metrics(1, label),
        };
        const around = {
          entrypoint: one,
          hooks: other,
          arguments: { parameters: [one, { name: 'e', enum: other }] },
        };
        expect(verdictsOf([one, template, other], around).length).to.be.at.most(1);
      }
  });
});
