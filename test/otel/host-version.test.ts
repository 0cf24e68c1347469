import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { checkHostVersions } from '../../lib/otel/host-version.js';

function warningsWith(version: string | undefined): number {
  let warnings = 0;
  const ignore = (): void => undefined;
  diag.setLogger({ error: ignore, warn: () => warnings++, info: ignore, debug: ignore, verbose: ignore });
  try {
    checkHostVersions(name => (name === '@opentelemetry/sdk-metrics' ? version : '1.9.0'));
  } finally {
    diag.disable();
  }
  return warnings;
}

describe('checkHostVersions', () => {
  it('accepts the installed versions', () => {
    expect(() => checkHostVersions()).not.to.throw();
  });

  for (const version of ['2.0.0', '2.12.1', '3.1.1', '3.2.0-rc.1', undefined])
    it(`is silent for ${String(version)}`, () => expect(warningsWith(version)).to.equal(0));

  it('refuses a version below the range, and warns above it', () => {
    expect(() => warningsWith('1.30.1')).to.throw(/HOST_VERSION_UNSUPPORTED/);
    expect(warningsWith('4.0.0')).to.equal(1);
  });
});
