import { expect } from 'chai';
import { parameterIn } from '../../../lib/argo/lint/declared-parameters.js';

describe('parameterIn', () => {
  it('should find the first of a name, and nothing where there is none', () => {
    const parameters = [
      null,
      7,
      { name: 'a', value: 1 },
      { name: 'b' },
      { name: 'a', value: 2 },
      { name: 3 },
    ];
    expect(parameterIn({ parameters }, 'a')).to.equal(parameters[2]);
    expect(parameterIn({ parameters }, 'b')).to.equal(parameters[3]);
    expect(parameterIn({ parameters }, 'c')).to.equal(undefined);
    expect(parameterIn({ parameters: { a: 1 } }, 'a')).to.equal(undefined);
    expect(parameterIn({}, 'a')).to.equal(undefined);
  });

  it('should keep lists apart', () => {
    expect(parameterIn({ parameters: [{ name: 'a', value: 1 }] }, 'a')).to.deep.equal({
      name: 'a',
      value: 1,
    });
    expect(parameterIn({ parameters: [{ name: 'a', value: 2 }] }, 'a')).to.deep.equal({
      name: 'a',
      value: 2,
    });
  });
});
