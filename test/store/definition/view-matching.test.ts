import { diag, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { DEFAULT_BOUNDARIES } from '../../../lib/store/definition/boundaries.js';
import { matchesPattern, resolveStreams } from '../../../lib/store/definition/view-matching.js';
import type { AggregatingView, InstrumentDescription } from '../../../lib/store/definition/view-matching.js';
import type { View, ViewSelector } from '../../../lib/store/definition/view.js';

const counter: InstrumentDescription = {
  scope: { name: 'shop', version: '1.2.0' },
  name: 'http.Requests',
  description: 'Requests served.',
  unit: '1',
  kind: 'COUNTER',
  valueType: 1,
};
const histogram: InstrumentDescription = { ...counter, name: 'latency', kind: 'HISTOGRAM' };
const defaults = { cardinalityLimit: 2000 };

describe('resolveStreams', () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    const ignore = (): void => undefined;
    const warn = (message: string): unknown => warnings.push(message);
    diag.setLogger(
      { error: ignore, warn, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  });
  afterEach(() => diag.disable());

  it('makes one default stream when no View matches', () => {
    const [stream, ...others] = resolveStreams(
      counter,
      [{ selector: { instrumentName: 'other' } }],
      defaults,
    );
    expect(others).to.deep.equal([]);
    expect(stream).to.deep.equal({
      definition: { ...counter, boundaries: [], limit: 2000, verbatim: false },
      viewIndex: -1,
    });
  });

  const matching: ViewSelector[] = [
    { instrumentName: 'HTTP.requests' },
    { instrumentName: '*' },
    { instrumentName: 'http.*' },
    { instrumentName: '*quests' },
    { instrumentName: 'h??p.*e*s' },
    { instrumentType: 'COUNTER', instrumentUnit: '1', meterName: 'shop', meterVersion: '1.2.0' },
  ];
  for (const selector of matching)
    it(`matches ${JSON.stringify(selector)}`, () => {
      expect(resolveStreams(counter, [{ selector }], defaults).map(stream => stream.viewIndex)).to.deep.equal(
        [0],
      );
    });

  const failing: ViewSelector[] = [
    { instrumentName: 'httpXRequests' },
    { instrumentName: 'http.request' },
    { instrumentName: '?http.requests' },
    { instrumentName: 'http.*', instrumentType: 'GAUGE' },
    { instrumentName: '*', meterName: 'Shop' },
    { meterSchemaUrl: 'https://example.com' },
  ];
  for (const selector of failing)
    it(`does not match ${JSON.stringify(selector)}`, () => {
      expect(resolveStreams(counter, [{ selector }], defaults).map(stream => stream.viewIndex)).to.deep.equal(
        [-1],
      );
    });

  it('decides a pattern of many stars quickly', () => {
    const instrument = { ...counter, name: 'a'.repeat(200) };
    const views: View[] = [{ selector: { instrumentName: `${'*a'.repeat(60)}*b` } }];
    expect(resolveStreams(instrument, views, defaults)[0]?.viewIndex).to.equal(-1);
  });

  it('makes a stream of each matching View, with its function', () => {
    const rewrite = (): Record<string, string> => ({});
    const views: View[] = [
      { selector: { instrumentName: '*' }, limit: 5 },
      { selector: { instrumentName: 'http.*' }, name: 'total', description: 'All.', process: rewrite },
    ];
    const streams = resolveStreams(counter, views, defaults);
    expect(
      streams.map(({ definition }) => [definition.name, definition.description, definition.limit]),
    ).to.deep.equal([
      ['http.Requests', 'Requests served.', 5],
      ['total', 'All.', 2000],
    ]);
    expect(streams.map(({ process: given }) => given)).to.deep.equal([undefined, rewrite]);
  });

  it('B38: two Views with the same resulting stream make one, the first, and a warning', () => {
    const views: View[] = [
      { selector: { instrumentName: '*' }, limit: 500 },
      { selector: { instrumentName: 'http.requests' }, name: 'HTTP.REQUESTS', limit: 10 },
    ];
    const streams = resolveStreams(counter, views, defaults);
    expect(streams.map(({ viewIndex, definition }) => [viewIndex, definition.limit])).to.deep.equal([
      [0, 500],
    ]);
    expect(warnings).to.have.lengthOf(1);
  });

  it('B38: other boundaries do not make another stream of the same name', () => {
    const selector = { instrumentName: '*' };
    const views: View[] = [1, 2].map(bound => ({ selector, boundaries: [bound] }));
    const streams = resolveStreams(histogram, views, defaults);
    expect(streams.map(({ definition }) => definition.boundaries)).to.deep.equal([[1]]);
    expect(warnings).to.have.lengthOf(1);
  });

  it('B13: a View without a limit leaves the default one', () => {
    const views: View[] = [{ selector: { instrumentName: '*' }, description: 'x' }];
    expect(resolveStreams(counter, views, { cardinalityLimit: 10 })[0]?.definition.limit).to.equal(10);
  });

  it('drops when all matching Views drop, and keeps what another one keeps', () => {
    const drop: View = { selector: { instrumentName: '*' }, drop: true };
    const keep: View = { selector: { instrumentType: 'COUNTER' } };
    expect(resolveStreams(counter, [drop], defaults)).to.deep.equal([]);
    expect(resolveStreams(counter, [drop, keep], defaults).map(({ viewIndex }) => viewIndex)).to.deep.equal([
      1,
    ]);
  });

  it('takes the boundaries of the View, else the advice, else the default', () => {
    const advised = { ...histogram, advisedBoundaries: [1, 2] };
    const view: View = { selector: { instrumentName: '*' }, boundaries: [7] };
    const boundariesOf = (instrument: InstrumentDescription, views: View[]): unknown =>
      resolveStreams(instrument, views, defaults)[0]?.definition.boundaries;
    expect(boundariesOf(advised, [view])).to.deep.equal([7]);
    expect(boundariesOf(advised, [])).to.deep.equal([1, 2]);
    expect(boundariesOf(histogram, [])).to.deep.equal(DEFAULT_BOUNDARIES);
  });

  it('says of a histogram whether it has minimum and maximum, and of nothing else', () => {
    const view: View = { selector: { instrumentName: '*' }, boundaries: [7], recordMinMax: false };
    const definitionOf = (instrument: InstrumentDescription): unknown =>
      resolveStreams(instrument, [view], defaults)[0]?.definition;
    expect(definitionOf(histogram)).to.have.property('recordMinMax', false);
    expect(definitionOf(counter)).not.to.have.property('recordMinMax');
  });

  it('applies a View with boundaries to a counter in everything but the aggregation, with a warning', () => {
    const process = (): Record<string, string> => ({});
    const view: View = {
      selector: { instrumentName: '*' },
      boundaries: [7],
      name: 'renamed',
      limit: 5,
      process,
    };
    const [stream] = resolveStreams(counter, [view], defaults);
    expect(stream).to.deep.include({ viewIndex: 0, process });
    expect(stream?.definition).to.deep.include({
      name: 'renamed',
      limit: 5,
      kind: 'COUNTER',
      boundaries: [],
    });
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.contain('the rest of the View applies');
  });

  it('ignores a View with boundaries for an asynchronous instrument, with a warning', () => {
    const view: View = { selector: { instrumentName: '*' }, boundaries: [7], name: 'renamed' };
    const [stream] = resolveStreams({ ...counter, kind: 'OBSERVABLE_COUNTER' }, [view], defaults);
    expect(stream?.viewIndex).to.equal(-1);
    expect(stream?.definition.name).to.equal('http.Requests');
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.contain('the View is ignored');
  });

  const fits: [AggregatingView['aggregation'], InstrumentDescription['kind'], boolean][] = [
    ['sum', 'COUNTER', true],
    ['sum', 'OBSERVABLE_UP_DOWN_COUNTER', true],
    ['sum', 'GAUGE', false],
    ['sum', 'HISTOGRAM', false],
    ['last value', 'OBSERVABLE_GAUGE', true],
    ['last value', 'COUNTER', false],
  ];
  for (const [aggregation, kind, isOwn] of fits)
    it(`applies a View with the ${aggregation} for a ${kind}${isOwn ? '' : ', with a warning'}`, () => {
      const view = { selector: { instrumentName: '*' }, ...(aggregation !== undefined && { aggregation }) };
      const streams = resolveStreams({ ...counter, kind }, [view], defaults);
      expect(streams.map(stream => stream.viewIndex)).to.deep.equal([0]);
      expect(streams[0]?.definition.kind).to.equal(kind);
      expect(warnings).to.have.lengthOf(isOwn ? 0 : 1);
    });
});

describe('matchesPattern', () => {
  it('takes characters of regular expressions for what they are', () => {
    const pairs = [
      ['a.b', 'a.b'],
      ['a.b', 'axb'],
      ['a+', 'aa'],
      ['', ''],
      ['*', ''],
      ['?', ''],
    ] as const;
    expect(pairs.map(([pattern, text]) => matchesPattern(pattern, text))).to.deep.equal([
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
