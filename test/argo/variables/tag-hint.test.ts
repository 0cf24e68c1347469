import { expect } from 'chai';
import { isArgoVariable } from '../../../lib/argo/variables/argo-variables.js';
import { hintForTag } from '../../../lib/argo/variables/tag-hint.js';

describe('hintForTag', () => {
  const cases: Readonly<Record<string, RegExp>> = {
    staus: /^Did you mean \{\{status\}\}\?$/,
    'workflow.nmae': /\{\{workflow\.name\}\}/,
    '=asFloat(duration)': /without a space/,
    '.Values.a': /Helm/,
    '- if .Values.a': /Helm/,
    'include "a.b" .': /Helm/,
    'cronworkflow.name': /\{\{workflow\.labels\.workflows\.argoproj\.io\/cron-workflow\}\}/,
    'cronworkflow.failed': /Only the fields of the cron workflow/,
    'tasks.a.status': /no other nodes/,
    "inputs.parameters['a-b']": /\{\{inputs\.parameters\.a-b\}\}/,
    'asFloat(duration) / 60': /\{\{=asFloat\(duration\) \/ 60\}\}/,
    "status == 'Failed' ? 1 : 0": /equals sign/,
    'workflow.parameter.x': /\{\{workflow\.parameters\.x\}\}/,
    'input.parameters.x': /\{\{inputs\.parameters\.x\}\}/,
    'inputs.x': /\{\{inputs\.parameters\.x\}\}/,
    'node.phase': /\{\{status\}\}/,
    'workflow.phase': /\{\{workflow\.status\}\}/,
    'outputs.exitCode': /\{\{exitCode\}\}/,
    'my own thing': /no such variable/,
    '': /no such variable/,
  };
  for (const [name, expected] of Object.entries(cases))
    it(`should hint at what is meant by "${name}"`, () => {
      expect(hintForTag(name)).to.match(expected);
    });

  it('should name only what there is', () => {
    const exists = (name: string): boolean => isArgoVariable(name) && name !== 'exitCode';
    expect(hintForTag('exitcode', exists)).to.match(/no such variable/);
    expect(hintForTag('outputs.exit_code', exists)).to.match(/no such variable|outputs\.parameters/);
  });
});
