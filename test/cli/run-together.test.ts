import { expect } from 'chai';
import { runTogether } from '../../lib/cli/run-together.js';

/** Goes on until it is told to end, and says that it did. */
function lasting(ended: string[], name: string): (signal: AbortSignal) => Promise<void> {
  return async signal => {
    if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve));
    await new Promise(resolve => setImmediate(resolve));
    ended.push(name);
  };
}

describe('runTogether', () => {
  it('should end all when it is told to, also before it began', async () => {
    for (const isBefore of [true, false]) {
      const end = new AbortController();
      const ended: string[] = [];
      if (isBefore) end.abort();
      const done = runTogether([lasting(ended, 'a'), lasting(ended, 'b')], end.signal);
      end.abort();
      await done;
      expect(ended).to.deep.equal(['a', 'b']);
    }
  });

  it('should have Node warn of nothing, however many there are', async () => {
    const warnings: string[] = [];
    const warned = (warning: Error): unknown => warnings.push(warning.message);
    process.on('warning', warned);
    const end = new AbortController();
    const names = Array.from({ length: 50 }, (_, index) => `${index}`);
    const ended: string[] = [];
    const done = runTogether(
      names.map(name => lasting(ended, name)),
      end.signal,
    );
    await new Promise(resolve => setImmediate(resolve));
    end.abort();
    await done;
    process.off('warning', warned);
    expect(ended).to.have.length(50);
    expect(warnings).to.deep.equal([]);
  });

  it('should end all when one of them fails, and then say why', async () => {
    const ended: string[] = [];
    const failing = (): Promise<void> => Promise.reject(new Error('not let in'));
    const { signal } = new AbortController();
    const error: unknown = await runTogether(
      [lasting(ended, 'a'), failing, lasting(ended, 'b')],
      signal,
    ).catch((cause: unknown) => cause);
    expect((error as Error).message).to.equal('not let in');
    expect(ended).to.deep.equal(['a', 'b']);
  });
});
