// Sprig's functions on semantic versions.
import { VERSION } from '../go/value/nature.js';
import type { ExpressionFunction } from '../go/value/value.js';
import { versionValue } from '../go/version/version-value.js';
import { goFunction } from '../go/value/go-function.js';
import { GoVersion } from '../go/version/go-version.js';
import { VersionConstraint } from './version-constraint.js';

export const VERSION_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  semver: goFunction(['string'], text => versionValue(GoVersion.parse(text), VERSION)),
  semverCompare: goFunction(['string', 'string'], (constraint, version) =>
    VersionConstraint.parse(constraint).accepts(GoVersion.parse(version)),
  ),
};
