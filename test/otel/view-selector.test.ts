import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  hasWildcard,
  matchesEverything,
  mayShareStream,
  selectorText,
} from '../../lib/otel/view-selector.js';

describe('hasWildcard', () => {
  it('is true where several instruments of a meter can match', () => {
    const views = [{ instrumentName: 'a' }, { instrumentName: 'a?' }, { meterName: 'm' }];
    expect(views.map(hasWildcard)).to.deep.equal([false, true, true]);
  });
});

describe('matchesEverything', () => {
  const table: [ViewOptions, boolean][] = [
    [{ instrumentName: '*' }, true],
    [{ instrumentName: '**' }, true],
    [{ instrumentName: '?*' }, true],
    [{}, true],
    [{ instrumentName: '*a' }, false],
    [{ instrumentName: '?' }, false],
    [{ instrumentName: '*', meterName: 'm' }, false],
    [{ meterName: 'm' }, false],
  ];
  for (const [view, expected] of table)
    it(`${JSON.stringify(view)} is ${expected}`, () => expect(matchesEverything(view)).to.equal(expected));
});

describe('selectorText', () => {
  it('is the same for the same instruments, whatever else the Views say', () => {
    const text = selectorText({ instrumentName: 'A', meterName: 'M', name: 'x' });
    expect(text).to.equal(selectorText({ meterName: 'M', instrumentName: 'a' }));
    expect(text).not.to.equal(selectorText({ meterName: 'm', instrumentName: 'a' }));
  });
});

describe('mayShareStream', () => {
  const table: [ViewOptions, ViewOptions, boolean][] = [
    [{ instrumentName: 'a' }, { instrumentName: 'A' }, true],
    [{ instrumentName: 'a' }, { instrumentName: 'b' }, false],
    [{ instrumentName: 'a*' }, { instrumentName: 'ab' }, true],
    [{ instrumentName: 'http.*' }, { instrumentName: 'db.calls' }, false],
    [{ instrumentName: 'a*' }, { instrumentName: '*b' }, true],
    [{ instrumentName: 'a*' }, { instrumentName: 'b*' }, true],
    [{ instrumentName: 'a', name: 'x' }, { instrumentName: 'a' }, false],
    [{ instrumentName: 'a', name: 'x' }, { instrumentName: '*' }, false],
    [{ instrumentName: 'a', name: 'x' }, { instrumentName: 'a', name: 'X' }, true],
    [{ instrumentName: 'a', meterName: 'm' }, { instrumentName: 'a', meterName: 'n' }, false],
    [{ instrumentName: 'a', meterName: 'm' }, { instrumentName: 'a' }, true],
    [{ meterName: 'm' }, { instrumentName: 'a' }, true],
  ];
  for (const [a, b, expected] of table)
    it(`${JSON.stringify(a)} and ${JSON.stringify(b)}: ${expected}`, () => {
      expect([mayShareStream(a, b), mayShareStream(b, a)]).to.deep.equal([expected, expected]);
    });
});
