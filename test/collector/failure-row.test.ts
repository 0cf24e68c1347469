// Goal: threads that end are followed by others more and more slowly, until there were too many in a row, and a log says why
// without being flooded.
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { FailureRow } from '../../lib/collector/failure-row.js';
import { captureWarnings } from '../faults/warnings.js';

const RESTART = { delayMinMillis: 10, delayMaxMillis: 50, failuresMax: 5 };

describe('FailureRow', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  it('should let the next one wait twice as long, and end after too many', () => {
    const row = new FailureRow(RESTART);
    const delays = Array.from({ length: 6 }, () => row.add({ cause: 'a', livedFor: 49, lost: 0 }));
    expect(delays).to.deep.equal([10, 20, 40, 50, 50, undefined]);
    expect(said).to.deep.equal([
      'otel-argo-metrics: the collector thread ended, and is started again: a',
      'otel-argo-metrics: the collector thread ended, and is not started again: a',
    ]);
  });

  it('should begin anew with a thread that has lived for a while', () => {
    const row = new FailureRow(RESTART);
    const delays = [0, 0, 50, 0].map(livedFor => row.add({ cause: 'a', livedFor, lost: 0 }));
    expect(delays).to.deep.equal([10, 20, 10, 20]);
    expect(said).to.have.length(2);
  });

  it('should say each cause once, some of them only, and always what is lost', () => {
    const row = new FailureRow({ ...RESTART, failuresMax: Infinity });
    for (let cause = 0; cause < 20; cause++) row.add({ cause: cause % 10, livedFor: 0, lost: 0 });
    expect(said.map(text => text.at(-1))).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7']);
    row.add({ cause: 0, livedFor: 0, lost: 3 });
    expect(said.at(-1)).to.match(/again: 0; batches .* given up: 3$/);
  });

  it('should have no next one where none is wanted', () => {
    const row = new FailureRow(undefined);
    expect(row.add({ cause: new Error('broken'), livedFor: 1e9, lost: 0 })).to.equal(undefined);
    expect(said).to.deep.equal([
      'otel-argo-metrics: the collector thread ended, and is not started again: Error: broken',
    ]);
  });
});
