import type { Attributes } from '@opentelemetry/api';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { TEXT_FORMAT, UTF8_TEXT_FORMAT } from '../../../lib/exposition/negotiation/exposition-format.js';
import { FamilyNaming } from '../../../lib/exposition/writer/named-families.js';
import { PrometheusWriter } from '../../../lib/exposition/writer/prometheus-writer.js';
import type { Exposition } from '../../../lib/exposition/writer/prometheus-writer.js';
import type { CollectedStream, StreamDefinition } from '../../../lib/store/definition/stream.js';
import { textOf } from '../read-formats.js';
import { histogramOf, stream, verbatimStream } from '../streams.js';

describe('FamilyNaming', () => {
  it('should sort by name, the resource among the others, and remember what the names had', async () => {
    const naming = new FamilyNaming(false, () => expect.fail('nothing is in conflict'));
    const streams = ['z', 'a'].map(name => stream({ name, kind: 'GAUGE', unit: 's' }, [{ k: name }, 1]));
    const { families } = await naming.name(streams, { x: '1' });
    expect(families.map(({ name, unit, isTargetInfo }) => [name, unit, isTargetInfo])).to.deep.equal([
      ['a_seconds', 'seconds', false],
      ['target_info', '', true],
      ['z_seconds', 'seconds', false],
    ]);
    const again = await naming.name(streams, {});
    expect(again.families.map(({ name }) => name)).to.deep.equal(['a_seconds', 'z_seconds']);
    expect(again.families[0]?.memory).to.equal(families[0]?.memory);
  });
});

describe('UTF-8 names', () => {
  const streams = [
    stream(
      { name: 'http.requests', scope: { name: 'lib' } },
      [{ 'http.route': '/a', method: 'GET' }, 5],
      [{}, 1],
    ),
    stream({ name: 'took.ms', kind: 'HISTOGRAM', boundaries: [1], scope: { name: '' } }, [
      {},
      histogramOf([1], [0.5]),
    ]),
    stream({ name: 'plain', kind: 'GAUGE', scope: { name: '' } }, [{}, 7]),
    verbatimStream({ name: 'argo.jobs' }, [{ 'a.b': '1' }, 2]),
  ];

  it('should be quoted in text 1.0.0, where they need it', async () => {
    const exposition = await new PrometheusWriter().prepare(streams, {
      resourceAttributes: { 'service.name': 'demo' },
    });
    expect(exposition.needsUtf8Names).to.be.true;
    expect(await textOf(exposition, UTF8_TEXT_FORMAT)).to.equal(
      [
        '# TYPE argo_jobs counter',
        'argo_jobs{a_b="1"} 2',
        '# TYPE "http.requests_total" counter',
        '{"http.requests_total","http.route"="/a",method="GET",otel_scope_name="lib"} 5',
        '{"http.requests_total",otel_scope_name="lib"} 1',
        '# TYPE plain gauge',
        'plain 7',
        '# HELP target_info Target metadata',
        '# TYPE target_info gauge',
        'target_info{"service.name"="demo"} 1',
        '# TYPE "took.ms" histogram',
        '{"took.ms_bucket",le="1"} 1',
        '{"took.ms_bucket",le="+Inf"} 1',
        '{"took.ms_sum"} 0.5',
        '{"took.ms_count"} 1',
        '',
      ].join('\n'),
    );
  });

  it('should change nothing for who does not ask, before and after somebody did', async () => {
    const writer = new PrometheusWriter();
    const before = await textOf(await writer.prepare(streams), TEXT_FORMAT);
    await textOf(await writer.prepare(streams), UTF8_TEXT_FORMAT);
    expect(await textOf(await writer.prepare(streams), TEXT_FORMAT)).to.equal(before);
    expect(before).to.contain('http_requests_total{http_route="/a",method="GET",otel_scope_name="lib"} 5\n');
  });

  it('should be needed for a name, a label or the resource, and for nothing else', async () => {
    const needs = async (
      one: Partial<StreamDefinition>,
      attributes: Attributes = {},
      resourceAttributes: Attributes = {},
    ): Promise<boolean> =>
      (await new PrometheusWriter().prepare([stream(one, [attributes, 1])], { resourceAttributes }))
        .needsUtf8Names;
    expect(await needs({ name: 'a' }, { b: 1, le: 2 }, { c: 1 })).to.be.false;
    expect(await needs({ name: 'a.b', verbatim: true }, { 'b.c': 1 })).to.be.false;
    expect(await needs({ name: 'a.b' })).to.be.true;
    expect(await needs({ name: 'a' }, { 'b.c': 1 })).to.be.true;
    expect(await needs({ name: 'a' }, {}, { 'b.c': 1 })).to.be.true;
    expect(await needs({ name: 'a', unit: 'm/s' })).to.be.false;
  });

  it('should come out whoever asks for which names meanwhile, also of an older collection', async () => {
    const writer = new PrometheusWriter();
    const of = (value: number): CollectedStream[] => [
      stream({ name: 'a.b', kind: 'GAUGE', scope: { name: '' } }, [{ k: value }, value]),
    ];
    const first = await writer.prepare(of(1));
    const second = await writer.prepare(of(2));
    const texts = await Promise.all(
      [first, second, first, second].map((exposition, index) =>
        textOf(exposition, index < 2 ? UTF8_TEXT_FORMAT : TEXT_FORMAT),
      ),
    );
    expect(texts).to.deep.equal([
      '# TYPE "a.b" gauge\n{"a.b",k="1"} 1\n',
      '# TYPE "a.b" gauge\n{"a.b",k="2"} 2\n',
      '# TYPE a_b gauge\na_b{k="1"} 1\n',
      '# TYPE a_b gauge\na_b{k="2"} 2\n',
    ]);
    // Also when nobody asked for so long that the label texts were forgotten.
    for (let round = 0; round < 30; round++) await writer.prepare(of(3));
    expect(await textOf(await writer.prepare(of(3)), UTF8_TEXT_FORMAT)).to.contain('{"a.b",k="3"} 3\n');
  });

  it('should be made of one collection after the other, however many ask for them at once', async () => {
    const of = (first: number): CollectedStream[] => [
      stream(
        { name: 'a.b', kind: 'GAUGE', scope: { name: '' } },
        ...Array.from({ length: 4000 }, (_, index): [Attributes, number] => [
          { 'k.k': first + index },
          index,
        ]),
      ),
    ];
    // Made in several turns of the thread each, of which none may find what another one has half made.
    const collections = Array.from({ length: 12 }, (_, index) => of(500 * index));
    const writer = new PrometheusWriter();
    await textOf(await writer.prepare(of(1000)), UTF8_TEXT_FORMAT);
    const expositions: Exposition[] = [];
    for (const streams of collections) expositions.push(await writer.prepare(streams));
    const texts = await Promise.all(
      expositions.map(async (exposition, index) => {
        for (let turn = 0; turn < index; turn++) await setImmediate();
        return textOf(exposition, UTF8_TEXT_FORMAT);
      }),
    );
    for (const [index, streams] of collections.entries()) {
      const alone = await textOf(await new PrometheusWriter().prepare(streams), UTF8_TEXT_FORMAT);
      expect(texts[index] === alone, `collection ${index}`).to.be.true;
    }
  });
});
