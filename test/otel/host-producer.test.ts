// Goal: a collection has what the other thread gives in time, else what it gave last, for as long as that may be shown; nobody
// waits for a thread that is known to be late, and nothing is asked when nobody is there. Method: the other thread is a list of questions.
import { setTimeout as pause } from 'node:timers/promises';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { HostProducer, type HostAnswer, type HostProducerOptions } from '../../lib/otel/host-producer.js';
import { plainResource } from '../../lib/producers/resource.js';

const AGE = 'otel_argo_metrics.host.age';
const scopeOf = (value: number): ScopeMetrics['scope'] => ({ name: `s${value}` });

class Rig {
  readonly questions: { id: number; timeoutMillis: number }[] = [];
  readonly said: string[] = [];
  now = 1000;
  readonly producer: HostProducer;

  constructor(options: Partial<HostProducerOptions> = {}) {
    this.producer = new HostProducer({
      ask: (id, timeoutMillis) => this.questions.push({ id, timeoutMillis }),
      isThere: true,
      resource: plainResource({ of: 'store' }),
      timeoutMillis: 5000,
      maxAgeMillis: 10_000,
      now: () => this.now,
      ...options,
    });
    const say = (message: string): void => void this.said.push(message);
    diag.setLogger(
      { error: say, warn: say, info: say, debug: say, verbose: say },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  }

  /** Answers a question with metrics whose scope tells them apart. */
  answer(value: number, more: Partial<HostAnswer> = {}): void {
    const id = more.id ?? this.questions.at(-1)?.id ?? 0;
    this.producer.take(id, { index: 0, scope: scopeOf(value), metrics: [] });
    this.producer.end({ id, hasMetrics: true, resource: undefined, errors: [], tookMillis: 0, ...more });
  }

  /** Names of scopes, ages in seconds, messages of errors. */
  async collect(
    timeoutMillis?: number,
  ): Promise<{ shown: string[]; age: number | undefined; errors: string[] }> {
    const { resourceMetrics, errors } = await this.producer.collect(
      timeoutMillis === undefined ? undefined : { timeoutMillis },
    );
    const { scopeMetrics } = resourceMetrics;
    const all = scopeMetrics.flatMap(({ metrics }) => metrics);
    return {
      shown: scopeMetrics.map(({ scope }) => scope.name).filter(name => /^s\d/.test(name)),
      age: all.find(({ descriptor }) => descriptor.name === AGE)?.dataPoints[0]?.value as number | undefined,
      errors: errors.map(String),
    };
  }

  async untilAsked(times: number): Promise<void> {
    for (let tries = 0; this.questions.length < times && tries < 10_000; tries++) await pause(1);
  }

  async collectAnswered(value: number, more?: Partial<HostAnswer>): ReturnType<Rig['collect']> {
    const collecting = this.collect();
    await this.untilAsked(this.questions.length + 1);
    this.answer(value, more);
    return collecting;
  }
}

describe('HostProducer', () => {
  afterEach(() => diag.disable());

  it('should ask at each collection, and show what is answered, its resource and errors, and its age', async () => {
    const rig = new Rig();
    expect((await rig.collectAnswered(1, { tookMillis: 250 })).age).to.equal(0.25);
    const error = new Error('callback');
    expect(await rig.collectAnswered(2, { errors: [error], resource: { of: 'provider' } })).to.deep.equal({
      shown: ['s2'],
      age: 0,
      errors: ['Error: callback'],
    });
    expect(rig.questions.map(({ id }) => id)).to.deep.equal([1, 2]);
    // It is the same object from then on.
    const resourceOf = async (value: number): Promise<object> => {
      const collecting = rig.producer.collect();
      await rig.untilAsked(value);
      rig.answer(value, { resource: { of: 'provider' } });
      return (await collecting).resourceMetrics.resource;
    };
    const resource = await resourceOf(3);
    expect(resource).to.deep.include({ attributes: { of: 'provider' } });
    expect(await resourceOf(4)).to.equal(resource);
  });

  it('should ask nobody and show nothing where there is no provider, before and after it was there', async () => {
    const rig = new Rig({ isThere: false });
    const nothing = { shown: [], age: undefined, errors: [] };
    expect(await rig.collect()).to.deep.equal(nothing);
    rig.producer.tell(true);
    await rig.collectAnswered(1);
    const waiting = rig.collect();
    await rig.untilAsked(2);
    rig.producer.tell(false);
    expect(await waiting).to.deep.equal(nothing);
    rig.answer(2);
    expect(await rig.collect()).to.deep.equal(nothing);
    expect(rig.questions).to.have.length(2);
    // Nothing of the one before is there for another.
    rig.producer.tell(true);
    expect((await rig.collect(10)).shown).to.deep.equal([]);
  });

  it('should tell the other thread less than there is, at most the bound of callbacks', async () => {
    const rig = new Rig({ timeoutMillis: 100 });
    await rig.collectAnswered(1);
    const collecting = rig.collect(50);
    await rig.untilAsked(2);
    rig.answer(2);
    await collecting;
    expect(rig.questions[0]?.timeoutMillis).to.be.within(1, 90);
    expect(rig.questions[1]?.timeoutMillis).to.be.within(1, 45);
  });

  it('should show the last answer while there is none in time, with its age, and say it once until there is one', async () => {
    const rig = new Rig();
    await rig.collectAnswered(1);
    for (const passed of [3, 9]) {
      rig.now = 1000 + passed * 1000;
      expect(await rig.collect(10)).to.deep.equal({ shown: ['s1'], age: passed, errors: [] });
    }
    expect(rig.said).to.have.length(1);
    // Late, and as good.
    rig.answer(2, { id: rig.questions[1]?.id ?? 0 });
    expect((await rig.collectAnswered(3)).shown).to.deep.equal(['s3']);
    rig.now += 5;
    expect((await rig.collect(10)).shown).to.deep.equal(['s3']);
    expect(rig.said).to.have.length(2);
  });

  it('should take an answer that nobody waits for any more, or that nobody asked for', async () => {
    const rig = new Rig();
    const late = await rig.collect(10);
    expect(late).to.deep.include({ shown: [], age: undefined });
    expect(late.errors.join()).to.include('PRODUCER_TIMEOUT');
    rig.answer(1);
    rig.now += 1000;
    expect(await rig.collect(10)).to.deep.equal({ shown: ['s1'], age: 1, errors: [] });
    rig.answer(2, { id: 0 });
    expect((await rig.collect(10)).shown).to.deep.equal(['s2']);
  });

  it('should not show what is too old, and go on to say how old it is', async () => {
    const rig = new Rig({ maxAgeMillis: 2000 });
    await rig.collectAnswered(1);
    rig.now += 2000;
    expect((await rig.collect(10)).shown).to.deep.equal(['s1']);
    rig.now++;
    const { errors, ...rest } = await rig.collect(10);
    expect(rest).to.deep.equal({ shown: [], age: 2.001 });
    expect(errors.join()).to.include('PRODUCER_TIMEOUT');
  });

  it('should show nothing but what was given to the same collection where nothing may be older', async () => {
    const rig = new Rig({ maxAgeMillis: 0 });
    expect((await rig.collectAnswered(1, { tookMillis: 500 })).shown).to.deep.equal(['s1']);
    rig.now++;
    expect(await rig.collect(10)).to.deep.include({ shown: [], age: 0.501 });
  });

  it('should keep the last answer when the provider fails, and show why', async () => {
    const rig = new Rig();
    await rig.collectAnswered(1);
    rig.now += 1000;
    const failed = await rig.collectAnswered(2, { hasMetrics: false, errors: [new Error('hangs')] });
    expect(failed).to.deep.equal({ shown: ['s1'], age: 1, errors: ['Error: hangs'] });
  });

  it('should ask one question at a time, and not wait again for one that is late', async () => {
    const rig = new Rig();
    const answers = [rig.collect(20), rig.collect(20), rig.collect(20)];
    for (const { errors } of await Promise.all(answers)) expect(errors).to.have.length(1);
    expect(rig.questions).to.have.length(1);
    // At once, though they would wait for an hour, and whoever is more patient joins those who wait.
    await pause(25);
    expect((await rig.collect(20)).errors.join()).to.include('is still busy');
    expect(rig.questions).to.have.length(1);
    const patient = rig.collect(5000);
    await pause(5);
    rig.answer(1);
    await rig.untilAsked(2);
    rig.answer(2);
    expect((await patient).shown).to.deep.equal(['s2']);
  });

  it('should neither ask nor wait once the process ends, and show what it knows', async () => {
    // It would take an hour.
    const rig = new Rig({ timeoutMillis: 3_600_000, maxAgeMillis: 3_600_000 });
    await rig.collectAnswered(1);
    const waiting = rig.collect();
    await rig.untilAsked(2);
    const behind = rig.collect();
    rig.producer.silence();
    for (const { shown, errors } of [await waiting, await behind, await rig.collect()])
      expect([shown, errors]).to.deep.equal([['s1'], []]);
    expect(rig.questions).to.have.length(2);
    // It does not end after all.
    rig.producer.resume();
    expect((await rig.collectAnswered(3)).shown).to.deep.equal(['s3']);
  });
});
