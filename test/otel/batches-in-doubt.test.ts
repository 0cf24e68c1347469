import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { BatchesInDoubt, IN_DOUBT_MAX } from '../../lib/otel/batches-in-doubt.js';
import type { Batch } from '../../lib/otel/batch-splitter.js';
import { hrTime } from '../../lib/otel/metric-data.js';

const SUM = 3;
const GAUGE = 2;

function scopes(name: string, dataPointType: number, aggregationTemporality = 0): ScopeMetrics[] {
  const point = { attributes: {}, value: 1, startTime: hrTime(0), endTime: hrTime(1) };
  const metric = { descriptor: { name }, dataPointType, aggregationTemporality, dataPoints: [point] };
  return [{ scope: { name: 's' }, metrics: [metric as never] }];
}

const namesOf = ({ foreign, own }: Batch): string[] =>
  [...foreign, ...own].flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) => dataPoints.map(() => descriptor.name)),
  );

/** An answer that the test gives. */
function answer(): { promise: Promise<void>; arrive: () => void; fail: () => void } {
  let [arrive, fail]: (() => void)[] = [];
  const promise = new Promise<void>((resolve, reject) => {
    arrive = resolve;
    fail = () => reject(new Error('down'));
  });
  return { promise, arrive: () => arrive?.(), fail: () => fail?.() };
}

describe('BatchesInDoubt', () => {
  let [failed, givenUp]: [Batch[], string[]] = [[], []];
  let inDoubt: BatchesInDoubt;
  beforeEach(() => {
    [failed, givenUp] = [[], []];
    inDoubt = new BatchesInDoubt({
      onLateFailure: batch => failed.push(batch),
      onGiveUp: reason => givenUp.push(reason),
    });
  });

  it('forgets what arrives, gives back what fails, and only the deltas of it', async () => {
    const [good, bad] = [answer(), answer()];
    inDoubt.add({ foreign: [], own: scopes('good', SUM) }, good.promise);
    inDoubt.add(
      { foreign: scopes('host', SUM), own: [...scopes('bad', SUM), ...scopes('total', SUM, 1)] },
      bad.promise,
    );
    inDoubt.add({ foreign: [], own: scopes('total', SUM, 1) }, answer().promise);
    expect(inDoubt.size).to.equal(2);
    good.arrive();
    bad.fail();
    await inDoubt.answered();
    expect(failed.map(namesOf)).to.deep.equal([['host', 'bad']]);
    inDoubt.giveUpAll('over');
    expect([inDoubt.size, givenUp]).to.deep.equal([0, []]);
  });

  it('gives up the oldest of too many, whose answer is then no news', async () => {
    const answers = Array.from({ length: IN_DOUBT_MAX + 1 }, answer);
    for (const [index, { promise }] of answers.entries())
      inDoubt.add({ foreign: [], own: scopes(`${index}`, SUM) }, promise);
    expect([inDoubt.size, givenUp.length]).to.deep.equal([IN_DOUBT_MAX, 1]);
    for (const { fail } of answers) fail();
    await inDoubt.answered();
    await new Promise(setImmediate);
    expect(failed.map(namesOf).flat()).to.deep.equal(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('gives up all at once', () => {
    for (let index = 0; index < 3; index++)
      inDoubt.add({ foreign: [], own: scopes('c', SUM) }, answer().promise);
    inDoubt.giveUpAll('over');
    expect([inDoubt.size, givenUp]).to.deep.equal([0, ['over', 'over', 'over']]);
  });

  it('a gauge that a newer batch has is not given back', async () => {
    const late = answer();
    inDoubt.add(
      { foreign: scopes('host', GAUGE), own: [...scopes('g', GAUGE), ...scopes('c', SUM)] },
      late.promise,
    );
    inDoubt.supersede({ foreign: scopes('host', GAUGE), own: scopes('other', GAUGE) });
    inDoubt.supersede({ foreign: [], own: [...scopes('g', GAUGE), ...scopes('c', SUM)] });
    late.fail();
    await inDoubt.answered();
    expect(failed.map(namesOf)).to.deep.equal([['c']]);
  });
});
