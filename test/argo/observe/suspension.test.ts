import { expect } from 'chai';
import { isEndedByController } from '../../../lib/argo/observe/suspension.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, workflowOf } from '../workflow-fixture.js';

/** A node that was suspended from 00:00:00 to 00:00:05. */
function ended(suspend: unknown, fields: Readonly<Record<string, unknown>> = {}): boolean {
  const workflow = readWorkflow(workflowOf({ nodes: [finished('n', { type: 'Suspend', ...fields })] }));
  const node = workflow?.nodes.get('n');
  if (!node) throw new Error('no node');
  return isEndedByController(node, { suspend }, { 'inputs.parameters.s': '5' });
}

describe('isEndedByController', () => {
  it('should compare the duration with the time that the node took, in whole seconds', () => {
    const durations = [
      '5',
      '5s',
      '5.9s',
      '0',
      '-1',
      '1ms',
      '{{inputs.parameters.s}}',
      '{{=asInt(inputs.parameters.s) - 1}}',
    ];
    for (const duration of durations) expect(ended({ duration }), duration).to.equal(true);
    for (const duration of ['6', '1h', '5 s', '{{', '{{other}}', '1e999'])
      expect(ended({ duration }), duration).to.equal(false);
    for (const suspend of [undefined, null, {}, 'x', { duration: null }, { duration: {} }])
      expect(ended(suspend)).to.equal(false);
    expect(ended({ duration: '0' }, { finishedAt: null })).to.equal(false);
  });

  it('should know by the message who failed the node, and who resumed it', () => {
    const failed = (message: string): boolean => ended({ duration: '1' }, { phase: 'Failed', message });
    expect(["Stopped with strategy 'Stop'", 'Step exceeded its deadline'].map(failed)).to.deep.equal([
      true,
      true,
    ]);
    expect(['', 'no', 'Stopped by me', 'x Step exceeded its deadline'].map(failed)).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
    for (const message of ['Resumed by: map[User:me]', 'first; Resumed by: map[User:me]'])
      expect(ended({ duration: '1' }, { message })).to.equal(false);
    expect(ended({ duration: '1' }, { message: 'waiting' })).to.equal(true);
  });
});
