import { diag as foreign, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { diag, sayThrough } from '../../lib/guard/guarded-diag.js';
import { readSources } from '../support/source-tree.js';

const LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;

describe('diag', () => {
  afterEach(() => foreign.disable());

  it('should say what it is told at each level, to the logger that is set now', () => {
    const component = diag.createComponentLogger({ namespace: 'store' });
    const said: unknown[][] = [];
    const say = (...words: unknown[]): void => void said.push(words);
    foreign.setLogger(
      { error: say, warn: say, info: say, debug: say, verbose: say },
      { suppressOverrideMessage: true },
    );
    for (const level of ['error', 'warn', 'info'] as const) {
      diag[level](level, 1, 2);
      component[level](level, 3);
    }
    expect(said).to.deep.equal(
      ['error', 'warn', 'info'].flatMap(level => [
        [level, 1, 2],
        ['store', level, 3],
      ]),
    );
  });

  it('should say it from info on to a logger of our own', () => {
    const said: unknown[] = [];
    const say = (message: string): void => void said.push(message);
    sayThrough({ error: say, warn: say, info: say, debug: say, verbose: say });
    for (const level of LEVELS) diag[level](level);
    expect(said).to.deep.equal(['error', 'warn', 'info']);
  });

  it('should not throw when the logger does', () => {
    let calls = 0;
    let isDown = false;
    const fail = (): void => {
      if (!isDown) return;
      calls++;
      throw new Error('the disk is full');
    };
    foreign.setLogger(
      { error: fail, warn: fail, info: fail, debug: fail, verbose: fail },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
    isDown = true; // Not before: setting a logger is said to it.
    for (const level of LEVELS) {
      diag[level](level);
      diag.createComponentLogger({ namespace: 'store' })[level](level);
    }
    isDown = false;
    expect(calls).to.equal(2 * LEVELS.length);
  });

  it('should be what the whole library says things with', () => {
    const others = readSources('lib')
      .filter(
        ({ path, text }) => path !== 'lib/guard/guarded-diag.ts' && /\bdiag\b[^}]*} from '@opent/.test(text),
      )
      .map(({ path }) => path);
    expect(others).to.deep.equal([]);
  });
});
