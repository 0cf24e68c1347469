// Goal: the table has no row that contradicts itself. Method: each row, by all who read it.
import { expect } from 'chai';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import { WATCH_GROUPS, WATCH_KEY_PATHS, watchKey } from '../../../lib/cli/config/watch-keys.js';

describe('the keys of watch', () => {
  it('have a default that is good, or say what happens without a value', () => {
    for (const path of WATCH_KEY_PATHS) {
      const { type, fallback, without } = watchKey(path);
      expect(fallback === undefined, path).to.equal(without !== undefined);
      if (fallback === undefined) continue;
      const report = new ConfigReport();
      const value = type.read(fallback, path, report);
      expect(report.complaints, path).to.deep.equal([]);
      expect(type.read(type.plain(value), path, report), path).to.deep.equal(value);
    }
  });

  it('stand in groups that are described, those of a group beside each other', () => {
    const groups = WATCH_KEY_PATHS.filter(path => path.includes('.')).map(path => path.split('.')[0] ?? '');
    expect([...new Set(groups)]).to.deep.equal(Object.keys(WATCH_GROUPS));
    const runs = groups.filter((group, index) => group !== groups[index - 1]);
    expect(runs).to.have.length(new Set(groups).size);
    for (const path of WATCH_KEY_PATHS) expect(path.split('.').length, path).to.be.within(1, 2);
    // A group cannot be a key too.
    expect(WATCH_KEY_PATHS.filter(path => path in WATCH_GROUPS)).to.deep.equal([]);
  });

  it('are described in sentences', () => {
    for (const path of WATCH_KEY_PATHS) expect(watchKey(path).description, path).to.match(/^[A-Z].*\.$/);
    for (const text of Object.values(WATCH_GROUPS)) expect(text).to.match(/^[A-Z].*\.$/);
  });

  it('have variables of their own, each for one key', () => {
    const names = WATCH_KEY_PATHS.flatMap(path => watchKey(path).variables.map(({ name }) => name));
    expect(new Set(names).size).to.equal(names.length);
    expect(names.filter(name => !/^OTEL_[A-Z_]+$/.test(name))).to.deep.equal([]);
    expect(WATCH_KEY_PATHS.filter(path => watchKey(path).variables.length === 0)).to.deep.equal(['views']);
  });

  it('say of namespaces what both forms are', () => {
    const { type } = watchKey('namespaces');
    const messageOf = (given: unknown): string | undefined => {
      const report = new ConfigReport();
      type.read(given, 'namespaces', report);
      return report.complaints[0]?.message;
    };
    expect(messageOf('argo')).to.equal('namespaces must be all, or a list of 1 to 50 names, got "argo"');
    expect(messageOf([])).to.equal('namespaces must be a list of 1 to 50 names, got an empty list');
    expect(messageOf(['a', 12])).to.match(/^namespaces\[1\] must be the name of a namespace: .*, got 12$/);
    expect(messageOf(['all']), 'a namespace of that name').to.equal(undefined);
  });

  it('have no place for what is not there yet', () => {
    const words = WATCH_KEY_PATHS.join(' ');
    expect(words).to.not.match(/elect|lease|share|token/i);
  });
});
