import { expect } from 'chai';
import { parseRecorded } from '../../lib/cli/watch-event.js';

describe('parseRecorded', () => {
  for (const type of ['ADDED', 'MODIFIED', 'DELETED'])
    it(`should read an event of type ${type}`, () => {
      const object = { kind: 'Workflow' };
      expect(parseRecorded(JSON.stringify({ type, object }))).to.deep.equal({ event: { type, object } });
    });

  for (const text of ['{"type":"BOOKMARK","object":{}}', '{"kind":"WorkflowList","items":null}'])
    it(`should pass over ${JSON.stringify(text)}`, () => {
      expect(parseRecorded(text)).to.deep.equal({ nothing: true });
    });

  it('should read a workflow that no event is around', () => {
    expect(parseRecorded('{"kind":"Workflow","spec":{}}')).to.deep.equal({
      workflow: { kind: 'Workflow', spec: {} },
    });
  });

  it('should read the first line of a file that begins with a byte order mark', () => {
    expect(parseRecorded('\uFEFF{"type":"ADDED","object":{}}')).to.have.property('event');
  });

  const unreadable: readonly (readonly [string, string])[] = [
    ['{"type":"ADDED"', 'not JSON'],
    ['', 'not JSON'],
    ['[]', 'neither a watch event nor a workflow'],
    ['null', 'neither a watch event nor a workflow'],
    ['"ADDED"', 'neither a watch event nor a workflow'],
    ['{"object":{}}', '"kind" is undefined'],
    [`{"kind":"${'x'.repeat(1000)}"}`, 'xxx…'],
    ['{"kind":"Pod","metadata":{}}', '"kind" is "Pod"'],
    ['{"type":"added","object":{}}', '"type" is "added"'],
    ['{"type":"ADDED"}', '"object" is not an object'],
    ['{"type":"ADDED","object":null}', '"object" is not an object'],
    ['{"type":"ADDED","object":[]}', '"object" is not an object'],
    [
      '{"type":"ERROR","object":{"kind":"Status","message":"too old resource version"}}',
      'too old resource version',
    ],
    ['{"type":"ERROR"}', 'reported an error'],
  ];
  for (const [text, reason] of unreadable)
    it(`should say of ${text}: ${reason}`, () => {
      const line = parseRecorded(text);
      expect('unreadable' in line && line.unreadable).to.contain(reason);
    });
});
