// Goal: no false alarm, and none that is missed, for the labels that people write. Method: a list of their shapes, each with
// the verdict that a person gave it, in a manifest where steps pass what such labels are made of.
import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { resolveModifiers } from '../../../lib/argo/emit/metric-modifiers.js';
import { viewText } from '../../../lib/argo/lint/label-mending.js';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';
import { readText } from '../../support/source-tree.js';

interface Shape {
  readonly expected: string;
  readonly text: string;
}

const shapes: readonly Shape[] = readText('test/argo/lint/golden/label-shapes.txt')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => {
    const [, expected = '', text = ''] = /^(\S+) +\| ?(.*)$/.exec(line) ?? [];
    return { expected, text };
  });

const parameter = (name: string, value: string): object => ({ name, value });

function manifestWith(labels: readonly object[], name = 'm'): object {
  const passed = [
    parameter('opstart', '{{steps.clock.outputs.result}}'),
    parameter('run', 'of {{inputs.parameters.id}}'),
    parameter('zone', '{{item}}'),
    parameter('table', '{{workflow.parameters.table}}'),
    parameter('choice', '{{steps.clock.outputs.result}}'),
  ];
  const call = (more: object, mode: string): object => ({
    ...{ name: 's', template: 'op' },
    arguments: { parameters: [...passed, parameter('mode', mode)] },
    ...more,
  });
  const inputs = ['opstart', 'run', 'zone', 'table', 'mode'].map(each => ({ name: each }));
  return {
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: 'w-' } },
    spec: {
      entrypoint: 'main',
      arguments: { parameters: [{ name: 'table' }, { name: 'size', enum: ['small', 'large'] }] },
      templates: [
        {
          name: 'main',
          steps: [
            [
              {
                ...{ name: 'in', template: 'ops' },
                arguments: { parameters: [parameter('id', '{{workflow.name}}')] },
              },
            ],
          ],
        },
        {
          name: 'ops',
          inputs: { parameters: [{ name: 'id' }] },
          // Without this the executor keeps no result of the steps.
          outputs: { parameters: [{ name: 'o', valueFrom: { parameter: '{{steps.s.outputs.result}}' } }] },
          steps: [
            [{ name: 'clock', template: 'clock' }],
            [
              call({ withItems: ['a', 'b'] }, 'quick'),
              call({ name: 't', withSequence: { count: '2' } }, 'slow'),
            ],
          ],
        },
        { name: 'clock', script: { image: 'x', source: 'date' } },
        {
          name: 'op',
          inputs: { parameters: [...inputs, { name: 'choice', enum: ['a', 'b', 'c'] }] },
          metrics: { prometheus: [{ name, help: 'M', labels, counter: { value: '1' } }] },
          container: { image: 'x' },
        },
      ],
    },
  };
}

function lintOf(text: string): ReturnType<ManifestLinter['lint']> {
  const manifest = JSON.stringify(manifestWith([{ key: 'k', value: text }]));
  return new ManifestLinter({ withVerdicts: true }).lint('f.yaml', manifest);
}

describe('labels as people write them', () => {
  for (const { expected, text } of shapes)
    it(`should call ${text === '' ? 'an empty text' : text} ${/\d/.test(expected) ? `one of ${expected}` : expected}`, () => {
      const { verdicts, findings } = lintOf(text);
      const [{ verdict, valueCount } = { verdict: '', valueCount: 0 }] = verdicts;
      const said = verdict === 'growing' ? 'grows' : verdict === 'bounded' ? String(valueCount) : verdict;
      expect(said).to.equal(expected);
      const hazards = findings.filter(({ code }) => code === 'CARDINALITY_HAZARD');
      expect(hazards.length).to.equal(expected === 'grows' ? 1 : 0);
    });

  const growing = shapes.filter(({ expected }) => expected === 'grows');
  const hintOf = (text: string): string =>
    lintOf(text).findings.find(({ code }) => code === 'CARDINALITY_HAZARD')?.hint ?? '';

  it('should mend each that grows by the text of its hint: it compiles, and is known to end', () => {
    let mendedCount = 0;
    for (const { text } of growing) {
      const [, instead] = /, such as (.+?), or leave the label out\./.exec(hintOf(text)) ?? [];
      if (instead === undefined) continue;
      mendedCount++;
      const { findings, verdicts } = lintOf(instead);
      const said = `${text} by ${instead}`;
      expect(
        findings.map(({ code, message }) => `${code} ${message}`),
        said,
      ).to.deep.equal([]);
      // Without a verdict it did not compile. Who the entry point or the schedule is, people write.
      const isWritten = /^\{\{workflow\.(?:mainEntrypoint|labels\.[\w./-]+)\}\}$/.test(instead);
      expect(
        verdicts.map(({ verdict }) => verdict),
        said,
      ).to.deep.equal([isWritten ? 'unknown' : 'bounded']);
    }
    expect(mendedCount).to.be.greaterThan(20);
  });

  it('should leave each that grows out by the entry of its hint, pasted into the configuration', () => {
    for (const { text } of growing) {
      const [, entry = '', view] =
        /(modifiers: .*?)(; in a program a View does: .*)?$/.exec(hintOf(text)) ?? [];
      expect(view, text).to.equal(`; in a program a View does: ${viewText('m', ['k']) ?? ''}`);
      const config = {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'c' },
        data: { metricsConfig: entry },
      };
      expect(new ManifestLinter().lint('c.yaml', JSON.stringify(config)).findings, entry).to.deep.equal([]);
      const { modifiers } = readManifests(entry).documents[0]?.value as { modifiers: unknown };
      const diagnostics: Diagnostic[] = [];
      const table = resolveModifiers(modifiers, '', diagnostics);
      expect(diagnostics, entry).to.deep.equal([]);
      expect(table.get('m')?.disabledLabels, entry).to.deep.equal(new Set(['k']));
    }
  });
});
