import { expect } from 'chai';
import { parseWatchLine } from '../../lib/cli/watch-event.js';

describe('parseWatchLine', () => {
  for (const type of ['ADDED', 'MODIFIED', 'DELETED']) {
    it(`should read an event of type ${type}`, () => {
      const object = { kind: 'Workflow' };
      expect(parseWatchLine(JSON.stringify({ type, object }))).to.deep.equal({ event: { type, object } });
    });
  }

  for (const text of ['', '   \r', '\uFEFF', '{"type":"BOOKMARK","object":{}}']) {
    it(`should pass over ${JSON.stringify(text)}`, () => {
      expect(parseWatchLine(text)).to.deep.equal({ nothing: true });
    });
  }

  it('should read the first line of a file that begins with a byte order mark', () => {
    expect(parseWatchLine('\uFEFF{"type":"ADDED","object":{}}')).to.have.property('event');
  });

  const unreadable: readonly (readonly [string, string])[] = [
    ['{"type":"ADDED"', 'not JSON'],
    ['[]', 'not a watch event'],
    ['null', 'not a watch event'],
    ['"ADDED"', 'not a watch event'],
    ['{"object":{}}', '"type" is undefined'],
    ['{"type":"added","object":{}}', '"type" is "added"'],
    ['{"kind":"Workflow","metadata":{}}', '--output-watch-events'],
    ['{"type":"ADDED"}', '"object" is not an object'],
    ['{"type":"ADDED","object":null}', '"object" is not an object'],
    ['{"type":"ADDED","object":[]}', '"object" is not an object'],
    [
      '{"type":"ERROR","object":{"kind":"Status","message":"too old resource version"}}',
      'too old resource version',
    ],
    ['{"type":"ERROR"}', 'reported an error'],
  ];
  for (const [text, reason] of unreadable) {
    it(`should say of ${text}: ${reason}`, () => {
      const line = parseWatchLine(text);
      expect('unreadable' in line && line.unreadable).to.contain(reason);
    });
  }
});
