import { diag } from '@opentelemetry/api';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { hrTime } from '../../lib/otel/metric-data.js';
import { emptyResource } from '../../lib/producers/resource.js';
import { REFUSALS_MAX } from '../../lib/otel/unsent-deltas.js';
import { captureWarnings } from '../faults/warnings.js';
import { fail, Rig, scopes, succeed, type Done } from './export-rig.js';

describe('ExportLoop', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  it('leaves what failed in the store, counts it, and sends what is not in the store first', async () => {
    const rig = new Rig((attempt, done) => (attempt === 1 ? fail : succeed)(done));
    await rig.flush();
    expect([rig.acknowledged, rig.failures]).to.deep.equal([[], 1]);
    await rig.flush(2);
    expect([rig.acknowledged, rig.failures]).to.deep.equal([[2, 3], 1]);
    expect(rig.sent).to.deep.equal([
      'foreign 1, own 10',
      'foreign 1',
      'foreign 2, own 20',
      'foreign 3, own 30',
    ]);
  });

  it('a batch that is always refused holds up nothing, and is given up', async () => {
    const refused: Rig = new Rig((_attempt, done) =>
      (['foreign 1, own 10', 'foreign 1'].includes(refused.sent.at(-1) ?? '') ? fail : succeed)(done),
    );
    await refused.flush(1 + REFUSALS_MAX);
    expect(refused.acknowledged).to.deep.equal([2, 3, 4, 5, 6]);
    await refused.flush();
    expect(refused.sent.filter(sent => sent === 'foreign 1')).to.have.length(REFUSALS_MAX);
    expect(said.filter(text => text.includes('given up'))).to.have.length(1);
  });

  it('of an exporter that is down, one run waits for two exports', async () => {
    const rig = new Rig((_attempt, done) => fail(done));
    await rig.flush(4);
    expect(rig.sent.slice(-2)).to.deep.equal(['foreign 1', 'foreign 4, own 40']);
    expect(rig.sent).to.have.length(1 + 2 + 2 + 2);
  });

  it('late-answer: what is in doubt is not sent again, neither before its answer nor after a late success', async () => {
    const late: Done[] = [];
    const rig = new Rig((attempt, done) => (attempt === 1 ? late.push(done) : succeed(done)));
    await rig.flush(2);
    expect(rig.acknowledged).to.deep.equal([1, 2]);
    late[0]?.({ code: 0 });
    late[0]?.({ code: 1 });
    await rig.flush();
    expect(rig.sent).to.deep.equal(['foreign 1, own 10', 'foreign 2, own 20', 'foreign 3, own 30']);
    rig.loop.close();
    expect([rig.failures, rig.doubtsGivenUp]).to.deep.equal([1, 0]);
  });

  it('what fails late goes with the next collection', async () => {
    const late: Done[] = [];
    const rig = new Rig((attempt, done) => (attempt === 1 ? late.push(done) : succeed(done)));
    await rig.flush(2);
    late[0]?.({ code: 1 });
    await rig.flush(2);
    expect(rig.sent.slice(2)).to.deep.equal(['foreign 1', 'foreign 3, own 40', 'foreign 4, own 40']);
    expect(rig.acknowledged).to.deep.equal([1, 2, 3, 4]);
  });

  it('a gauge whose old value fails late, after a newer one went out, does not go back in time', async () => {
    const late: Done[] = [];
    const value = (number: number): ScopeMetrics[] =>
      scopes('clock', number).map(({ scope, metrics }) => ({
        scope,
        metrics: metrics.map(metric => ({ ...metric, dataPointType: 2 }) as never),
      }));
    let collections = 0;
    const rig = new Rig((attempt, done) => (attempt === 1 ? late.push(done) : succeed(done)), {
      collect: () => {
        const number = ++collections;
        return Promise.resolve({
          resource: emptyResource(),
          foreign: [],
          // The third one has nothing new.
          own: number === 3 ? scopes('other', 3) : [...value(number), ...scopes('own', number)],
          errors: [],
          interval: { startTime: hrTime(number - 1), endTime: hrTime(number) },
          acknowledge: () => undefined,
          handOver: () => undefined,
          takeBack: () => undefined,
        });
      },
    });
    await rig.flush(2);
    late[0]?.({ code: 1 });
    await rig.flush();
    expect(rig.sent).to.deep.equal(['clock 1, own 1', 'clock 2, own 2', 'other 3, own 1']);
  });

  it('owes on when the next one fails too, and when nothing of the store can be had', async () => {
    const late: Done[] = [];
    const rig = new Rig((attempt, done) =>
      attempt === 1 ? late.push(done) : (attempt <= 4 ? fail : succeed)(done),
    );
    await rig.flush();
    late[0]?.({ code: 1 });
    await rig.flush(); // Its unsent part and the collection fail.
    rig.isStale = true;
    await rig.flush();
    rig.isStale = false;
    await rig.flush();
    expect(rig.sent).to.deep.equal([
      'foreign 1, own 10',
      'foreign 1',
      'foreign 2, own 30',
      'foreign 1',
      'foreign 3',
      'own 50', // Some arrived and some did not: the other one goes first.
      'foreign 1',
      'foreign 2',
      'foreign 4',
    ]);
  });

  it('the ninth in doubt gives the first up, and shutting down the others: counted, and said once', async () => {
    const rig = new Rig(() => undefined);
    await rig.flush(8);
    expect(rig.doubtsGivenUp).to.equal(0);
    await rig.flush(2);
    expect([rig.doubtsGivenUp, rig.sent.length]).to.deep.equal([2, 10]);
    rig.loop.close();
    expect([rig.doubtsGivenUp, rig.failures]).to.deep.equal([10, 10]);
    expect(said).to.have.length(2);
  });

  it('finish() waits for answers as long as an export, and sends once more what failed late', async () => {
    let late: Done | undefined;
    const rig = new Rig((attempt, done) => (attempt === 1 ? void (late = done) : succeed(done)), {
      timeoutMillis: 100,
    });
    await rig.flush();
    setTimeout(() => late?.({ code: 1 }), 10);
    await rig.loop.finish();
    rig.loop.close();
    expect(rig.sent.join('; ')).to.equal(
      'foreign 1, own 10; foreign 2, own 20; foreign 1; foreign 3, own 40',
    );
    expect([rig.doubtsGivenUp, said.length]).to.deep.equal([0, 1]);
  });

  it('says how exports go once per change', async () => {
    let isDown = true;
    const rig = new Rig((_attempt, done) => (isDown ? fail : succeed)(done));
    for (const [down, times, lines] of [
      [true, 10, 1],
      [false, 10, 1],
      [true, 10, 2],
    ] as const) {
      isDown = down;
      await rig.flush(times);
      expect(said.filter(text => text.includes('an export failed'))).to.have.length(lines);
    }
  });

  it('says so when what failed has no next export', async () => {
    const rig = new Rig((_attempt, done) => fail(done));
    await rig.loop.finish();
    rig.loop.close();
    expect(said).to.have.length(2);
    expect(said[1]).to.match(/given up/);
    expect(rig.sent).to.have.length(1);
  });

  it('does not call lost what the next reader of the process would show anyway', async () => {
    const rig = new Rig((_attempt, done) => fail(done), {
      collect: () =>
        Promise.resolve({
          resource: emptyResource(),
          foreign: [],
          own: scopes('total', 1).map(({ scope, metrics }) => ({
            scope,
            metrics: metrics.map(metric => ({ ...metric, aggregationTemporality: 1 })),
          })),
          errors: [],
          interval: { startTime: hrTime(0), endTime: hrTime(1) },
          acknowledge: () => undefined,
          handOver: () => undefined,
          takeBack: () => undefined,
        }),
    });
    await rig.loop.finish();
    rig.loop.close();
    expect(rig.failures).to.equal(1);
    expect(said.filter(text => text.includes('given up'))).to.deep.equal([]);
  });

  describe('in pieces', () => {
    const PIECES = { maxExportBatchSize: 1 };

    it('all of them arrive, in order', async () => {
      const rig = new Rig((_attempt, done) => succeed(done), PIECES);
      await rig.flush();
      expect([rig.sent, rig.acknowledged]).to.deep.equal([['foreign 1', 'own 10'], [1]]);
    });

    it('all fail: the store keeps its deltas', async () => {
      const rig = new Rig((attempt, done) => (attempt <= 2 ? fail : succeed)(done), PIECES);
      await rig.flush(2);
      expect(rig.sent).to.deep.equal(['foreign 1', 'own 10', 'foreign 1', 'foreign 2', 'own 20']);
      expect(rig.acknowledged).to.deep.equal([2]);
    });

    it('one fails: the others are tried, and it goes with the next collection', async () => {
      const rig = new Rig((attempt, done) => (attempt === 2 ? fail : succeed)(done), PIECES);
      await rig.flush(2);
      expect(rig.sent).to.deep.equal(['foreign 1', 'own 10', 'foreign 2', 'own 30']);
      expect(rig.acknowledged).to.deep.equal([1, 2]);
    });

    it('one is late: the rest is not sent, and goes with the next collection', async () => {
      const rig = new Rig((attempt, done) => (attempt === 1 ? undefined : succeed(done)), PIECES);
      await rig.flush(2);
      expect(rig.sent).to.deep.equal(['foreign 1', 'foreign 2', 'own 30']);
      expect([rig.acknowledged, rig.failures]).to.deep.equal([[1, 2], 1]);
    });
  });

  describe('at most once', () => {
    it('hands nothing over twice, but what was never handed over', async () => {
      const rig = new Rig(
        (attempt, done) => (attempt === 1 ? undefined : (attempt === 2 ? fail : succeed)(done)),
        {
          delivery: 'at-most-once',
          maxExportBatchSize: 1,
        },
      );
      await rig.flush(3);
      expect(rig.sent).to.deep.equal(['foreign 1', 'foreign 2', 'own 30', 'foreign 3', 'own 30']);
      expect([rig.acknowledged, rig.doubtsGivenUp]).to.deep.equal([[1, 2, 3], 0]);
    });
  });

  it('the first of several answers counts', async () => {
    const rig = new Rig((_attempt, done) => {
      done({ code: 0 });
      done({ code: 1 });
      done({ code: 0 });
    });
    await rig.flush();
    expect([rig.acknowledged, rig.failures]).to.deep.equal([[1], 0]);
  });

  const nothing: unknown = undefined;
  const thrower = (reason: unknown) => (): never => {
    throw reason;
  };
  const faults: [string, (attempt: number, done: Done) => unknown, string, number[]][] = [
    ['throws', thrower(new Error('broken')), 'broken', []],
    ['throws undefined', thrower(nothing), 'EXPORT_FAILED', []],
    ['returns a promise that rejects', () => Promise.reject(new Error('async')), 'async', []],
    ['fails without an error', (_, done) => done({ code: 1 }), 'EXPORT_FAILED', []],
    ['fails with its own error', (_, done) => done({ code: 1, error: new Error('503') }), '503', []],
    ['answers nothing', (_, done) => (done as (result?: unknown) => void)(), 'EXPORT_FAILED', []],
    ['answers null', (_, done) => (done as (result: unknown) => void)(null), 'EXPORT_FAILED', []],
    ['answers a code of its own', (_, done) => done({ code: '0' as unknown as number }), 'EXPORT_FAILED', []],
    ['never answers', () => undefined, 'EXPORT_TIMEOUT', [1]],
  ];
  for (const [name, answer, reason, acknowledged] of faults)
    it(`survives an exporter that ${name}`, async () => {
      const rig = new Rig(answer);
      await rig.flush();
      expect([rig.acknowledged, rig.failures]).to.deep.equal([acknowledged, 1]);
      expect(said.join()).to.include(reason);
      expect(rig.loop.running).to.equal(undefined);
    });

  it('survives a collection that fails', async () => {
    const rig = new Rig((_attempt, done) => succeed(done), {
      collect: () => Promise.reject(new Error('no collection')),
    });
    await rig.flush();
    expect(said.join()).to.include('no collection');
  });

  it('exports never overlap, and a flush contains what was there when it was asked for', async () => {
    let [running, most] = [0, 0];
    const rig = new Rig((_attempt, done) => {
      most = Math.max(most, ++running);
      setImmediate(() => {
        running--;
        done({ code: 0 });
      });
    });
    await Promise.all([rig.flush(), rig.flush(), rig.flush()]);
    expect([most, rig.sent.length]).to.deep.equal([1, 3]);
  });

  it('waits once for a resource that never becomes complete', async () => {
    const rig = new Rig((_attempt, done) => succeed(done));
    rig.pending = true;
    await rig.flush(2);
    expect([rig.waits, rig.sent.length]).to.deep.equal([1, 2]);
  });

  it('exports deltas that somebody else collected', async () => {
    const rig = new Rig((_attempt, done) => succeed(done));
    rig.loop.keep({
      resource: emptyResource(),
      foreign: scopes('collected elsewhere', 1),
      own: [],
      errors: [],
      interval: undefined,
      acknowledge: () => undefined,
      handOver: () => undefined,
      takeBack: () => undefined,
    });
    await rig.flush();
    expect(rig.sent).to.deep.equal(['collected elsewhere 1', 'foreign 1, own 10']);
  });
});
