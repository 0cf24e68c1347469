import { itShouldAnswerAsGo } from './golden-rows.js';

describe('builtins-list of expressions', () => {
  itShouldAnswerAsGo('builtins-list');
});
