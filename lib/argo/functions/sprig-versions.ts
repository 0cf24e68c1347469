// Sprig's functions on semantic versions.
import { VERSION } from '../expression/nature.js';
import type { ExpressionFunction } from '../expression/value.js';
import { versionValue } from '../expression/version-value.js';
import { goFunction } from './go-function.js';
import { GoVersion } from './go-version.js';
import { VersionConstraint } from './version-constraint.js';

export const VERSION_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  semver: goFunction(['string'], text => versionValue(GoVersion.parse(text), VERSION)),
  semverCompare: goFunction(['string', 'string'], (constraint, version) =>
    VersionConstraint.parse(constraint).accepts(GoVersion.parse(version)),
  ),
};
