import { expect } from 'chai';
import { SeenVersions } from '../../../lib/argo/observe/seen-versions.js';

describe('SeenVersions', () => {
  it('should compare numbers of any length', () => {
    const versions = new SeenVersions();
    expect(versions.has('1')).to.equal(false);
    versions.add('9007199254740993');
    expect(
      ['9', '9007199254740993', '9007199254740994', '10000000000000000'].map(text => versions.has(text)),
    ).to.deep.equal([true, true, false, false]);
  });

  it('should know the same text again, and nothing by an empty one', () => {
    const versions = new SeenVersions();
    versions.add('v2-a');
    versions.add('');
    expect(['v2-a', 'v2-b', '', '5', '9'.repeat(1_000_000)].map(text => versions.has(text))).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('should know the number that was added last, also when it is smaller than one before', () => {
    const versions = new SeenVersions();
    versions.add('12');
    versions.add('7');
    versions.add('v1');
    expect(['7', '12', 'v1'].map(text => versions.isLatest(text))).to.deep.equal([true, false, false]);
    expect(versions.has('8')).to.equal(false);
  });

  it('should forget the oldest texts', () => {
    const versions = new SeenVersions();
    for (let index = 0; index < 200; index++) versions.add(`v${index}`);
    expect([versions.has('v0'), versions.has('v199')]).to.deep.equal([false, true]);
  });

  it('should know in another process what it knew, and nothing once it forgot', () => {
    for (const added of [[], ['7'], ['9007199254740993'], ['7', 'v2-a', '12', '[x'], ['[x']]) {
      const versions = new SeenVersions();
      for (const version of added) versions.add(version);
      const again = new SeenVersions();
      again.add('99999999999999999999');
      again.restore(versions.save());
      for (const version of [
        '6',
        '7',
        '12',
        '13',
        '9007199254740993',
        '9007199254740994',
        'v2-a',
        '[x',
        'v3',
      ])
        expect(again.has(version), `${added.join()} has ${version}`).to.equal(versions.has(version));
      expect(again.save()).to.equal(versions.save());
      again.clear();
      expect(['1', 'v2-a', '[x'].map(version => again.has(version))).to.deep.equal([false, false, false]);
    }
  });
});
