import { expect } from 'chai';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { GatedExporter } from '../../lib/cli/gated-exporter.js';
import { plainResource } from '../../lib/producers/resource.js';
import { ScriptedExporter, type Done } from '../support/scripted-exporter.js';

const METRICS: ResourceMetrics = { resource: plainResource({}), scopeMetrics: [] };

describe('GatedExporter', () => {
  const answers: (string | undefined)[] = [];
  beforeEach(() => (answers.length = 0));
  const gated = (
    exporter: PushMetricExporter,
    mayBeShown?: () => Promise<boolean>,
  ): ((metrics?: ResourceMetrics) => Promise<string>) => {
    const onAnswer = (error: Error | undefined): void => void answers.push(error?.message);
    const gate = new GatedExporter(exporter, { mayBeShown, onAnswer });
    return (metrics = METRICS) =>
      new Promise(resolve =>
        gate.export(metrics, ({ code, error }) => resolve(`${code} ${error?.message ?? ''}`.trim())),
      );
  };

  it('should hand over what the disk has, and all where there is no state', async () => {
    const exporter = new ScriptedExporter();
    expect(await gated(exporter, () => Promise.resolve(true))()).to.equal('0');
    expect(await gated(exporter)()).to.equal('0');
    expect(exporter.exported).to.deep.equal([METRICS, METRICS]);
    expect(answers).to.deep.equal([undefined, undefined]);
  });

  it('should hand over nothing before the disk has it, nor what it does not take', async () => {
    const exporter = new ScriptedExporter();
    let answer: (isThere: boolean) => void = () => undefined;
    const exported = gated(exporter, () => new Promise(resolve => (answer = resolve)))();
    await new Promise(resolve => setImmediate(resolve));
    expect(exporter.exported).to.deep.equal([]);
    answer(false);
    expect(await exported).to.equal('1 the disk does not have it yet');
    expect(await gated(exporter, () => Promise.reject(new Error('broken')))()).to.equal('1 broken');
    expect(exporter.exported).to.deep.equal([]);
    // The state says itself what the disk says.
    expect(answers).to.deep.equal([]);
  });

  it('should not hand over an older collection behind a newer one', async () => {
    const exporter = new ScriptedExporter();
    const opened: ((isThere: boolean) => void)[] = [];
    const send = gated(exporter, () => new Promise(resolve => opened.push(resolve)));
    const [older, newer] = [send({ ...METRICS }), send(METRICS)];
    opened[1]?.(true);
    expect(await newer).to.equal('0');
    opened[0]?.(true);
    expect(await older).to.equal('1 the disk had it too late');
    expect(exporter.exported).to.have.length(1);
    expect(exporter.exported[0]).to.equal(METRICS);
  });

  it('should hand over nothing once it is closed', async () => {
    const exporter = new ScriptedExporter();
    const gate = new GatedExporter(exporter, { mayBeShown: undefined, onAnswer: () => undefined });
    gate.close();
    const code = await new Promise(resolve => gate.export(METRICS, answer => resolve(answer.code)));
    expect(code).to.equal(1);
    expect(exporter.exported).to.deep.equal([]);
  });

  it('should tell what failed, whether it was answered or thrown', async () => {
    const refusing = new ScriptedExporter((_, done: Done) => done({ code: 1, error: new Error('refused') }));
    expect(await gated(refusing)()).to.equal('1 refused');
    const throwing = new ScriptedExporter(() => {
      throw new Error('thrown');
    });
    expect(await gated(throwing)()).to.equal('1 thrown');
    expect(answers).to.deep.equal(['refused', 'thrown']);
  });

  it('should be asked for what the exporter is asked for, and have no wish that this one has not', async () => {
    const exporter = new ScriptedExporter();
    const gate = new GatedExporter(exporter, { mayBeShown: undefined, onAnswer: () => undefined });
    expect(gate.selectAggregationTemporality?.(0 as never)).to.equal(exporter.selectAggregationTemporality());
    expect(gate.selectAggregation).to.equal(undefined);
    await gate.forceFlush();
    await gate.shutdown();
    expect([exporter.flushes, exporter.shutdowns]).to.deep.equal([1, 1]);
  });
});
