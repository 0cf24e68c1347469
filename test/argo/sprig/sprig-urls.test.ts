import { expect } from 'chai';
import fc from 'fast-check';
import { EvaluationError } from '../../../lib/argo/go/evaluation-error.js';
import type { Value, ValueMap } from '../../../lib/argo/go/value/value.js';
import { LimitError, TEXT_LENGTH_MAX } from '../../../lib/argo/budget/evaluation-limits.js';
import { toText } from '../../../lib/argo/go/value/go-format.js';
import { URL_FUNCTIONS } from '../../../lib/argo/sprig/sprig-urls.js';
import { testGoldenRows } from '../go/golden-rows.js';

function call(name: string, argument: Value): Value {
  return URL_FUNCTIONS[name]?.(argument) ?? null;
}

function attempt(name: string, argument: Value): Value {
  try {
    return call(name, argument);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

describe("Sprig's URLs", () => {
  testGoldenRows('sprig-urls', new Map(Object.entries(URL_FUNCTIONS)));

  it('should read what they wrote as what it was', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '/', '%', ':', '😀'), maxLength: 6 });
    fc.assert(
      fc.property(part, part, part, (path, fragment, user) => {
        const members = new Map<string, Value>([
          ['scheme', 's3'],
          ['host', 'bucket:80'],
          ['path', `/${path}`],
          ['query', 'q=%20'],
          ['fragment', fragment],
          ['userinfo', encodeURIComponent(user)],
        ]);
        const parsed = call('urlParse', call('urlJoin', members)) as ValueMap;
        for (const [key, value] of members) expect(parsed.get(key), key).to.equal(value);
        expect(parsed.get('hostname')).to.equal('bucket');
      }),
    );
  });

  it('should write again what they read, as soon as it was written once', () => {
    const piece = fc.constantFrom(
      ...['a', '/', '//', ':', '?', '#', '@', '[', ']', '%20', '%', 'é', ' ', 'http:', '1', '::', '.', '*'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), pieces => {
        const parsed = attempt('urlParse', pieces.join(''));
        if (parsed === null) return;
        // Such a path, written without a host, is read as a host.
        if (toText((parsed as ValueMap).get('path') ?? '').startsWith('//')) return;
        const written = call('urlJoin', parsed);
        const again = attempt('urlParse', written);
        if (again === null) return;
        expect(call('urlJoin', again)).to.equal(written);
      }),
    );
  });

  it('should not make texts of more than they may', () => {
    const long = 'é'.repeat(TEXT_LENGTH_MAX / 4);
    expect(() => call('urlJoin', new Map([['path', long]]))).to.throw(LimitError, 'text of more than');
    const user = '!'.repeat(TEXT_LENGTH_MAX / 2);
    expect(() => call('urlParse', `http://${user}@h`)).to.throw(LimitError, 'text of more than');
  });
});
