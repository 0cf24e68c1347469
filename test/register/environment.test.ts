import { expect } from 'chai';
import { Environment } from '../../lib/register/environment.js';

describe('Environment', () => {
  it('should take what is empty for what is not set', () => {
    const environment = new Environment({ A: '', B: ' \t', C: ' x ' });
    expect(['A', 'B', 'C', 'D'].map(name => environment.text(name))).to.deep.equal([
      undefined,
      undefined,
      'x',
      undefined,
    ]);
    expect(environment.firstText('A', 'D', 'C')).to.equal('x');
    expect(environment.firstText('A', 'D')).to.equal(undefined);
    expect([environment.flag('A'), environment.whole('B', 0, 1), environment.word('B', ['x'])]).to.deep.equal(
      [false, undefined, undefined],
    );
    expect(environment.warnings).to.deep.equal([]);
  });

  it('should read lists, flags, numbers and words, whatever their case', () => {
    const environment = new Environment({
      LIST: ' A,,b ,',
      NONE: ',',
      ON: 'TRUE',
      OFF: 'false',
      N: '07',
      WORD: 'Http/JSON',
    });
    expect([environment.list('LIST'), environment.list('NONE')]).to.deep.equal([['a', 'b'], undefined]);
    expect([environment.flag('ON'), environment.flag('OFF')]).to.deep.equal([true, false]);
    expect(environment.whole('N', 7, 7)).to.equal(7);
    expect(environment.word('WORD', ['grpc', 'http/json'])).to.equal('http/json');
    expect(environment.warnings).to.deep.equal([]);
  });

  it('should warn of what it cannot understand, with the value and the bound, and take it for what is not set', () => {
    for (const text of ['1e3', '-1', '1.5', '0x1', '8', 'Infinity', '٣']) {
      const environment = new Environment({ N: text });
      expect(environment.whole('N', 0, 7)).to.equal(undefined);
      expect(environment.warnings).to.deep.equal([
        `N must be a whole number from 0 to 7, got "${text}": the default is used`,
      ]);
    }
    const environment = new Environment({ FLAG: '1', WORD: 'x'.repeat(1000) });
    expect(environment.flag('FLAG')).to.equal(false);
    expect(environment.word('WORD', ['a', 'b'])).to.equal(undefined);
    expect(environment.warnings[0]).to.equal('FLAG must be true or false, got "1": false is used');
    expect(environment.warnings[1]).to.match(/^WORD must be one of a, b, got "x{199}…: the default is used$/);
  });
});
