import { expect } from 'chai';
import type { ClusterText } from '../../lib/cli/lint-cluster.js';
import { LintedObjects, unreadableFinding } from '../../lib/cli/linted-objects.js';

const { signal } = new AbortController();

async function* texts(count: number): AsyncGenerator<ClusterText, void, undefined> {
  for (let index = 0; index < count; index++) {
    const metrics = { prometheus: [{ name: `m${index}`, counter: { value: '1' } }] };
    const text = JSON.stringify({ kind: 'Workflow', spec: { metrics } });
    yield await Promise.resolve({ file: `Workflow ${index}`, text, origin: `${index}` });
  }
}

describe('LintedObjects', () => {
  it('should keep no more findings than are told, and say how many others there were', async () => {
    const all = new LintedObjects(false);
    await all.add(texts(20), signal);
    const few = new LintedObjects(true, 5);
    await few.add(texts(20), signal);
    expect(all.findings.length).to.be.at.least(20);
    expect(few.findings).to.have.length(5);
    expect([...few.notes()]).to.deep.equal([`${all.findings.length - 5} findings more not told`]);
    expect(few.counts()).to.include({ fileCount: 20, metricCount: 20 });
    expect([...all.notes()]).to.deep.equal([]);
  });

  it('should take no more when it is over', async () => {
    const objects = new LintedObjects(false);
    await objects.add(texts(3), AbortSignal.abort());
    expect(objects.counts()).to.include({ fileCount: 0, metricCount: 0 });
  });
});

describe('unreadableFinding', () => {
  it('should be an error with nothing to show', () => {
    expect(unreadableFinding('a', 'why', 3)).to.include({ file: 'a', line: 3, message: 'why', lineText: '' });
    expect(unreadableFinding('a', 'why')).to.include({ line: 1, severity: 'error', code: 'FILE_UNREADABLE' });
  });
});
