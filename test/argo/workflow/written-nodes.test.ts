import { expect } from 'chai';
import fc from 'fast-check';
import { readWrittenNodes } from '../../../lib/argo/workflow/written-nodes.js';
import type { FormerNodes, WrittenNodes } from '../../../lib/argo/workflow/written-nodes.js';
import { ReadNode } from '../../../lib/argo/workflow/workflow-node.js';
import type { WorkflowNode } from '../../../lib/argo/workflow/workflow-node.js';
import { WrittenText } from '../../../lib/argo/workflow/written-text.js';

function readNodes(text: string): ReadonlyMap<string, WorkflowNode> {
  const bytes = Buffer.from(`${text},"more":1`);
  const { nodes, to } = readWrittenNodes(new WrittenText(bytes, false), 0);
  expect(bytes.toString('utf8', to)).to.equal(',"more":1');
  return nodes;
}

/** As whoever keeps a text for the next one. */
function formerOf(text: string, { rows }: WrittenNodes): FormerNodes {
  return { bytes: Buffer.from(text), ...rows };
}

/** All that a node says, in an order that tells whether one answer changes another. */
function factsOf(node: WorkflowNode): Record<string, unknown> {
  const { index, id, type, phase, isFulfilled, isFromCache, name, displayName, boundaryId, children } = node;
  const { startedAt, finishedAt, templateName, templateScope, templateRef, json } = node;
  return {
    ...{ index, id, type, phase, isFulfilled, isFromCache, name, displayName, boundaryId, children },
    ...{
      startedAt,
      finishedAt,
      templateName,
      templateScope,
      templateRef,
      json,
      again: [node.children, node.startedAt, node.finishedAt, node.name],
    },
  };
}

