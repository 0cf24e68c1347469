import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { ExportLoop } from '../../lib/otel/export-loop.js';
import { emptyResource } from '../../lib/otel/resource.js';
import { REFUSALS_MAX } from '../../lib/otel/unsent-deltas.js';

type Done = Parameters<PushMetricExporter['export']>[1];

/** A loop over collections that are numbered, whose foreign part is called `foreign N`. */
class Rig {
  readonly sent: string[] = [];
  readonly acknowledged: number[] = [];
  failures = 0;
  waits = 0;
  pending = false;
  readonly loop: ExportLoop;
  #collections = 0;

  constructor(answer: (name: string, done: Done) => unknown) {
    const exporter = {
      export: (metrics: ResourceMetrics, done: Done) => {
        const name = metrics.scopeMetrics[0]?.scope.name ?? '';
        this.sent.push(name);
        return answer(name, done);
      },
    } as unknown as PushMetricExporter;
    this.loop = new ExportLoop({
      exporter,
      intervalMillis: 60_000,
      timeoutMillis: 20,
      collect: async () => {
        const number = ++this.#collections;
        return {
          result: { resourceMetrics: this.#metrics(`collection ${number}`), errors: [] },
          irretrievable: this.#metrics(`foreign ${number}`),
          acknowledge: () => void this.acknowledged.push(number),
        };
      },
      onFailure: () => void this.failures++,
    });
    this.loop.stop();
  }

  async flush(): Promise<string> {
    return this.loop.flush().then(
      () => 'arrived',
      (error: unknown) => (error as { code?: string }).code ?? (error as Error).message,
    );
  }

  readonly #resource = Object.assign(emptyResource(), {
    waitForAsyncAttributes: () => {
      this.waits++;
      return new Promise<void>(() => undefined);
    },
  });

  #metrics(name: string): ResourceMetrics {
    Object.assign(this.#resource, { asyncAttributesPending: this.pending });
    return { resource: this.#resource, scopeMetrics: [{ scope: { name }, metrics: [] }] };
  }
}

describe('ExportLoop', () => {
  it('acknowledges after success only, counts a failure, and sends what is not in the store first', async () => {
    let code = 1;
    const rig = new Rig((_name, done) => done({ code }));
    expect([await rig.flush(), rig.acknowledged, rig.failures]).to.deep.equal(['EXPORT_FAILED', [], 1]);
    code = 0;
    expect([await rig.flush(), rig.acknowledged, rig.failures]).to.deep.equal(['arrived', [2], 1]);
    expect(await rig.flush()).to.equal('arrived');
    expect(rig.sent).to.deep.equal(['collection 1', 'foreign 1', 'collection 2', 'collection 3']);
  });

  it('a batch that is always refused holds up nothing, and is given up', async () => {
    const rig = new Rig((name, done) => done({ code: ['collection 1', 'foreign 1'].includes(name) ? 1 : 0 }));
    await rig.flush();
    for (let refusal = 0; refusal < REFUSALS_MAX; refusal++)
      expect(await rig.flush()).to.equal('EXPORT_FAILED');
    expect(rig.acknowledged).to.deep.equal([2, 3, 4, 5, 6]);
    expect(await rig.flush()).to.equal('arrived');
    expect(rig.sent.filter(name => name === 'foreign 1')).to.have.length(REFUSALS_MAX);
  });

  it('of an exporter that is down, one run waits for two exports', async () => {
    const rig = new Rig(() => undefined);
    for (let run = 0; run < 4; run++) expect(await rig.flush()).to.equal('EXPORT_TIMEOUT');
    expect(rig.sent.slice(-2)).to.deep.equal(['foreign 1', 'collection 4']);
    expect(rig.sent).to.have.length(1 + 2 + 2 + 2);
  });

  it('takes a late answer for what it is: nothing is sent again', async () => {
    const late: Done[] = [];
    const rig = new Rig((name, done) => (name === 'collection 1' ? late.push(done) : done({ code: 0 })));
    expect(await rig.flush()).to.equal('EXPORT_TIMEOUT');
    late[0]?.({ code: 0 });
    late[0]?.({ code: 1 });
    await new Promise(setImmediate);
    expect(rig.acknowledged).to.deep.equal([1]);
    await rig.flush();
    expect(rig.sent).to.deep.equal(['collection 1', 'collection 2']);
  });

  it('the first of several answers counts', async () => {
    const rig = new Rig((_name, done) => {
      done({ code: 0 });
      done({ code: 1 });
      done({ code: 0 });
    });
    expect([await rig.flush(), rig.acknowledged, rig.failures]).to.deep.equal(['arrived', [1], 0]);
  });

  const nothing: unknown = undefined;
  const thrower = (reason: unknown) => (): never => {
    throw reason;
  };
  const faults: [string, (name: string, done: Done) => unknown, string][] = [
    ['throws', thrower(new Error('broken')), 'broken'],
    ['throws undefined', thrower(nothing), 'EXPORT_FAILED'],
    ['returns a promise that rejects', () => Promise.reject(new Error('async')), 'async'],
    ['fails without an error', (_name, done) => done({ code: 1 }), 'EXPORT_FAILED'],
    ['fails with its own error', (_name, done) => done({ code: 1, error: new Error('503') }), '503'],
    ['answers nothing', (_name, done) => (done as (result?: unknown) => void)(), 'EXPORT_FAILED'],
    ['answers null', (_name, done) => (done as (result: unknown) => void)(null), 'EXPORT_FAILED'],
    ['answers a code of its own', (_name, done) => done({ code: '0' as unknown as number }), 'EXPORT_FAILED'],
    ['never answers', () => undefined, 'EXPORT_TIMEOUT'],
  ];
  for (const [name, answer, expected] of faults)
    it(`survives an exporter that ${name}`, async () => {
      const rig = new Rig(answer);
      expect([await rig.flush(), rig.acknowledged, rig.failures]).to.deep.equal([expected, [], 1]);
      expect(rig.loop.running).to.equal(undefined);
    });

  it('exports never overlap, and a flush contains what was there when it was asked for', async () => {
    let [running, most] = [0, 0];
    const rig = new Rig((_name, done) => {
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
    const rig = new Rig((_name, done) => done({ code: 0 }));
    rig.pending = true;
    expect([await rig.flush(), await rig.flush()]).to.deep.equal(['arrived', 'arrived']);
    expect(rig.waits).to.equal(1);
  });

  it('exports deltas that somebody else collected', async () => {
    const rig = new Rig((_name, done) => done({ code: 0 }));
    rig.loop.keep({
      resource: emptyResource(),
      scopeMetrics: [{ scope: { name: 'collected elsewhere' }, metrics: [] }],
    });
    await rig.flush();
    expect(rig.sent).to.deep.equal(['collected elsewhere', 'collection 1']);
  });
});
