import { expect } from 'chai';
import fc from 'fast-check';
import { escapeHelp, escapeLabelValue } from '../../../lib/exposition/names/escape.js';

describe('escapeLabelValue', () => {
  it('should leave ordinary text alone', () => {
    expect(escapeLabelValue("it's {a: 'plain'} täxt, \t really")).to.equal(
      "it's {a: 'plain'} täxt, \t really",
    );
  });

  it('should escape backslash, line feed and double quote, and nothing else', () => {
    expect(escapeLabelValue('C:\\temp\n"x"\r')).to.equal('C:\\\\temp\\n\\"x\\"\r');
  });

  it('should be undone by reading the escapes, for any text', () => {
    const unescape = (text: string): string =>
      text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\\', '\n', '"', 'n', 'a') }), text => {
        const escaped = escapeLabelValue(text);
        expect(unescape(escaped)).to.equal(text);
        expect(escaped).not.to.match(/\n|(?<!\\)(?:\\\\)*"/);
      }),
    );
  });
});

describe('escapeHelp', () => {
  it('should escape backslash and line feed and leave double quotes', () => {
    expect(escapeHelp('two\nlines of "C:\\"')).to.equal('two\\nlines of "C:\\\\"');
  });
});