const texts = fc.oneof(
  fc.constantFrom('', 'Pod', 'Running', 'Succeeded', 'Pending', 'a"b', 'ä'),
  fc.string(),
);
const times = fc.constantFrom('2026-01-01T00:00:05Z', '2026-01-01T00:00:05.5Z', 'never', '');
const odd = fc.oneof({ weight: 4, arbitrary: texts }, fc.jsonValue());
const node = fc.record(
  {
    ...{ name: odd, displayName: odd, type: odd, phase: odd, boundaryID: odd, templateName: odd, id: odd },
    children: fc.oneof(fc.array(odd), fc.jsonValue()),
    startedAt: fc.oneof(times, odd),
    finishedAt: fc.oneof(times, fc.constant(null), odd),
    daemoned: fc.oneof(fc.boolean(), odd),
    taskResultSynced: fc.oneof(fc.boolean(), odd),
    memoizationStatus: fc.oneof(fc.record({ hit: fc.oneof(fc.boolean(), odd) }), odd),
    templateScope: odd,
    templateRef: fc.oneof(fc.record({ name: odd, template: odd }), odd),
    inputs: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const NO_NODE = fc.constantFrom(null, 1, 'a', true, [], [{}]);
const keys = fc
  .string({ minLength: 1 })
  .filter(key => !/^\d+$/.test(key) && JSON.stringify(key) === `"${key}"`);

describe('readWrittenNodes', () => {
  it('should say of every node what one says that was parsed', () => {
    const nodes = fc.dictionary(keys, fc.oneof({ weight: 9, arbitrary: node }, NO_NODE), {
      maxKeys: 5,
    });
    fc.assert(
      fc.property(nodes, fc.constantFrom('', ' '), (written, space) => {
        const text = JSON.stringify(written, undefined, space);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const isNode = (json: unknown): boolean =>
          typeof json === 'object' && json !== null && !Array.isArray(json);
        const expected = Object.entries(parsed)
          .filter(([, json]) => isNode(json))
          .map(([id, json], index) => factsOf(new ReadNode(index, id, json as Record<string, unknown>)));
        expect([...readNodes(text).values()].map(factsOf)).to.deep.equal(expected);
      }),
    );
  });

  it('should hold more nodes than there is room for at first', () => {
    const written = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`n${index}`, { name: `name ${index}`, phase: 'Running' }]),
    );
    const nodes = readNodes(JSON.stringify(written));
    expect(nodes.size).to.equal(1000);
    for (const [id, { name, phase, json }] of nodes)
      expect({ name, phase }, id).to.deep.equal(written[id]).and.to.deep.equal(json);
  });

  it('should take the last of two members of the same name, as a parser does', () => {
    const nodes = readNodes('{"b":{"phase":"y","phase":"z"}}');
    expect(nodes.get('b')?.phase).to.equal('z');
  });

  it('should tell what is over for good', () => {
    const isFulfilled = (rest: string): unknown =>
      readNodes(`{"a":{"phase":"Succeeded"${rest}}}`).get('a')?.isFulfilled;
    expect(isFulfilled('')).to.equal(true);
    expect(isFulfilled(',"taskResultSynced":true')).to.equal(true);
    expect(isFulfilled(',"taskResultSynced":"false"')).to.equal(true);
    expect(isFulfilled(',"taskResultSynced":false')).to.equal(false);
    expect(isFulfilled(',"taskResultSynced":false,"daemoned":true')).to.equal(true);
    expect(isFulfilled(',"taskResultSynced":false,"daemoned":"true"')).to.equal(false);
  });

  it('should read each member once, however long it is and however often it is asked for', () => {
    const written = { name: 'a', displayName: 'b', boundaryID: 'c', templateName: 'd', templateScope: 'e' };
    const rest = {
      children: ['f'],
      templateRef: { name: 'g' },
      memoizationStatus: { hit: true },
      startedAt: 'never',
    };
    const text = new WrittenText(Buffer.from(JSON.stringify({ n: { ...written, ...rest } })), true);
    const node = readWrittenNodes(text, 0).nodes.get('n');
    expect(node && factsOf(node)).to.deep.include({
      name: 'a',
      displayName: 'b',
      boundaryId: 'c',
      isFromCache: true,
    });
    text.bytes.fill(0);
    expect(node && factsOf(node)).to.deep.include({
      ...{ name: 'a', displayName: 'b', boundaryId: 'c', templateName: 'd', templateScope: 'e' },
      ...{ children: ['f'], templateRef: { name: 'g' }, startedAt: undefined },
    });
  });

  describe('after another text of the same workflow', () => {
    /** What changes from one text to the next. */
    const change = fc.record({
      at: fc.nat(30),
      id: keys,
      node: fc.oneof(node, NO_NODE),
      isGone: fc.boolean(),
    });
    const spaces = fc.constantFrom('', '', '', ' ');

    it('should say of every node what one says that was parsed, however many texts there were', () => {
      const first = fc.dictionary(keys, node, { maxKeys: 12 });
      const step = fc.tuple(fc.array(change, { maxLength: 3 }), spaces, fc.boolean());
      fc.assert(
        fc.property(first, fc.array(step, { minLength: 1, maxLength: 6 }), (begun, steps) => {
          let members = Object.entries<unknown>(begun);
          let former: FormerNodes | undefined;
          for (const [changes, space, isAsked] of steps) {
            for (const { at, id, node, isGone } of changes) {
              const known = members[at % Math.max(members.length, 1)]?.[0];
              if (isGone) members = members.filter(([each]) => each !== known);
              else if (known !== undefined && at % 2 === 0)
                members = members.map(([each, value]) => [each, each === known ? node : value]);
              else if (!members.some(([each]) => each === id)) members.splice(at, 0, [id, node]);
            }
            const text = JSON.stringify(Object.fromEntries(members), undefined, space);
            const bytes = Buffer.from(text);
            const read = readWrittenNodes(new WrittenText(bytes, false), 0, former);
            const expected = Object.entries(JSON.parse(text) as Record<string, unknown>)
              .filter(([, json]) => typeof json === 'object' && json !== null && !Array.isArray(json))
              .map(([id, json], index) => factsOf(new ReadNode(index, id, json as Record<string, unknown>)));
            expect([...read.nodes.keys()]).to.deep.equal(expected.map(({ id }) => id));
            if (isAsked) expect([...read.nodes.values()].map(factsOf)).to.deep.equal(expected);
            former = formerOf(text, read);
            // The next one comes into the same place.
            bytes.fill(0);
          }
        }),
      );
    });

    it('should not read again what is written again', () => {
      const before = '{"a":{"name":"x"},"b":{"name":"y"},"c":{"name":"z"}}';
      const read = readWrittenNodes(new WrittenText(Buffer.from(before), true), 0);
      expect([...read.nodes.values()].map(({ name }) => name)).to.deep.equal(['x', 'y', 'z']);
      const bytes = Buffer.from('{"a":{"name":"changed"},"b":{"name":"y"},"new":{},"c":{"name":"z"}}');
      const { nodes } = readWrittenNodes(new WrittenText(bytes, true), 0, formerOf(before, read));
      // What was not asked for yet is read from where it stands, and there it is no more.
      bytes.fill('1');
      expect([...nodes].map(([id, { name }]) => [id, name])).to.deep.equal([
        ...[
          ['a', ''],
          ['b', 'y'],
          ['new', ''],
          ['c', 'z'],
        ],
      ]);
    });

    it('should refuse what it refuses otherwise', () => {
      const before = '{"a":{},"b":{"name":"y"},"c":{}}';
      const former = formerOf(before, readWrittenNodes(new WrittenText(Buffer.from(before), true), 0));
      for (const text of [
        ...['{"b":{"name":1},"a":{},"b":{"name":"y"}}', '{"a":{},"b":{"name":"y"},"c":{},"a":{}}'],
        ...['{"b":0,"a":{},"b":{"name":"y"}}', '{"a":{},"b":{"name":"y"', '{"a":{},"b":{"name":"y"}'],
        ...[
          '{"a":{};"b":{"name":"y"},"c":{}}',
          '{"a":{},"b":{"name":"y"}"c":{}}',
          '{"a":{},"b":{"name":"y"},"c":{}1}',
          '{"a":{},"1":{}}',
        ],
      ]) {
        const again = (): unknown => readWrittenNodes(new WrittenText(Buffer.from(text), true), 0, former);
        expect(again, text).to.throw(SyntaxError);
      }
    });
  });

  it('should read the rest once too', () => {
    const written = { phase: 'Succeeded', taskResultSynced: false, finishedAt: '2026-01-01T00:00:05Z' };
    const text = new WrittenText(Buffer.from(JSON.stringify({ n: written })), true);
    const node = readWrittenNodes(text, 0).nodes.get('n');
    const facts = (): unknown => [node?.isFulfilled, node?.finishedAt];
    expect(facts()).to.deep.equal([false, Date.parse(written.finishedAt)]);
    text.bytes.fill(0);
    expect(facts()).to.deep.equal([false, Date.parse(written.finishedAt)]);
  });

  it('should give a row for each node, and no more', () => {
    const lengthOf = (text: string): number =>
      readWrittenNodes(new WrittenText(Buffer.from(text), true), 0).rows.places.length;
    expect(lengthOf('{}')).to.equal(0);
    expect(lengthOf('{"a":{},"b":{},"c":1}')).to.equal(2 * lengthOf('{"a":{}}'));
  });

  it('should know IDs that begin with a digit', () => {
    expect([...readNodes('{"3d-1":{},"12a":{},"a":{}}').keys()]).to.deep.equal(['3d-1', '12a', 'a']);
  });

  it('should refuse what a parser would put into another order, and what is cut off', () => {
    const odd = [
      '{"a":{},"1":{}}',
      '{"":{}}',
      '{"a":{},"a":null}',
      '{"a":null,"b":{},"a":{}}',
      '{"a":{},"a":{}}',
    ];
    for (const text of [...odd, '{"a":{', '{"a":{"phase":"x}', '{"\\u0061":{}}'])
      expect(() => readNodes(text), text).to.throw(SyntaxError);
  });
});
