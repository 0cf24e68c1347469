import { expect } from 'chai';
import fc from 'fast-check';
import { boundedMessage, boundedText } from '../../../lib/argo/diagnostic/bounded-text.js';

describe('boundedText', () => {
  it('should keep what is short and cut the rest, never half a character', () => {
    expect(boundedText('x'.repeat(200))).to.equal('x'.repeat(200));
    expect(boundedText('x'.repeat(201))).to.equal(`${'x'.repeat(200)}…`);
    expect(boundedText(`${'x'.repeat(199)}😀`)).to.equal(`${'x'.repeat(199)}…`);
  });
});

describe('boundedMessage', () => {
  const long = 'y'.repeat(5000);

  it('should cut each quoted text by itself and keep the words around', () => {
    const cut = `${'y'.repeat(200)}…`;
    for (const [open, close] of [
      ["'", "'"],
      ['"', '"'],
      ['`', '`'],
      ['{{', '}}'],
      ['[', ']'],
      ['', ''],
    ] as const)
      expect(boundedMessage(`cannot read ${open}${long}${close} is wrong`)).to.equal(
        `cannot read ${open}${cut}${close} is wrong`,
      );
  });

  it('should bound any message, and change no short one', () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 3000,
          unit: fc.constantFrom("'", '"', '`', 'a ', '{{', '}}', 'x'.repeat(90), '[', ']', '😀'),
        }),
        text => {
          expect(boundedMessage(text).length).to.be.at.most(601);
          if (text.length <= 200) expect(boundedMessage(text)).to.equal(text);
        },
      ),
    );
    expect(boundedMessage(`${long} `.repeat(2000)).length).to.be.at.most(601);
  });
});
