import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('builtins-time of expressions', () => {
  itShouldAnswerAsGo('builtins-time');
});
