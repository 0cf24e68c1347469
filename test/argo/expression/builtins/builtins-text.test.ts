import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('builtins-text of expressions', () => {
  itShouldAnswerAsGo('builtins-text');
});
