import { expect } from 'chai';
import { ReadNode } from '../../../lib/argo/workflow/workflow-node.js';

describe('ReadNode', () => {
  it('should read nothing before it is asked for, and times and children once', () => {
    const asked: string[] = [];
    const json = new Proxy<Record<string, unknown>>(
      { phase: 'Failed', startedAt: '1970-01-01T00:00:01Z', finishedAt: null, children: ['a', 5, 'b'] },
      {
        get: (target, key) => {
          asked.push(String(key));
          return target[String(key)];
        },
      },
    );
    const node = new ReadNode(0, 'n', json);
    expect(asked).to.deep.equal([]);
    for (let time = 0; time < 2; time++) {
      expect([node.startedAt, node.finishedAt, node.children]).to.deep.equal([1000, undefined, ['a', 'b']]);
      expect([node.name, node.type, node.boundaryId]).to.deep.equal(['', '', '']);
    }
    const others = ['name', 'type', 'boundaryID'];
    expect(asked.filter(key => !others.includes(key))).to.deep.equal(['startedAt', 'finishedAt', 'children']);
    expect([node.phase, node.isFulfilled]).to.deep.equal(['Failed', true]);
  });

  it('should be over as Argo decides it', () => {
    const isFulfilled = (json: Record<string, unknown>): boolean => new ReadNode(0, 'n', json).isFulfilled;
    for (const phase of ['Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted']) {
      expect(isFulfilled({ phase })).to.equal(true);
      expect(isFulfilled({ phase, taskResultSynced: false })).to.equal(false);
    }
    for (const phase of ['', 'Pending', 'Running', 'Odd']) expect(isFulfilled({ phase })).to.equal(false);
    expect(isFulfilled({ phase: 'Running', daemoned: true })).to.equal(true);
    expect(isFulfilled({ phase: 'Pending', daemoned: true })).to.equal(false);
  });
});
