import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { FormerText, FormerTexts } from '../../../lib/argo/workflow/former-texts.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { WorkflowParser, writtenNodesOf } from '../../../lib/argo/workflow/written-workflow.js';
import { ROOT } from '../../support/source-tree.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';

type Json = Record<string, unknown>;

/** Longer than what is parsed as a whole. */
const LONG = { annotations: { long: 'x'.repeat(3000) } };

const TEMPLATES = [{ name: 'main', container: { image: 'ä', args: ['"'] } }];

function longWorkflow(status: Json = {}): Json {
  return workflowOf({
    metadata: { ...LONG, managedFields: [{ manager: 'argo', time: '2026-01-01T00:00:00Z' }] },
    spec: { templates: TEMPLATES, templateDefaults: {} },
    status: {
      storedTemplates: { a: TEMPLATES[0] },
      storedWorkflowTemplateSpec: { templates: [] },
      ...status,
    },
    nodes: [finished('wf'), running('a')],
  });
}

/** Their descriptor does not ask for it. */
function isLate(owner: unknown, name: string): boolean {
  const value: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
  return typeof value === 'object' && Object.hasOwn(value as object, 'read');
}

describe(WorkflowParser.name, () => {
  const parse = (text: string): unknown => new WorkflowParser().parse(Buffer.from(text));

  it('should leave nodes, templates and managed fields until they are asked for', () => {
    for (const isEvent of [false, true]) {
      const workflow = longWorkflow();
      const written = isEvent ? { type: 'ADDED', object: workflow } : workflow;
      const parsed = parse(JSON.stringify(written)) as {
        metadata: Json;
        spec: Json;
        status: Json;
        object: Json;
      };
      const { metadata, spec, status } = (isEvent ? parsed.object : parsed) as Record<string, Json>;
      const late: [unknown, string][] = [
        [metadata, 'managedFields'],
        [spec, 'templates'],
        [status, 'nodes'],
        [status, 'storedTemplates'],
        [status?.['storedWorkflowTemplateSpec'], 'templates'],
      ];
      for (const [owner, name] of late) expect(isLate(owner, name), name).to.equal(true);
      expect([...(writtenNodesOf(status ?? {})?.keys() ?? [])]).to.deep.equal(['wf', 'a']);
      expect(JSON.stringify(parsed)).to.equal(JSON.stringify(written));
      for (const [owner, name] of late) expect(isLate(owner, name), name).to.equal(false);
      expect(parsed).to.deep.equal(written);
    }
  });

  describe('of templates that are longer than what is kept', () => {
    const call = {
      name: 'a',
      template: 'b',
      arguments: { parameters: [{ name: 'ä', value: 'x'.repeat(100) }] },
    };
    const calls = Array.from({ length: 10_000 }, () => call);
    const dag = { name: 'main', metrics: { prometheus: [] }, dag: { tasks: calls, failFast: true } };
    const steps = { steps: [calls.slice(0, 1000)], name: 'steps' };
    const writtenAs = (...templates: unknown[]): string => {
      const spec = { templates, entrypoint: 'main' };
      return JSON.stringify({ type: 'ADDED', object: { ...longWorkflow(), spec } });
    };

    it('should leave the calls, and give what a parser gives', () => {
      const text = writtenAs(dag, steps, { name: 'few', steps: [[call]] }, 5, 'x', null, []);
      const parsed = parse(text) as { object: { spec: { templates: Json[] } } };
      const [first, second, third] = parsed.object.spec.templates;
      expect([
        isLate(first?.['dag'], 'tasks'),
        isLate(second, 'steps'),
        isLate(third, 'steps'),
      ]).to.deep.equal([true, true, false]);
      expect(first).to.include({ name: 'main' });
      expect(isLate(first?.['dag'], 'tasks')).to.equal(true);
      expect(JSON.stringify(parsed)).to.equal(text);
      expect(parsed).to.deep.equal(JSON.parse(text));
    });

    it('should leave as a whole those that are stored by name', () => {
      const text = JSON.stringify(longWorkflow({ storedTemplates: { a: dag } }));
      const { status } = parse(text) as { status: Json };
      expect(isLate(status, 'storedTemplates')).to.equal(true);
      expect(status['storedTemplates']).to.deep.equal({ a: dag });
    });

    it('should give what a parser gives, of one event after the other', () => {
      const parser = new WorkflowParser();
      for (const templates of [
        [dag, steps],
        [dag, steps],
        [steps, dag],
        [dag],
        [{ ...dag, dag: 1 }, steps, steps],
      ]) {
        const text = writtenAs(...templates);
        expect(parser.parse(Buffer.from(text))).to.deep.equal(JSON.parse(text));
      }
    });

    it('should leave to a parser what only that understands', () => {
      for (const text of [
        writtenAs(dag).replace('"failFast":true', '"tasks":[]'),
        writtenAs(dag).replace('"dag":', '"dag":1,"dag":'),
        writtenAs(dag).replace('"dag":', '"\\u0064ag":'),
      ])
        expect(parse(text)).to.deep.equal(JSON.parse(text));
      for (const text of [
        writtenAs(dag, dag).replace('},{"name":"main"', '};{"name":"main"'),
        writtenAs(dag).slice(0, -9),
      ])
        expect(() => parse(text)).to.throw(SyntaxError);
    });
  });

  it('should give what a parser gives, of every recorded event', () => {
    const parser = new WorkflowParser();
    const cases = join(ROOT, 'test/argo/golden/cases');
    let late = 0;
    for (const name of readdirSync(cases))
      for (const line of readFileSync(join(cases, name, 'events.ndjson'), 'utf8')
        .split('\n')
        .filter(Boolean)) {
        const { object } = parser.parse(Buffer.from(line)) as { object: Json };
        const workflow = readWorkflow(object);
        const expected = readWorkflow((JSON.parse(line) as { object: unknown }).object);
        if (writtenNodesOf(object['status'] as Json)) late++;
        expect([...(workflow?.nodes.keys() ?? [])]).to.deep.equal([...(expected?.nodes.keys() ?? [])]);
        for (const [id, node] of workflow?.nodes ?? []) {
          const { phase, type, startedAt, finishedAt, isFulfilled, json } = node;
          expect({ phase, type, startedAt, finishedAt, isFulfilled, json }, id).to.deep.include(
            (({ phase, type, startedAt, finishedAt, isFulfilled, json }) => ({
              ...{ phase, type, startedAt, finishedAt, isFulfilled, json },
            }))(expected?.nodes.get(id) ?? node),
          );
        }
        expect(JSON.stringify(object)).to.equal(
          JSON.stringify((JSON.parse(line) as { object: unknown }).object),
        );
      }
    expect(late).to.be.greaterThan(100);
  });

  it('should give what a parser gives, whatever stands in the place of an object', () => {
    const odd = fc.jsonValue();
    const part = (names: readonly string[]): fc.Arbitrary<unknown> =>
      fc.oneof(
        { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names, 'x', '__proto__'), odd) },
        odd,
      );
    const workflow = fc.record(
      {
        metadata: part(['managedFields', 'name']),
        spec: part(['templates', 'entrypoint']),
        status: part(['nodes', 'storedTemplates', 'storedWorkflowTemplateSpec', 'phase']),
        object: part(['metadata', 'spec', 'status']),
        more: fc.constant('x'.repeat(3000)),
      },
      { requiredKeys: ['more'] },
    );
    fc.assert(
      fc.property(workflow, fc.constantFrom('', '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.stringify(parse(text))).to.equal(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('should give what a parser gives, of one event after the other that come into the same place', () => {
    const nodes = fc.uniqueArray(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom('', 'x', 'ä')), {
      selector: ([id]) => id,
    });
    const templates = fc.constantFrom<unknown>([], TEMPLATES, [TEMPLATES[0], {}], null, 1, 12, 'a', 'ab');
    const event = fc.record({
      uid: fc.constantFrom('uid-1', 'uid-2', 'ü', 'x'.repeat(200)),
      ...{ isEvent: fc.boolean(), nodes, templates, space: fc.constantFrom('', '', ' ') },
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), events => {
        const parser = new WorkflowParser();
        const room = Buffer.alloc(20_000);
        for (const { uid, isEvent, nodes, templates, space } of events) {
          const workflow = workflowOf({
            uid,
            metadata: LONG,
            spec: { templates },
            nodes: nodes.map(([id, message]) => running(id, { message })),
          });
          const written = isEvent ? { type: 'MODIFIED', object: workflow } : workflow;
          const text = JSON.stringify(written, undefined, space);
          const parsed = parser.parse(room.subarray(0, room.write(text)));
          const { nodes: read } = readWorkflow(isEvent ? (parsed as { object: Json }).object : parsed) ?? {};
          expect([...(read?.values() ?? [])].map(({ id, json }) => [id, json['message']])).to.deep.equal(
            nodes,
          );
          expect(JSON.stringify(parsed)).to.equal(JSON.stringify(JSON.parse(text)));
        }
      }),
    );
  });

  it('should not read the nodes of an event again that are written as in the one before', () => {
    const namesOf = (isEvent: boolean): unknown => {
      const parser = new WorkflowParser();
      const room = Buffer.alloc(10_000);
      const parseNodes = (phase: string): ReturnType<typeof writtenNodesOf> => {
        const nodes = [finished('a'), running('b'), running('c', { phase })];
        const workflow = workflowOf({ metadata: LONG, nodes });
        const text = JSON.stringify(isEvent ? { type: 'MODIFIED', object: workflow } : workflow);
        const parsed = parser.parse(room.subarray(0, room.write(text))) as { object: Json; status: Json };
        return writtenNodesOf(isEvent ? (parsed.object['status'] as Json) : parsed.status);
      };
      for (const node of parseNodes('Running')?.values() ?? []) expect(node.name).to.equal(node.id);
      const nodes = parseNodes('Failed');
      room.fill('1');
      return [...(nodes?.values() ?? [])].map(({ name, phase }) => [name, phase]);
    };
    // The first one of all is where it begins.
    expect(namesOf(true)).to.deep.equal([
      ['', 'Succeeded'],
      ['b', 'Running'],
      ['', 'Failed'],
    ]);
    expect(namesOf(false)).to.deep.equal([
      ['', 'Succeeded'],
      ['', 'Running'],
      ['', 'Failed'],
    ]);
  });

  describe('after another event', () => {
    const event = (uid: unknown, ids = ['a', 'b', 'c'], type = 'MODIFIED'): string => {
      const nodes = Object.fromEntries(ids.map(id => [id, { name: id }]));
      const metadata = { ...LONG, managedFields: [{ manager: 'argo' }], uid };
      const object = {
        metadata,
        spec: { templates: TEMPLATES },
        status: { nodes, storedTemplates: { s: {} } },
      };
      return JSON.stringify({ type, object });
    };

    /** Names of the last one's nodes, as far as they are known without its bytes. */
    function namesKnown(...events: string[]): unknown {
      const parser = new WorkflowParser();
      const room = Buffer.alloc(20_000);
      let nodes: ReturnType<typeof writtenNodesOf>;
      for (const [index, text] of events.entries()) {
        try {
          const parsed = parser.parse(room.subarray(0, room.write(text))) as { object: { status: Json } };
          nodes = writtenNodesOf(parsed.object.status);
        } catch {
          continue; // It is no JSON.
        }
        if (index < events.length - 1)
          for (const { name } of nodes?.values() ?? []) expect(name).not.to.equal('');
      }
      room.fill('1');
      return [...(nodes?.values() ?? [])].map(({ name }) => name);
    }

    it('should know its nodes, whatever stands before them, by a UID as an API server makes them', () => {
      const uids = ['u'.repeat(36), 'u'.repeat(98)];
      for (const uid of uids) expect(namesKnown(event(uid), event(uid)), uid).to.deep.equal(['', 'b', 'c']);
      for (const uid of ['', 1, 'u'.repeat(99)])
        expect(namesKnown(event(uid), event(uid)), `${uid}`).to.deep.equal(['', '', '']);
    });

    it('should keep nothing of what is no JSON, or the last one', () => {
      const broken = event('uid', ['a', 'x', 'y']).replace('"MODIFIED"', 'MODIFIED');
      expect(namesKnown(event('uid'), broken, event('uid'))).to.deep.equal(['', 'b', 'c']);
      expect(namesKnown(event('uid', undefined, 'DELETED'), event('uid'))).to.deep.equal(['', '', '']);
    });

    it('should not go through members that are written as before', () => {
      const own = Object.getOwnPropertyDescriptors(FormerText.prototype);
      const known = Reflect.get(FormerText.prototype, 'endAsBefore') as (...args: unknown[]) => unknown;
      const ends: unknown[] = [];
      const value = function (this: FormerText, ...args: unknown[]): unknown {
        ends.push(known.apply(this, args));
        return ends.at(-1);
      };
      Object.defineProperty(FormerText.prototype, 'endAsBefore', { value, configurable: true });
      const text = event('uid');
      try {
        const parser = new WorkflowParser();
        for (let time = 0; time < 2; time++) parser.parse(Buffer.from(text));
      } finally {
        Object.defineProperties(FormerText.prototype, own);
      }
      // Managed fields stand before the UID.
      const templates = JSON.stringify(TEMPLATES);
      const endOf = (part: string): number =>
        Buffer.byteLength(text.slice(0, text.indexOf(part) + part.length));
      expect(ends).to.deep.equal([endOf(templates), endOf('{"s":{}}')]);
    });

    it('should keep none of which nothing is left', () => {
      const own = Object.getOwnPropertyDescriptors(FormerTexts.prototype);
      let count = 0;
      FormerTexts.prototype.set = () => void count++;
      try {
        const object = { metadata: { ...LONG, uid: 'uid' } };
        new WorkflowParser().parse(Buffer.from(JSON.stringify({ type: 'MODIFIED', object })));
      } finally {
        Object.defineProperties(FormerTexts.prototype, own);
      }
      expect(count).to.equal(0);
    });
  });

  it('should parse as a whole what is short, or written in an unusual way', () => {
    const short = JSON.stringify(workflowOf({ nodes: [running('a')] }));
    const long = JSON.stringify(longWorkflow());
    const unusual = [
      short,
      long.replace('"nodes"', '"n\\u006fdes"'),
      long.replace('{"wf":', '{"1":{},"wf":'),
      long.replace('"spec":', '"spec":{"templates":[1]},"spec":'),
      long.replace('"nodes":', '"nodes":{"b":{}},"nodes":'),
    ];
    for (const text of unusual) {
      const parsed = parse(text) as { status: Json };
      expect(writtenNodesOf(parsed.status), text.slice(0, 80)).to.equal(undefined);
      expect(JSON.stringify(parsed)).to.equal(JSON.stringify(JSON.parse(text)));
    }
  });

  it('should read compressed nodes where there are some, as the controller does', () => {
    const status = parse(JSON.stringify(longWorkflow({ compressedNodes: 'broken' })));
    expect(readWorkflow(status)?.hiddenNodes).to.equal('unreadable');
  });

  it('should make one value of templates that are written alike', () => {
    const parser = new WorkflowParser();
    const templatesOf = (name: string): unknown => {
      const workflow = { ...longWorkflow(), name };
      return (parser.parse(Buffer.from(JSON.stringify(workflow))) as { spec: Json }).spec['templates'];
    };
    expect(templatesOf('a')).to.deep.equal(TEMPLATES).and.to.equal(templatesOf('b'));
  });

  it('should say what a parser says of what is no JSON, and say it of a late member when that is asked for', () => {
    const long = JSON.stringify(longWorkflow());
    for (const text of [long.slice(0, -1), `${long}x`, long.replace('"Running"', 'Running'), '']) {
      let message = '';
      try {
        JSON.parse(text);
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(() => parse(text)).to.throw(SyntaxError, message);
    }
    const { spec } = parse(long.replace('["\\""]', '[tru]')) as { spec: Json };
    expect(spec['entrypoint']).to.equal('main');
    for (let time = 0; time < 2; time++) expect(() => spec['templates']).to.throw(SyntaxError);
  });
});
