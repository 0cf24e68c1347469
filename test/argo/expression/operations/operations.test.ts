import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('text of expressions', () => {
  itShouldAnswerAsGo('text');
});
