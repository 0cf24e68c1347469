import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';

const newStore = (): ReturnType<typeof createStore> => createStore({ maxBytes: 4 * 1024 * 1024 });

describe('store.forceFlush()', () => {
  it('flushes every reader that exports and is not shut down, and no other store', async () => {
    const [store, other] = [newStore(), newStore()];
    const exporters = Array.from({ length: 4 }, () => new ScriptedExporter());
    const readers = exporters.map(
      (exporter, index) => new DoubleBufferedMetricReader({ store: index === 3 ? other : store, exporter }),
    );
    new DoubleBufferedMetricReader({ store });
    for (const { getMeter } of [store, other].map(owner => ({ getMeter: owner.getMeter.bind(owner) })))
      getMeter('m').createCounter('c').add(3);
    await readers[2]?.shutdown();
    await store.forceFlush();
    expect(exporters.map(exporter => exporter.sums())).to.deep.equal([
      [{ c: 3 }],
      [{ c: 3 }],
      [{ c: 3 }],
      [],
    ]);
    await Promise.all(readers.map(reader => reader.shutdown()));
    await store.forceFlush();
  });

  it('tries all of them, and rejects when the forceFlush() of an exporter does', async () => {
    const store = newStore();
    const [broken, whole] = [new ScriptedExporter(), new ScriptedExporter()];
    broken.forceFlush = () => Promise.reject(new Error('no flush'));
    for (const exporter of [broken, whole]) new DoubleBufferedMetricReader({ store, exporter });
    store.getMeter('m').createCounter('c').add(1);
    const failure: unknown = await store.forceFlush().catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'no flush');
    expect([broken.exported.length, whole.exported.length, whole.flushes]).to.deep.equal([1, 1, 1]);
  });
});

describe('flushOnExit', () => {
  const entry = new URL('../../dist/esm/index.js', import.meta.url).href;
  const run = async (options: string, last = ''): Promise<string> => {
    const program = `import { createStore, DoubleBufferedMetricReader } from '${entry}';
      const store = createStore({ maxBytes: 4 * 1024 * 1024 });
      const exporter = { export: (metrics, done) => { console.log(metrics.scopeMetrics[0].metrics[0].dataPoints[0].value); done({ code: 0 }); } };
      const reader = new DoubleBufferedMetricReader({ store, exporter, ${options} });
      store.getMeter('m').createCounter('c').add(7);
      ${last}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    return stdout.trim();
  };

  it('exports once what a process that ends would lose', async () => {
    expect(await run('flushOnExit: true')).to.equal('7');
  });

  it('exports what was recorded, however young it is', async () => {
    expect(await run('flushOnExit: true, zeroStartMillis: 60_000')).to.equal('7');
    expect(await run('zeroStartMillis: 60_000', 'await reader.forceFlush();')).to.equal('0');
  });

  it('does nothing unless asked for, nor after shutdown()', async () => {
    expect(await run('')).to.equal('');
    expect(await run('flushOnExit: true', 'await reader.shutdown();')).to.equal('7');
  });
});
