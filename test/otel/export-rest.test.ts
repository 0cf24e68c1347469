// What is left of a collection after its export, and what the last flushes of a loop make of it.
import { diag } from '@opentelemetry/api';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import type { ExportLoopOptions } from '../../lib/otel/export-loop.js';
import { hrTime } from '../../lib/otel/metric-data.js';
import { emptyResource } from '../../lib/producers/resource.js';
import { BATCHES_MAX } from '../../lib/otel/unsent-deltas.js';
import { captureWarnings } from '../faults/warnings.js';
import { fail, Rig, scopes, succeed } from './export-rig.js';

/** So that no busy machine is the reason for an end. */
const PATIENCE_MILLIS = 60_000;

describe('the rest that an ExportLoop has', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  /** Collections of the store alone, with as many deltas as are given. */
  const ownAlone = (own: readonly ScopeMetrics[], acknowledge: () => void = () => undefined) => ({
    timeoutMillis: PATIENCE_MILLIS,
    collect: () =>
      Promise.resolve({
        resource: emptyResource(),
        foreign: [],
        own: [...own],
        errors: [],
        interval: { startTime: hrTime(0), endTime: hrTime(1) },
        acknowledge,
        handOver: () => undefined,
        takeBack: () => undefined,
      }),
  });

  it('says so also when all that failed was one metric of the store, and not when nothing was to come again', async () => {
    for (const [delivery, lost] of [
      ['at-least-once', 1],
      ['at-most-once', 0],
    ] as const) {
      said.length = 0;
      const rig = new Rig((_attempt, done) => fail(done), { delivery, ...ownAlone(scopes('own', 1)) });
      await rig.loop.finish();
      rig.loop.close();
      expect(said.filter(text => text.includes('given up'))).to.have.length(lost);
      expect(rig.sent).to.have.length(1);
    }
  });

  it('finish() asks an exporter that took something before once more, and leaves it then', async () => {
    const rig = new Rig(
      (attempt, done) => (attempt === 1 ? succeed : fail)(done),
      ownAlone(scopes('own', 1)),
    );
    await rig.flush();
    await rig.loop.finish();
    expect(rig.sent).to.have.length(3);
  });

  describe('finish() of an exporter that takes something of each', () => {
    const TWO = ownAlone([...scopes('a', 1), ...scopes('b', 1)]);
    /** The deltas `b` are refused so often. */
    const refusing = (times: number, options: Partial<ExportLoopOptions> = {}): Rig => {
      const rig: Rig = new Rig(
        (_attempt, done) => {
          const isRefused = rig.sent.at(-1)?.startsWith('b') === true && times-- > 0;
          (isRefused ? fail : succeed)(done);
        },
        { ...TWO, maxExportBatchSize: 1, ...options },
      );
      return rig;
    };

    it('goes on until it has all', async () => {
      const rig = refusing(5);
      await rig.loop.finish();
      rig.loop.close();
      expect(rig.sent).to.have.length(2 * 6);
      expect(rig.sent.at(-1)).to.equal('b 6');
      expect(said.filter(text => text.includes('given up'))).to.deep.equal([]);
    });

    it('has a bound', async () => {
      const rig = refusing(Infinity);
      await rig.loop.finish();
      rig.loop.close();
      expect(rig.sent).to.have.length(2 * (1 + 2 * BATCHES_MAX));
      expect(said.filter(text => text.includes('given up'))).to.have.length(1);
    });

    it('takes no longer than an export may', async () => {
      const rig: Rig = new Rig(
        (_attempt, done) => {
          const answer = rig.sent.at(-1)?.startsWith('b') === true ? fail : succeed;
          setTimeout(() => answer(done), 20);
        },
        { ...TWO, maxExportBatchSize: 1, timeoutMillis: 50 },
      );
      await rig.loop.finish();
      expect(rig.sent.length).to.be.below(BATCHES_MAX);
    });
  });

  it('owes nothing of what a collection shows of the one before', async () => {
    let collections = 0;
    const rig = new Rig((attempt, done) => (attempt === 2 ? fail : succeed)(done), {
      maxExportBatchSize: 1,
      timeoutMillis: PATIENCE_MILLIS,
      collect: () =>
        Promise.resolve({
          resource: emptyResource(),
          foreign: [],
          own: collections++ === 0 ? [...scopes('a', 1), ...scopes('b', 1)] : [],
          errors: [],
          interval: collections === 1 ? undefined : { startTime: hrTime(0), endTime: hrTime(1) },
          acknowledge: () => undefined,
          handOver: () => undefined,
          takeBack: () => undefined,
        }),
    });
    await rig.flush(2);
    expect(rig.sent).to.deep.equal(['a 1', 'b 1']);
  });

  it('acknowledges a collection that has nothing, so that the next deltas begin where it ended', async () => {
    let acknowledged = 0;
    const rig = new Rig(
      (_attempt, done) => succeed(done),
      ownAlone([], () => acknowledged++),
    );
    await rig.flush(2);
    expect([acknowledged, rig.sent]).to.deep.equal([2, []]);
  });
});
