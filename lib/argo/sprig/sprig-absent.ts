// Functions of Sprig that an expression of a metric must not have, and why: a metric is a function of its workflow.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction } from '../go/value/value.js';

const REASONS: Readonly<Record<string, string>> = {
  'is random, so that the same workflow would give other series each time':
    'randAlpha randAlphaNum randAscii randNumeric randBytes randInt shuffle uuidv4',
  'makes keys and secrets, which do not belong into metrics':
    'bcrypt htpasswd derivePassword genPrivateKey genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey ' +
    'genSignedCert genSignedCertWithKey buildCustomCert encryptAES decryptAES',
  'asks the network': 'getHostByName',
};

/** By name; calling one is an error that says why. */
export const ABSENT_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = Object.fromEntries(
  Object.entries(REASONS).flatMap(([reason, names]) =>
    names.split(' ').map(name => [
      name,
      (): never => {
        throw new EvaluationError(`sprig.${name} is not available: it ${reason}`);
      },
    ]),
  ),
);
