import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('builtins-number of expressions', () => {
  itShouldAnswerAsGo('builtins-number');
});
