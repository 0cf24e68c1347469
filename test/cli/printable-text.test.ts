import { expect } from 'chai';
import { printable, printableLine, printableLines } from '../../lib/cli/printable-text.js';

describe('printable', () => {
  const hostile = 'é\x1b[2J\r\n\t\x07\x7f\x9b1m\u2028\u202Ex\u{1F600}';

  it('should leave one line of what can be printed', () => {
    expect(printable(hostile)).to.equal(
      'é\\u001b[2J\\u000d\\n\\t\\u0007\\u007f\\u009b1m\\u2028\\u202ex\u{1F600}',
    );
    expect(printable('a "b" \\ c')).to.equal('a "b" \\ c');
  });

  it('should keep the lines of a message, and no other end of a line', () => {
    expect(printableLines('a\x1bb\nc\rd')).to.equal('a\\u001bb\nc\\u000dd');
  });

  it('should keep the length of a source line', () => {
    expect(printableLine('a\tb\x1bc')).to.equal('a\tb\uFFFDc');
  });
});
