// Goal: whoever asked is answered once, by the thread, by its end or by the clock.
import { expect } from 'chai';
import { ThreadCalls } from '../../lib/collector/thread-calls.js';

const LONG = 60_000;
const outcome = (call: Promise<void>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.message,
  );

describe('ThreadCalls', () => {
  it('should give each one the answer that has its number', async () => {
    const calls = new ThreadCalls();
    const ids: number[] = [];
    const outcomes = [1, 2, 3].map(() => outcome(calls.make('it', LONG, id => ids.push(id))));
    calls.answer({ type: 'done', id: ids[1]!, error: { text: 'full', code: undefined } });
    calls.answer({ type: 'done', id: ids[0]!, error: undefined });
    calls.answer({ type: 'done', id: ids[2]!, error: { text: 'late', code: 'EXPORT_TIMEOUT' } });
    calls.answer({ type: 'done', id: 99, error: undefined });
    expect(await Promise.all(outcomes)).to.deep.equal([
      'done',
      'full [EXPORT_FAILED]',
      'late [EXPORT_TIMEOUT]',
    ]);
  });

  it('should reject those that wait when the thread ends, and nobody later', async () => {
    const calls = new ThreadCalls();
    const cause = new Error('out of memory');
    const error = calls.make('it', LONG, () => {}).catch((reason: unknown) => reason);
    calls.end(cause);
    expect(await error).to.include({ code: 'COLLECTOR_FAILED', cause });
    const next = outcome(calls.make('it', LONG, id => calls.answer({ type: 'done', id, error: undefined })));
    expect(await next).to.equal('done');
  });

  it('should wait for no answer for ever, and take one that comes too late', async () => {
    const calls = new ThreadCalls();
    let asked = 0;
    const text = await outcome(calls.make('the flush', 1, id => (asked = id)));
    expect(text).to.match(/the flush.*\[EXPORT_TIMEOUT\]$/);
    calls.answer({ type: 'done', id: asked, error: undefined });
  });
});
