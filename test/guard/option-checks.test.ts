import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import {
  checkKeys,
  checkList,
  checkObject,
  checkOption,
  checkRecord,
  checkWhole,
  hasMethod,
  refuseOption,
  shown,
} from '../../lib/guard/option-checks.js';

describe('option checks', () => {
  const revoked = ((): object => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })();

  const shownAs: [unknown, string][] = [
    ['a"b', '"a\\"b"'],
    [5n, '5n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.create(null), 'something that cannot be shown'],
    [revoked, 'something that cannot be shown'],
    [[], '[]'],
    [[1, 2], '[1,2]'],
    [new Array(20_000_000), 'a list of 20000000'],
    [{ length: 1e6, __proto__: Array.prototype }, 'a list of 1000000'],
    [new Float64Array(1e6), 'a list of 1000000'],
    ['x'.repeat(198), `"${'x'.repeat(198)}"`],
    ['x'.repeat(199), `"${'x'.repeat(199)}…`],
    [new Array(200), `[${','.repeat(199)}…`],
    [new Array(201), 'a list of 201'],
    ['x'.repeat(8_000_000), `"${'x'.repeat(199)}…`],
  ];
  for (const [index, [value, text]] of shownAs.entries())
    it(`should show a wrong value without failing (${index})`, () => {
      expect(shown(value)).to.equal(text);
    });

  it('should say the name, the bound and the value', () => {
    expect(() => refuseOption('port', 'a port', 'x'))
      .to.throw('port must be a port, got "x" [INVALID_OPTION]')
      .with.property('code', 'INVALID_OPTION');
  });

  const good: (() => void)[] = [
    () => checkOption('o', undefined, 'string'),
    () => checkOption('o', '', 'string'),
    () => checkOption('o', false, 'boolean'),
    () => checkOption('o', shown, 'function'),
    () => checkObject('o', {}),
    () => checkList('o', []),
    () => checkList('o', [1], 'numbers', element => element === 1),
    () => checkKeys('o', { a: 1 }, { a: true, b: true }),
    () => checkWhole('o', 1, 1, 1),
  ];
  for (const check of good) it(`should accept: ${String(check)}`, () => check());

  const bad: [() => void, string][] = [
    [() => checkOption('o', null, 'string'), 'o must be a string, got null'],
    [() => checkOption('o', 1, 'boolean'), 'o must be a boolean, got 1'],
    [() => checkOption('o', {}, 'function'), 'o must be a function, got [object Object]'],
    [() => checkObject('o', null), 'o must be an object, got null'],
    [() => checkObject('o', [1]), 'o must be an object, got [1]'],
    [() => checkObject('o', 'x'), 'o must be an object, got "x"'],
    [() => checkList('o', {}), 'o must be an array, got [object Object]'],
    [() => checkList('o', [1, 2], 'ones', element => element === 1), 'o must be ones, got [1,2]'],
    [() => checkWhole('o', 0, 1, 9), 'o must be a whole number from 1 to 9, got 0'],
    [() => checkWhole('o', 10, 1, 9), 'got 10'],
    [() => checkWhole('o', 1.5, 1, 9), 'got 1.5'],
    [() => checkWhole('o', NaN, 1, 9), 'got NaN'],
    [() => checkWhole('o', 5n, 1, 9), 'got 5n'],
    [() => checkWhole('o', '5', 1, 9), 'got "5"'],
  ];
  for (const [check, message] of bad)
    it(`should refuse: ${message}`, () => {
      expect(check).to.throw(message).with.property('code', 'INVALID_OPTION');
    });

  /** A key, those that are known, and which of these is meant. */
  const slips: [wrong: string, known: string[], meant: string | undefined][] = [
    ['boundary', ['limits', 'boundaries'], 'boundaries'],
    ['intervals', ['other', 'intermediate'], 'intermediate'],
    ['intensity', ['intermediate'], undefined],
    ['limitation', ['maximum', 'limitOfAll'], 'limitOfAll'],
    ['inter', ['intermediate'], 'intermediate'],
    ['intel', ['intermediate'], 'intermediate'],
    ['inn', ['intermediate'], undefined],
    ['unit', ['measureUnits'], 'measureUnits'],
    ['uni', ['measureUnits'], undefined],
    ['exportUrl', ['url'], undefined],
    ['exporterPort', ['exporter', 'port'], 'port'],
    [`${'x'.repeat(60)}port`, ['port'], 'port'],
    [`${'x'.repeat(61)}port`, ['port'], undefined],
    ['portOfTheExporter', ['port', 'exporter'], 'exporter'],
    ['portOfTheHost', ['port'], 'port'],
    ['urlOfTheHost', ['url'], undefined],
    ['EXPORTERPORT', ['Port'], 'Port'],
  ];
  for (const [wrong, known, meant] of slips)
    it(`should say what ${wrong} may mean, where ${known.join(' and ')} are known`, () => {
      const keys = Object.fromEntries(known.map(key => [key, true as const]));
      const hint = meant === undefined ? '' : `did you mean "${meant}"? `;
      const message = `o must not have the key "${wrong}": ${hint}Known are ${known.join(', ')} [INVALID_OPTION]`;
      expect(() => checkKeys('o', { [wrong]: 1 }, keys))
        .to.throw()
        .with.property('message', message);
    });

  /** Nothing of what they say is a property of their own. */
  const strangers: object[] = [
    new Map([['pod', { drop: true }]]),
    new Set(['pod']),
    Promise.resolve({ pod: { drop: true } }),
    new Date(),
    /pod/,
    new Headers({ pod: 'x' }),
    new (class {
      get pod(): object {
        return { drop: true };
      }
    })(),
    Object.create({ pod: { drop: true } }) as object,
  ];
  for (const [index, stranger] of strangers.entries())
    it(`should not take for empty what says something in another way (${index})`, () => {
      for (const check of [() => checkRecord('o', stranger), () => checkKeys('o', stranger, { pod: true })])
        expect(check)
          .to.throw('o must be an object with properties of its own, got "[object ')
          .with.property('code', 'INVALID_OPTION');
    });

  it('should take objects of any sort that have properties, and plain ones without', () => {
    const elsewhere = runInNewContext('({})') as object;
    const instance = new (class {
      pod = 1;
    })();
    for (const value of [
      {},
      Object.create(null),
      { pod: 1 },
      instance,
      elsewhere,
      Object.assign(new Map(), { pod: 1 }),
    ])
      expect(() => checkRecord('o', value)).not.to.throw();
    for (const value of [undefined, null, [], 'x', revoked])
      expect(() => checkRecord('o', value))
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
  });

  it('should know a method when it sees one', () => {
    expect(hasMethod({ run: shown }, 'run')).to.equal(true);
    for (const value of [undefined, null, 'x', {}, { run: 1 }])
      expect(hasMethod(value, 'run')).to.equal(false);
  });
});
